"""Where two texts differ, word by word."""

from __future__ import annotations

from dataclasses import dataclass

from sync.merge.alignment import hunks
from sync.merge.words import tokens


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text."""

    text: str
    differs: bool


def compared(mine: str, theirs: str) -> tuple[list[Piece], list[Piece]]:
    """Return both texts in pieces, those marked that the other does not have."""
    ours, others = tokens(mine), tokens(theirs)
    left, right = _Pieces(), _Pieces()
    here = there = 0
    for change in hunks(ours, others):
        same = ours[here : change.start]
        left.add(same, differs=False)
        right.add(same, differs=False)
        left.add(ours[change.start : change.end], differs=True)
        right.add(list(change.tokens), differs=True)
        here, there = change.end, there + len(same) + len(change.tokens)
    left.add(ours[here:], differs=False)
    right.add(others[there:], differs=False)
    return left.found, right.found


class _Pieces:
    def __init__(self) -> None:
        self.found: list[Piece] = []

    def add(self, words: list[str], *, differs: bool) -> None:
        text = "".join(words)
        if not text:
            return
        if differs and len(self.found) > 1 and self.found[-2].differs and self.found[-1].text.isspace():
            # Two words with a space between them read as one change.
            space = self.found.pop().text
            text = f"{self.found.pop().text}{space}{text}"
        self.found.append(Piece(text, differs))
