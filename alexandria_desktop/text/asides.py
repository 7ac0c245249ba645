"""What in a document is not its author's running text: quotations, notes, tables, headings, front and back matter.

By elements, and by what EPUB files say of their parts (``epub:type``, or the roles of the Digital Publishing WAI-ARIA
module, which have the same names).
"""

from __future__ import annotations

from lxml import etree

from alexandria_desktop.text.canonical import CanonicalText, local_name
from alexandria_desktop.text.document import EPUB_TYPE

_ELEMENTS = frozenset(
    {
        "aside", "blockquote", "caption", "dl", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6",
        "header", "hgroup", "math", "nav", "pre", "svg", "sup", "table",
    }
)  # fmt: skip
_TYPES = frozenset(
    {
        "acknowledgments", "appendix", "bibliography", "colophon", "contributors", "copyright-page", "cover",
        "dedication", "endnote", "endnotes", "epigraph", "errata", "footnote", "footnotes", "glossary",
        "halftitlepage", "imprint", "index", "landmarks", "loa", "loi", "lot", "lov", "noteref", "page-list",
        "pagebreak", "rearnote", "rearnotes", "seriespage", "titlepage", "toc", "z3998:verse", "z3998:poem",
        "z3998:letter", "z3998:drama", "se:image",
    }
)  # fmt: skip


def asides(text: CanonicalText) -> tuple[tuple[int, int], ...]:
    """Return the stretches of a canonical text that are no running text, in order, none touching the next."""
    known: dict[etree._Element, bool] = {}
    return text.stretches(lambda element: _is_aside(element, known))


def _is_aside(element: etree._Element, known: dict[etree._Element, bool]) -> bool:
    found = known.get(element)
    if found is None:
        parent = element.getparent()
        found = _is_marked(element) or (parent is not None and _is_aside(parent, known))
        known[element] = found
    return found


def _is_marked(element: etree._Element) -> bool:
    if local_name(element) in _ELEMENTS:
        return True
    told = f"{element.get(EPUB_TYPE) or element.get('epub:type') or ''} {element.get('role') or ''}".lower()
    return any(one.removeprefix("doc-") in _TYPES for one in told.split())
