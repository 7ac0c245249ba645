"""Pictures of covers at the size they are shown: a file's own, or one set in type. Runs off the Qt thread."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QImage,
    QImageReader,
    QPainter,
    QPainterPath,
    QPen,
    QTextOption,
    QTransform,
)

from alexandria_desktop.ui.appearance.fonts import MEDIUM, SEMIBOLD, page_font, window_font
from alexandria_desktop.ui.shelf.cover_colors import CoverColors, CoverLook, cover_colors, design_of
from alexandria_desktop.ui.shelf.lines import Lines, SetText

RADIUS = 4.0
_LEAST_FOR_TYPE = 56
"""Narrower covers, in pixels, carry no words."""
_UNIT = 144.0
"""The width at which the measures below are pixels."""
_CLEAR = Qt.GlobalColor.transparent

# PySide makes an enumeration when its name is first read, and two threads that do so at once end the program. Covers
# are drawn by several, so all that they are drawn with are read while this module is loaded.
_READ_EARLY = (
    Qt.AlignmentFlag, Qt.AspectRatioMode, Qt.BrushStyle, Qt.LayoutDirection, Qt.PenStyle, Qt.TextElideMode, Qt.TextFlag,
    QFont.HintingPreference, QFont.Weight, QImage.Format, QPainter.CompositionMode, QPainter.RenderHint,
    QTextOption.WrapMode,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """A cover to make; plain values, fit for any thread."""

    book: UUID
    title: str
    authors: str
    width: int
    height: int
    """The box in pixels of the window; a cover keeps its shape inside it."""
    ratio: float
    """Pixels of the screen to one of the window."""
    look: CoverLook

    @property
    def radius(self) -> float:
        """The radius of the corners."""
        return RADIUS if self.width >= _LEAST_FOR_TYPE else 2.0


def draw_cover(wanted: Wanted, file: Path | None) -> QImage:
    """Return a book's cover, made of type where it has no picture that can be read."""
    picture = _read(file, wanted) if file is not None else None
    return _finish(picture, wanted) if picture is not None else typographic(wanted)


def _read(file: Path, wanted: Wanted) -> QImage | None:
    reader = QImageReader(str(file))
    reader.setAutoTransform(True)
    full = reader.size()
    box = QSize(round(wanted.width * wanted.ratio), round(wanted.height * wanted.ratio))
    if full.isEmpty():
        return None
    reader.setScaledSize(full.scaled(box, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1)))
    reader.setQuality(75)
    image = reader.read()
    return None if image.isNull() else image


def _finish(picture: QImage, wanted: Wanted) -> QImage:
    """Round the corners, dim what the theme dims, and draw the hairline that holds a white cover together."""
    image = QImage(picture.size(), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(_CLEAR)
    image.setDevicePixelRatio(wanted.ratio)
    area = QRectF(0, 0, picture.width() / wanted.ratio, picture.height() / wanted.ratio)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    outline = _rounded(area, wanted.radius)
    brush = QBrush(picture)
    brush.setTransform(QTransform.fromScale(1 / wanted.ratio, 1 / wanted.ratio))
    painter.fillPath(outline, brush)
    if wanted.look.brightness < 1:
        painter.fillPath(outline, QColor(0, 0, 0, round(255 * (1 - wanted.look.brightness))))
    _hairline(painter, area, wanted)
    painter.end()
    return image


def typographic(wanted: Wanted) -> QImage:
    """Return a cover set in type: the title in the reading face, on a ground of the book's own colour."""
    size = QSize(round(wanted.width * wanted.ratio), round(wanted.height * wanted.ratio))
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(_CLEAR)
    image.setDevicePixelRatio(wanted.ratio)
    area = QRectF(0, 0, size.width() / wanted.ratio, size.height() / wanted.ratio)
    hue, composition = design_of(wanted.book)
    colors = cover_colors(hue, pale=composition in (1, 3), look=wanted.look)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipPath(_rounded(area, wanted.radius))
    painter.fillRect(area, QColor(colors.ground))
    painter.setClipping(False)
    if wanted.width >= _LEAST_FOR_TYPE:
        (_cloth, _framed, _banded, _cloth)[composition](painter, area, wanted, colors)
    return _masked(image, painter, area, wanted)


def _masked(image: QImage, painter: QPainter, area: QRectF, wanted: Wanted) -> QImage:
    """Cut the corners of what was drawn, and give it its hairline."""
    _hairline(painter, area, wanted)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
    mask = QPainterPath()
    mask.addRoundedRect(area, wanted.radius, wanted.radius)
    cut = QImage(image.size(), QImage.Format.Format_ARGB32_Premultiplied)
    cut.fill(_CLEAR)
    cut.setDevicePixelRatio(wanted.ratio)
    stencil = QPainter(cut)
    stencil.setRenderHint(QPainter.RenderHint.Antialiasing)
    stencil.fillPath(mask, QColor("black"))
    stencil.end()
    painter.drawImage(0, 0, cut)
    painter.end()
    return image


def _cloth(painter: QPainter, area: QRectF, wanted: Wanted, colors: CoverColors) -> None:
    """A spine to the left, the title from the top, a short rule, the author at the foot."""
    unit = area.width() / _UNIT
    spine = QRectF(area.left(), area.top(), 7 * unit, area.height())
    painter.fillRect(spine, QColor(colors.shade))
    inner = area.adjusted(18 * unit, 20 * unit, -12 * unit, -14 * unit)
    lines, text = _fit(wanted.title, inner.width(), inner.height() * 0.62, unit)
    painter.setPen(QColor(colors.ink))
    align = Qt.AlignmentFlag.AlignRight if text.right_to_left else Qt.AlignmentFlag.AlignLeft
    lines.draw(painter, inner, text, align=align)
    top = inner.top() + len(text.lines) * lines.height + 9 * unit
    left = inner.right() - 22 * unit if text.right_to_left else inner.left()
    painter.fillRect(QRectF(left, top, 22 * unit, max(1.0, 1.25 * unit)), QColor(colors.quiet))
    _author(painter, inner, wanted, colors, align=align)


def _framed(painter: QPainter, area: QRectF, wanted: Wanted, colors: CoverColors) -> None:
    """A thin frame, everything on the middle axis."""
    unit = area.width() / _UNIT
    painter.setPen(QPen(QColor(colors.quiet), max(1.0, unit)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(area.adjusted(7.5 * unit, 7.5 * unit, -7.5 * unit, -7.5 * unit))
    inner = area.adjusted(17 * unit, 26 * unit, -17 * unit, -20 * unit)
    lines, text = _fit(wanted.title, inner.width(), inner.height() * 0.62, unit)
    painter.setPen(QColor(colors.ink))
    lines.draw(painter, inner, text, align=Qt.AlignmentFlag.AlignHCenter)
    top = inner.top() + len(text.lines) * lines.height + 10 * unit
    width = 18 * unit
    rule = QRectF(area.center().x() - width / 2, top, width, max(1.0, 1.25 * unit))
    painter.fillRect(rule, QColor(colors.quiet))
    _author(painter, inner, wanted, colors, align=Qt.AlignmentFlag.AlignHCenter)


def _banded(painter: QPainter, area: QRectF, wanted: Wanted, colors: CoverColors) -> None:
    """The title above, the author on a darker band below."""
    unit = area.width() / _UNIT
    band = QRectF(area.left(), area.bottom() - 52 * unit, area.width(), 52 * unit)
    painter.fillRect(band, QColor(colors.shade))
    inner = area.adjusted(14 * unit, 18 * unit, -14 * unit, -66 * unit)
    lines, text = _fit(wanted.title, inner.width(), inner.height(), unit)
    painter.setPen(QColor(colors.ink))
    align = Qt.AlignmentFlag.AlignRight if text.right_to_left else Qt.AlignmentFlag.AlignLeft
    lines.draw(painter, inner, text, align=align)
    foot = area.adjusted(14 * unit, 0, -14 * unit, -14 * unit)
    _author(painter, foot, wanted, colors, align=align)


def _fit(title: str, width: float, height: float, unit: float) -> tuple[Lines, SetText]:
    """Return the title in the largest type that neither breaks a word nor overflows; else in the smallest."""
    smallest: tuple[Lines, SetText] | None = None
    for size in (21, 18, 16, 14, 12.5, 11):
        pixels = max(7, round(size * unit))
        line = round(pixels * 1.24)
        lines = Lines(_page(pixels), most=max(1, int(height // line)), height=line)
        text = lines.set(title, int(width))
        smallest = (lines, text)
        if not text.was_cut and len(text.lines) <= (4 if size > 18 else 8):
            return smallest
    assert smallest is not None
    return smallest


def _author(painter: QPainter, area: QRectF, wanted: Wanted, colors: CoverColors, *, align: Qt.AlignmentFlag) -> None:
    if not wanted.authors:
        return
    unit = wanted.width / _UNIT
    pixels = max(7, round(11 * unit))
    lines = Lines(window_font(pixels, MEDIUM), most=2, height=round(pixels * 1.3))
    text = lines.set(wanted.authors, int(area.width()))
    painter.setPen(QColor(colors.ink))
    if text.right_to_left and align is Qt.AlignmentFlag.AlignLeft:
        align = Qt.AlignmentFlag.AlignRight
    top = area.bottom() - len(text.lines) * lines.height
    lines.draw(painter, QRectF(area.left(), top, area.width(), area.height()), text, align=align)


def _page(pixels: int) -> QFont:
    return page_font(pixels, SEMIBOLD)


def _hairline(painter: QPainter, area: QRectF, wanted: Wanted) -> None:
    color = QColor(255, 255, 255, 26) if wanted.look.dark else QColor(0, 0, 0, 30)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(color, 1))
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), wanted.radius - 0.5, wanted.radius - 0.5)


def _rounded(area: QRectF, radius: float) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(area, radius, radius)
    return path
