"""The sections of a FictionBook as XHTML pages: chapters in order, then its bodies of notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from lxml import etree

from alexandria_desktop.book.model import TocEntry
from alexandria_desktop.ingest.fb2_metadata import link_of
from alexandria_desktop.ingest.written import Part
from alexandria_desktop.ingest.xhtml import escaped, page
from alexandria_desktop.text.canonical import local_name
from alexandria_desktop.text.plain import clean_line

PICTURE_FOLDER = "images"
LONG_SECTION = 30_000
"""Characters from which on a section is cut at the sections inside it."""
MAX_LEVEL = 12
MAX_DEPTH = 150
"""Deeper elements give their words only."""

_NOTES = frozenset({"notes", "comments", "footnotes"})
_SAME = {
    "p": "p", "emphasis": "em", "strong": "strong", "strikethrough": "del", "sub": "sub", "sup": "sup", "code": "code",
    "style": "span", "table": "table", "tr": "tr", "td": "td", "th": "th", "date": "p",
}  # fmt: skip
_CLASSED = {"v": "p", "stanza": "div", "poem": "div", "epigraph": "blockquote", "text-author": "p",
            "annotation": "div", "cite": "blockquote"}  # fmt: skip
_SPANS = ("colspan", "rowspan")


@dataclass(frozen=True, slots=True)
class Plan:
    """The pages to write and the contents."""

    parts: tuple[Part, ...]
    toc: tuple[TocEntry, ...]


@dataclass(slots=True)
class _Page:
    """One page before it is written: the elements it holds, and how deep they lie."""

    href: str
    elements: list[etree._Element]
    level: int
    is_notes: bool = False

    @property
    def title(self) -> str:
        return next((title for element in self.elements if (title := _title(element))), "")


def plan_pages(root: etree._Element, language: str | None) -> Plan:
    """Decide what goes on which page; a page is written when it is asked for."""
    pages: list[_Page] = []
    # a damaged tag before the text may leave the bodies deeper in the tree than they belong
    for body in (element for element in root.iter() if local_name(element) == "body"):
        is_notes = (body.get("name") or "").lower() in _NOTES
        if is_notes:
            if len(body):
                pages.append(_Page(_notes_href(pages), list(body), 1, is_notes=True))
        else:
            pages += _pages_of(body, 0)
    pages.sort(key=lambda each: each.is_notes)
    for number, each in enumerate(each for each in pages if not each.is_notes):
        each.href = f"section-{number:04d}.xhtml"
    toc = tuple(_contents(pages))
    places = _places(pages)
    parts = tuple(
        Part(each.href, each.title, partial(_write, each, places, language), _length(each.elements)) for each in pages
    )
    return Plan(parts, toc)


def _notes_href(pages: list[_Page]) -> str:
    number = sum(page.is_notes for page in pages)
    return f"notes-{number + 1}.xhtml" if number else "notes.xhtml"


def _pages_of(parent: etree._Element, level: int) -> list[_Page]:
    """Cut a body or a long section into pages: what stands before its sections, then each of them."""
    pages: list[_Page] = []
    loose: list[etree._Element] = []
    for child in parent:
        if local_name(child) != "section":
            loose.append(child)
            continue
        if loose:
            pages.append(_Page("", loose, level))
            loose = []
        if level < 6 and _length([child]) > LONG_SECTION and any(local_name(inner) == "section" for inner in child):
            inside = _pages_of(child, level + 1)
            inside[0].elements.insert(0, _anchor(child))
            pages += inside
        else:
            pages.append(_Page("", [child], level + 1))
    if loose:
        pages.append(_Page("", loose, level))
    return [each for each in pages if each.elements]


def _anchor(section: etree._Element) -> etree._Element:
    """Return an empty element that carries the id of a section cut into several pages."""
    marker = etree.Element("anchor")
    if section.get("id"):
        marker.set("id", str(section.get("id")))
    return marker


def _length(elements: list[etree._Element]) -> int:
    return sum(len(text) for element in elements for text in element.itertext())


def _title(element: etree._Element) -> str:
    title = element if local_name(element) == "title" else None
    if title is None and local_name(element) == "section":
        title = next((child for child in element if local_name(child) == "title"), None)
    if title is None:
        return ""
    return clean_line(" ".join("".join(map(str, line.itertext())) for line in title))


def _contents(pages: list[_Page]) -> Iterator[TocEntry]:
    """List titled sections; each inside a page gets an id where it has none."""
    number = 0
    for each in pages:
        if each.is_notes:
            if each.title:
                yield TocEntry(each.title, each.href, 0)
            continue
        for element, level in _titled(each):
            if local_name(element) == "title":
                yield TocEntry(_title(element), each.href, max(0, level - 1))
                continue
            if not element.get("id"):
                element.set("id", f"section-{number}")
                number += 1
            yield TocEntry(_title(element), f"{each.href}#{element.get('id')}", min(MAX_LEVEL, max(0, level - 1)))


def _titled(each: _Page) -> Iterator[tuple[etree._Element, int]]:
    stack = [(element, each.level) for element in reversed(each.elements)]
    while stack:
        element, level = stack.pop()
        if _title(element):
            yield element, level
        if local_name(element) == "section" and level < MAX_LEVEL:
            stack += [(child, level + 1) for child in reversed(element) if local_name(child) == "section"]


def _places(pages: list[_Page]) -> dict[str, tuple[str, bool]]:
    """Return each id with the page it lies on, and whether that page holds notes."""
    places: dict[str, tuple[str, bool]] = {}
    for each in pages:
        for element in each.elements:
            for inner in element.iter():
                name = inner.get("id")
                if name:
                    places.setdefault(str(name), (each.href, each.is_notes))
    return places


def _write(each: _Page, places: dict[str, tuple[str, bool]], language: str | None) -> bytes:
    writer = _Writer(each, places)
    for element in each.elements:
        writer.add(element, each.level, 0)
    return page("".join(writer.pieces), title=each.title, language=language)


class _Writer:
    """Turns FictionBook elements into XHTML."""

    def __init__(self, each: _Page, places: dict[str, tuple[str, bool]]) -> None:
        self.pieces: list[str] = []
        self._page = each
        self._places = places

    def add(self, element: etree._Element, level: int, depth: int) -> None:
        """Write one element; ``level`` counts sections, ``depth`` all elements."""
        name = local_name(element)
        if not name:  # an entity that was never declared
            self.pieces.append(escaped(element.text or ""))
        elif depth > MAX_DEPTH:
            self.pieces.append(escaped("".join(map(str, element.itertext()))))
        elif name == "section":
            is_note = self._page.is_notes and element.get("id")
            tag = 'aside epub:type="footnote"' if is_note else "section"
            self._wrap(element, tag, level + 1, depth)
        elif name == "title":
            self._heading(element, min(6, max(1, level)), depth)
        elif name == "subtitle":
            self._wrap(element, f"h{min(6, max(1, level) + 1)}", level, depth)
        elif name == "empty-line":
            self.pieces.append('<hr class="empty"/>' if depth == 0 else "<p><br/></p>")
        elif name == "image":
            self._picture(element)
        elif name == "a":
            self._link(element, level, depth)
        elif name == "anchor":
            self.pieces.append(f"<div{self._id(element)}></div>")
        elif name in _CLASSED:
            self._wrap(element, f'{_CLASSED[name]} class="{name}"', level, depth)
        else:
            self._wrap(element, _SAME.get(name, "div"), level, depth)

    def _inside(self, element: etree._Element, level: int, depth: int) -> None:
        self.pieces.append(escaped(element.text or ""))
        for child in element:
            self.add(child, level, depth + 1)
            self.pieces.append(escaped(child.tail or ""))

    def _wrap(self, element: etree._Element, tag: str, level: int, depth: int) -> None:
        spans = "".join(f' {key}="{escaped(str(element.get(key)))}"' for key in _SPANS if element.get(key))
        self.pieces.append(f"<{tag}{self._id(element)}{spans}>")
        self._inside(element, level, depth)
        self.pieces.append(f"</{tag.split(' ', 1)[0]}>")

    def _heading(self, element: etree._Element, level: int, depth: int) -> None:
        """A title is one heading whose paragraphs are its lines."""
        lines = [child for child in element if local_name(child) not in ("empty-line", "")]
        if not lines:
            return
        self.pieces.append(f"<h{level}{self._id(element)}>")
        for number, line in enumerate(lines):
            if number:
                self.pieces.append("<br/>")
            if local_name(line) == "p":
                self._inside(line, level, depth + 1)
            else:
                self.add(line, level, depth + 1)
        self.pieces.append(f"</h{level}>")

    def _picture(self, element: etree._Element) -> None:
        name = link_of(element).lstrip("#")
        if not name:
            return
        alt = clean_line(str(element.get("alt") or element.get("title") or ""))
        self.pieces.append(
            f'<img{self._id(element)} src="{PICTURE_FOLDER}/{escaped(quote(name))}" alt="{escaped(alt)}"/>'
        )

    def _link(self, element: etree._Element, level: int, depth: int) -> None:
        target = link_of(element)
        kind = ""
        if target.startswith("#"):
            href, is_note = self._places.get(target[1:], ("", False))
            kind = ' epub:type="noteref"' if is_note and not self._page.is_notes else ""
            target = f"{href if href != self._page.href else ''}{target}" if href else ""
        if not target:
            self._wrap(element, "span", level, depth)
            return
        self._wrap(element, f'a href="{escaped(target)}"{kind}', level, depth)

    @staticmethod
    def _id(element: etree._Element) -> str:
        name = element.get("id")
        return f' id="{escaped(str(name))}"' if name else ""
