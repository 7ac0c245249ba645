"""The links of a page. Those that would start a program or a script are left out."""

from __future__ import annotations

import pymupdf

from alexandria_desktop.pdf.model import Link, Rect
from alexandria_desktop.pdf.opening import MUPDF_ERRORS

_SCHEMES = ("http://", "https://", "mailto:")


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
        link = _link(item, rect, document.page_count)
        if link:
            links.append(link)
    return tuple(links)


def _link(item: dict[str, object], rect: Rect, pages: int) -> Link | None:
    kind = item.get("kind")
    if kind == pymupdf.LINK_URI:
        uri = str(item.get("uri") or "").strip()
        return Link(rect, uri=uri) if uri.lower().startswith(_SCHEMES) else None
    page = item.get("page")
    if kind in (pymupdf.LINK_GOTO, pymupdf.LINK_NAMED) and isinstance(page, int) and 0 <= page < pages:
        top = getattr(item.get("to"), "y", None)
        return Link(rect, page=page, top=float(top) if isinstance(top, int | float) else None)
    return None
