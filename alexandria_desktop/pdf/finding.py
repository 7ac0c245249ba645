"""Find words in the text of pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from alexandria_desktop.pdf.folding import FOLDING, HYPHENS, fold
from alexandria_desktop.pdf.model import SearchHit

CONTEXT = 40
"""Characters shown on each side of a hit."""


def _folded_offsets(text: str) -> list[int]:
    """Return, for each character of the folded text, the offset of the character it came from, and the end."""
    offsets: list[int] = []
    after_hyphen = False
    for offset, character in enumerate(text):
        if not (after_hyphen and character == " "):
            offsets += [offset] * len(FOLDING[ord(character)])
        after_hyphen = character in HYPHENS
    offsets.append(len(text))
    return offsets


class FoldedPages:
    """The text of a document's pages, read once and kept for the next search."""

    def __init__(self, read: Callable[[int], str]) -> None:
        self._read = read
        self._pages: dict[int, tuple[str, str]] = {}

    def page(self, number: int) -> tuple[str, str]:
        """Return a page's text and the same folded."""
        known = self._pages.get(number)
        if known is None:
            text = self._read(number)
            known = self._pages[number] = (text, fold(text))
        return known

    def hits(self, number: int, needle: str) -> Iterator[SearchHit]:
        """Yield where a folded needle stands on a page."""
        text, folded = self.page(number)
        at = folded.find(needle)
        if at < 0:
            return
        offsets = _folded_offsets(text)
        while at >= 0:
            start, end = offsets[at], offsets[at + len(needle) - 1] + 1
            while end < len(text) and not FOLDING[ord(text[end])] and text[end] not in HYPHENS:
                end += 1  # combining marks belong to the letter before them
            yield SearchHit(
                number, start, end, text[max(0, start - CONTEXT) : start], text[start:end], text[end : end + CONTEXT]
            )
            at = folded.find(needle, at + len(needle))
