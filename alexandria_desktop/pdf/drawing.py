"""Draw pages and covers. Nothing in a file is run: no JavaScript, no actions; MuPDF only paints."""

from __future__ import annotations

import math

import pymupdf

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.pdf.model import PageColors, PageImage, Rect
from alexandria_desktop.pdf.opening import MUPDF_ERRORS

MAX_PIXELS = 40_000_000
"""120 MB of RGB; a larger request is drawn at a smaller zoom."""
COVER_SIZE = 600


def draw_page(
    document: pymupdf.Document,
    number: int,
    *,
    zoom: float = 1.0,
    rotation: int = 0,
    clip: Rect | None = None,
    colors: PageColors | None = None,
) -> PageImage:
    """Draw a page, or the part of it in ``clip`` (points of the page as shown, turned by ``rotation``)."""
    try:
        page = document.load_page(number)
        matrix = pymupdf.Matrix(zoom, zoom).prerotate(rotation)
        area = page.rect * pymupdf.Matrix(1, 1).prerotate(rotation)
        zoom = _bounded_zoom(zoom, clip or (0, 0, area.width, area.height))
        matrix = pymupdf.Matrix(zoom, zoom).prerotate(rotation)
        pixmap = page.get_pixmap(matrix=matrix, clip=_clip(page, clip, rotation), alpha=False, colorspace=pymupdf.csRGB)
    except MUPDF_ERRORS as error:
        raise ReaderError(Code.SECTION_UNREADABLE, "This page cannot be drawn.", detail=str(error)) from error
    if colors is not None:
        pixmap.tint_with(colors.ink, colors.paper)
    left, top = (0, 0) if clip is None else (round(clip[0] * zoom), round(clip[1] * zoom))
    # a copy: the view that PyMuPDF offers does not keep the pixels alive
    return PageImage(pixmap.width, pixmap.height, left, top, zoom, bytes(pixmap.samples))


def draw_cover(document: pymupdf.Document, *, size: int = COVER_SIZE) -> bytes:
    """Return the first page as JPEG, no side longer than ``size`` pixels."""
    try:
        page = document.load_page(0)
        longest = max(page.rect.width, page.rect.height, 1.0)
        zoom = size / longest
        pixmap = page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), alpha=False, colorspace=pymupdf.csRGB)
        return bytes(pixmap.tobytes("jpeg", jpg_quality=85))
    except MUPDF_ERRORS as error:
        raise ReaderError(Code.SECTION_UNREADABLE, "The first page cannot be drawn.", detail=str(error)) from error


def _bounded_zoom(zoom: float, area: Rect) -> float:
    pixels = (area[2] - area[0]) * (area[3] - area[1]) * zoom * zoom
    if not math.isfinite(pixels) or pixels <= 0:
        raise ValueError("an empty area")
    return zoom if pixels <= MAX_PIXELS else zoom * math.sqrt(MAX_PIXELS / pixels)


def _clip(page: pymupdf.Page, clip: Rect | None, rotation: int) -> pymupdf.Rect | None:
    """Return the clip in the page's own coordinates, as MuPDF wants it."""
    if clip is None:
        return None
    turn = pymupdf.Matrix(1, 1).prerotate(rotation)
    shown = page.rect * turn
    x0, y0, x1, y1 = clip
    moved = pymupdf.Rect(x0 + shown.x0, y0 + shown.y0, x1 + shown.x0, y1 + shown.y0)
    return moved * ~turn
