"""The contents of an open book by place: which chapter a page is in, and how much of it is left."""

from __future__ import annotations

import posixpath
from bisect import bisect_right
from urllib.parse import unquote

from alexandria_desktop.book.model import TocEntry
from alexandria_desktop.read.open_book import OpenBook, Page


class Chapters:
    """Places of the contents; anchors inside a section count once its document has been parsed."""

    def __init__(self, book: OpenBook) -> None:
        self._book = book
        self.entries: tuple[TocEntry, ...] = book.book.toc or tuple(
            TocEntry(f"Part {section.index + 1}", section.href)
            for section in book.book.sections
            if section.linear and len(book.book.sections) > 1
        )
        self._sections = [self._section(entry) for entry in self.entries]
        self._labels = [
            (section, label)
            for label, href in book.book.page_list
            if (section := book.section_of_href(href)) is not None
        ]

    def _section(self, entry: TocEntry) -> int:
        found = self._book.section_of_href(entry.href) if entry.href else None
        return -1 if found is None else found

    def index_at(self, section: int, offset: int) -> int:
        """Return the line of the contents that a place belongs to, or -1."""
        best = -1
        for index, (entry, at) in enumerate(zip(self.entries, self._sections, strict=True)):
            if at == -1 or at > section:
                continue
            if at < section or self._offset(entry, section) <= offset:
                best = index
        return best

    def _offset(self, entry: TocEntry, section: int) -> int:
        fragment = entry.href.partition("#")[2]
        if not fragment:
            return 0
        return self._book.known_anchor(section, fragment) or 0

    def title(self, index: int) -> str:
        """Return the words of a line of the contents."""
        return self.entries[index].title if 0 <= index < len(self.entries) else ""

    def length(self, section: int, page: Page) -> int:
        """Return the length of a section in characters."""
        return self._book.length(section) or page.start + page.length

    def left_in_chapter(self, section: int, offset: int, length: int) -> int:
        """Return how many characters follow in the chapter."""
        index = self.index_at(section, offset)
        following = next((at for at in self._sections[index + 1 :] if at > section), None)
        last = section + 1 if following is None else following
        rest = sum(self._book.length(one) for one in range(section + 1, last)) if last > section + 1 else 0
        return max(0, length - offset) + rest

    def page_label(self, section: int, _offset: int) -> str:
        """Return the printed page, where the book has a list of them."""
        index = bisect_right([at for at, _ in self._labels], section) - 1
        return f"p. {self._labels[index][1]}" if index >= 0 else ""

    def resolve(self, base: str, href: str) -> str | None:
        """Return a link of a page as a path in the book with its fragment, or None where it leads out."""
        path, _, fragment = href.partition("#")
        full = base if not path else posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(path)))
        if self._book.section_of_href(full) is None:
            return None
        return f"{full}#{unquote(fragment)}" if fragment else full
