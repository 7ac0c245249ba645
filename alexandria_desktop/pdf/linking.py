"""The links of a page. Those that would start a program or a script are left out."""

from __future__ import annotations

import pymupdf

from alexandria_desktop.pdf.model import Link, Rect
from alexandria_desktop.pdf.opening import MUPDF_ERRORS

_SCHEMES = ("http://", "https://", "mailto:")
FARTHEST = 1e6
"""Points; what lies farther down a page is not meant."""


def page_links(document: pymupdf.Document, number: int) -> tuple[Link, ...]:
    """Return the links of a page that lead to a page of the file or to an address on the web."""
    try:
        page = document.load_page(number)
        raw = page.get_links()
        derotate = page.derotation_matrix
    except MUPDF_ERRORS:
        return ()
    links: list[Link] = []
    for item in raw:
        x0, y0, x1, y1 = pymupdf.Rect(item["from"]) * derotate
        rect: Rect = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        link = _link(item, rect, document)
        if link:
            links.append(link)
    return tuple(links)


def top_of(document: pymupdf.Document, page: int, target: dict[str, object]) -> float | None:
    """Return how far down a page a link or line of the contents leads, in points as shown; None where it is not said.

    The engine gives the places of named destinations as they stand in the file: counted from the bottom, unturned.
    """
    to = target.get("to")
    if not isinstance(to, pymupdf.Point) or abs(to.y) > FARTHEST:
        return None
    if target.get("kind") == pymupdf.LINK_NAMED:
        try:
            shown = document.load_page(page)
            to = to * shown.transformation_matrix * shown.rotation_matrix
        except MUPDF_ERRORS:
            return None
    return float(to.y)


def _link(item: dict[str, object], rect: Rect, document: pymupdf.Document) -> Link | None:
    kind = item.get("kind")
    if kind == pymupdf.LINK_URI:
        uri = str(item.get("uri") or "").strip()
        return Link(rect, uri=uri) if uri.lower().startswith(_SCHEMES) else None
    page = item.get("page")
    if kind in (pymupdf.LINK_GOTO, pymupdf.LINK_NAMED) and isinstance(page, int) and 0 <= page < document.page_count:
        return Link(rect, page=page, top=top_of(document, page, item))
    return None
