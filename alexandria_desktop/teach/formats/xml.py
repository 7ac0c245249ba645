"""XML of other programs, read without document types, entities or a network, and XML that we write."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from alexandria_desktop.ingest.epub_package import parse_xml
from alexandria_desktop.teach.formats.opened import damaged
from alexandria_desktop.text.canonical import local_name
from sync.assessing.markup import without_illegal

Element = etree._Element
MAX_XML = 32 * 1024 * 1024
"""Bytes of one file of XML."""


def read_xml(data: bytes, what: str, *, most: int = MAX_XML) -> Element:
    """Return the root of an XML file; ``what`` names it in the sentence of the ReaderError(course.damaged)."""
    if len(data) > most:
        raise damaged(f"{what} is larger than {most // 1_048_576} MB and was not opened.")
    root = parse_xml(data)
    if root is None:
        raise damaged(f"{what} is damaged: it is no XML.")
    return root


def child(element: Element, name: str) -> Element | None:
    """Return the first child of that name, whatever its namespace."""
    return next(children(element, name), None)


def children(element: Element, *names: str) -> Iterator[Element]:
    """Give the children of those names, whatever their namespace; all of them where none is named."""
    return (one for one in element if isinstance(one.tag, str) and (not names or local_name(one) in names))


def below(element: Element, *names: str) -> Iterator[Element]:
    """Give all elements below of those names, in the order of the file."""
    return (
        one for one in element.iter() if isinstance(one.tag, str) and one is not element and local_name(one) in names
    )


def first(element: Element, name: str) -> Element | None:
    """Return the first element below of that name."""
    return next(below(element, name), None)


def words(element: Element | None) -> str:
    """Return all text in an element, or nothing."""
    return "" if element is None else "".join(str(part) for part in element.itertext())


def number_of(text: str | None) -> float | None:
    """Return the number that a text is, or None for one that is none, or beyond any score."""
    try:
        value = float((text or "").strip())
    except ValueError:
        return None
    return value if abs(value) < 1e9 else None


def path_words(element: Element, *names: str) -> str:
    """Return the text at the end of a path of child names, or nothing."""
    found: Element | None = element
    for name in names:
        found = child(found, name) if found is not None else None
    return words(found).strip()


def inner_markup(element: Element) -> str:
    """Return what is in an element as HTML without namespaces or prefixes."""
    return "".join(_markup(element, outer=False))


def markup(element: Element) -> str:
    """Return an element as HTML without namespaces or prefixes, and without what follows it."""
    return "".join(_markup(element, outer=True))


def _markup(element: Element, *, outer: bool) -> Iterator[str]:
    from html import escape

    name = local_name(element) if isinstance(element.tag, str) else ""
    if outer and name:
        yield f"<{name}"
        for key, value in element.attrib.items():
            yield f' {str(key).rpartition("}")[2]}="{escape(str(value))}"'
        yield ">"
    if name or not outer:
        yield escape(element.text or "", quote=False)
        for one in element:
            yield from _markup(one, outer=True)
            yield escape(one.tail or "", quote=False)
    if outer and name and name not in ("br", "img", "hr"):
        yield f"</{name}>"


def add(parent: Element, name: str, text: str | None = None, /, **attributes: str) -> Element:
    """Append a child in the parent's namespace, with text and attributes that XML can hold."""
    space = str(parent.tag).rpartition("}")[0]
    made = etree.SubElement(parent, f"{space}}}{name}" if space else name)
    for key, value in attributes.items():
        made.set(key.rstrip("_"), without_illegal(value))
    if text is not None:
        made.text = without_illegal(text)
    return made


def add_markup(parent: Element, html: str) -> None:
    """Append well-formed markup as elements in the parent's namespace."""
    space = str(parent.tag).rpartition("}")[0].lstrip("{")
    holder = etree.fromstring(f'<x xmlns="{space}">{html}</x>' if space else f"<x>{html}</x>")
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + (holder.text or "") or None
    else:
        parent.text = (parent.text or "") + (holder.text or "") or None
    parent.extend(list(holder))


def written(root: Element) -> bytes:
    """Return a whole XML file, lines indented where that cannot change a text."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
