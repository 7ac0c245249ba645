"""A book opened for reading: its pages, files and places, with the few documents that were read last kept at hand.

All methods may be called from any thread; a lock keeps the container and the parsed trees to one at a time.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import OrderedDict
from dataclasses import dataclass
from itertools import accumulate

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.book.model import Book, BookSource, Resource
from alexandria_desktop.read.page_html import render_page
from alexandria_desktop.read.parts import Part, part_of, split_document
from alexandria_desktop.text.canonical import CanonicalText
from alexandria_desktop.text.document import Document, parse_document

KEPT_DOCUMENTS = 4


@dataclass(frozen=True, slots=True)
class Page:
    """A page ready to be served."""

    section: int
    part: int
    parts: int
    href: str
    html: bytes
    start: int
    """Canonical offset in the section of the page's own offset 0."""
    length: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the book something lies, for display."""

    section: int
    part: int
    offset: int
    """Canonical offset in the section."""


@dataclass(slots=True)
class _Parsed:
    document: Document
    text: CanonicalText
    parts: list[Part]
    anchors: dict[str, int] | None = None


class OpenBook:
    """An opened book of flowing text."""

    def __init__(self, source: BookSource, *, lengths: tuple[int, ...] = ()) -> None:
        """``lengths``: code points of each section where known from the index; file sizes stand in otherwise."""
        self._source = source
        self._lock = threading.RLock()
        self._is_closed = False
        self._parsed: OrderedDict[int, _Parsed] = OrderedDict()
        book = source.book
        self._lengths = lengths if len(lengths) == len(book.sections) else ()
        weights = lengths if len(lengths) == len(book.sections) else tuple(s.size for s in book.sections)
        self._weights = tuple(
            weight if section.linear else 0 for weight, section in zip(weights, book.sections, strict=True)
        )
        self._before = (0, *accumulate(self._weights))
        self._by_href = {section.href: section.index for section in reversed(book.sections)}

    @property
    def book(self) -> Book:
        """The description of the book."""
        return self._source.book

    def page(self, section: int, part: int, *, theme_css: str) -> Page:
        """Return a page with the theme's styles in it."""
        with self._lock:
            parsed = self._parse(section)
            index = max(0, min(part, len(parsed.parts) - 1))
            chosen = parsed.parts[index]
            html = render_page(parsed.document, chosen, theme_css=theme_css, language=self.book.metadata.language)
            return Page(
                section=section,
                part=index,
                parts=len(parsed.parts),
                href=self.book.sections[section].href,
                html=html,
                start=chosen.start,
                length=chosen.length,
            )

    def text(self, section: int) -> CanonicalText:
        """Return the canonical text of a section."""
        with self._lock:
            return self._parse(section).text

    def document(self, section: int) -> Document:
        """Return the parsed document of a section; not to be changed."""
        with self._lock:
            return self._parse(section).document

    def resource(self, href: str) -> Resource | None:
        """Return a file of the book."""
        with self._lock:
            return self._source.resource(href)

    def place(self, section: int, offset: int) -> Place:
        """Return the part that shows a canonical offset of a section."""
        with self._lock:
            return Place(section, part_of(self._parse(section).parts, offset), offset)

    def place_of_href(self, href: str) -> Place | None:
        """Return where a link of the contents or of a page leads, or None where it leads out of the book."""
        path, _, fragment = href.partition("#")
        section = self._by_href.get(path)
        if section is None:
            return None
        offset = self.anchor(section, fragment) if fragment else 0
        return self.place(section, offset or 0)

    def anchor(self, section: int, name: str) -> int | None:
        """Return the canonical offset of an ``id`` in a section."""
        with self._lock:
            parsed = self._parse(section)
            if parsed.anchors is None:
                parsed.anchors = parsed.text.anchors
            return parsed.anchors.get(name)

    def known_anchor(self, section: int, name: str) -> int | None:
        """Return the offset of an ``id`` if the section's document is at hand; never waits for parsing."""
        if not self._lock.acquire(blocking=False):
            return None
        try:
            parsed = self._parsed.get(section)
            if parsed is None:
                return None
            if parsed.anchors is None:
                parsed.anchors = parsed.text.anchors
            return parsed.anchors.get(name)
        finally:
            self._lock.release()

    def length(self, section: int) -> int:
        """Return the length of a section in characters, as the index knows it; 0 where it does not."""
        return self._lengths[section] if section < len(self._lengths) else 0

    def plain_text(self, section: int) -> str:
        """Return a section's canonical text without keeping its document; empty for one that cannot be read."""
        with self._lock:
            parsed = self._parsed.get(section)
            if parsed is not None:
                return parsed.text.text
            try:
                resource = self._source.section(section)
                return parse_document(resource.data, resource.media_type).text().text
            except ReaderError:
                return ""

    def section_of_href(self, href: str) -> int | None:
        """Return the index of the section with a path, or None."""
        return self._by_href.get(href.partition("#")[0])

    def progression(self, section: int, offset: int, length: int) -> float:
        """Return the part of the book that lies before an offset of a section, 0 to 1."""
        total = self._before[-1]
        if total == 0:
            return section / max(1, len(self._weights))
        inside = min(1.0, offset / length) if length else 0.0
        return min(1.0, (self._before[section] + self._weights[section] * inside) / total)

    def at_progression(self, progression: float) -> Place:
        """Return the place with that part of the book before it."""
        target = max(0.0, min(1.0, progression)) * self._before[-1]
        section = min(len(self._weights) - 1, bisect_right(self._before, target) - 1)
        while section > 0 and self._weights[section] == 0:
            section -= 1
        weight = self._weights[section]
        inside = (target - self._before[section]) / weight if weight else 0.0
        return self.place(section, int(min(1.0, inside) * max(0, len(self.text(section).text) - 1)))

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._is_closed = True
            self._parsed.clear()
            self._source.close()

    def _parse(self, section: int) -> _Parsed:
        parsed = self._parsed.get(section)
        if parsed is not None:
            self._parsed.move_to_end(section)
            return parsed
        if self._is_closed:
            raise ReaderError(Code.BOOK_CLOSED, "The book was closed meanwhile.")
        resource = self._source.section(section)
        document = parse_document(resource.data, resource.media_type)
        parsed = _Parsed(document, document.text(), split_document(document))
        self._parsed[section] = parsed
        while len(self._parsed) > KEPT_DOCUMENTS:
            self._parsed.popitem(last=False)
        return parsed
