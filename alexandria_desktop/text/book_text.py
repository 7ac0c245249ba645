"""The canonical text of a whole book: its sections one after the other, with the way back to a section."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate

from alexandria_desktop.text.fold import fold


class BookText:
    """Section texts joined by a line feed; offsets in it are *book offsets*."""

    def __init__(self, sections: Sequence[str]) -> None:
        self.sections = tuple(sections)
        self.starts = tuple(accumulate((len(text) + 1 for text in self.sections), initial=0))[:-1]

    @cached_property
    def text(self) -> str:
        """The whole text."""
        return "\n".join(self.sections)

    @cached_property
    def folded(self) -> str:
        """The whole text folded for comparison; the same length."""
        return fold(self.text)

    def book_offset(self, section: int, offset: int) -> int:
        """Return the book offset of an offset in a section."""
        return self.starts[section] + offset

    def section_offset(self, offset: int) -> tuple[int, int]:
        """Return the section and the offset in it of a book offset."""
        section = max(0, bisect_right(self.starts, offset) - 1)
        return section, min(offset - self.starts[section], len(self.sections[section]))
