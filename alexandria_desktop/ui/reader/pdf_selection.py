"""Selecting words of PDF pages in reading order: from a point to a letter, from letters to rectangles."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from alexandria_desktop.pdf.model import PageWords, Rect, Word

_NARROW = frozenset("iljtfrI.,;:'!|()[]’‘“”-·")
_WIDE = frozenset("mwMW@—%")


class Unit(StrEnum):
    """What a selection grows by."""

    CHARACTER = "character"
    WORD = "word"
    LINE = "line"


@dataclass(frozen=True, slots=True, order=True)
class Caret:
    """A place between two letters."""

    page: int
    offset: int


@dataclass(frozen=True, slots=True)
class TextRange:
    """Selected words, from ``anchor``, where selecting began, to ``focus``, which moves.

    Each of them is a stretch: a word where words are selected, a line where lines are.
    """

    anchor: tuple[Caret, Caret]
    focus: tuple[Caret, Caret]
    unit: Unit = Unit.CHARACTER

    @property
    def start(self) -> Caret:
        """Where it begins."""
        return min(self.anchor[0], self.focus[0])

    @property
    def end(self) -> Caret:
        """Where it ends."""
        return max(self.anchor[1], self.focus[1])

    @property
    def is_empty(self) -> bool:
        """Whether nothing is selected."""
        return self.start == self.end

    @property
    def moving(self) -> Caret:
        """The end that the keyboard moves."""
        return self.focus[0] if self.focus[0] < self.anchor[0] else self.focus[1]

    def to(self, stretch: tuple[Caret, Caret]) -> TextRange:
        """Return the range with its moving end elsewhere."""
        return TextRange(self.anchor, stretch, self.unit)

    def part(self, page: int, length: int) -> tuple[int, int] | None:
        """Return the part on a page whose text has this length, or None."""
        if not self.start.page <= page <= self.end.page:
            return None
        first = self.start.offset if page == self.start.page else 0
        last = self.end.offset if page == self.end.page else length
        return (first, last) if first < last else None


def offset_at(words: PageWords, x: float, y: float) -> int:
    """Return the offset nearest to a point of the page."""
    nearest = min(words.words, key=lambda word: _distance(word.rect, x, y), default=None)
    if nearest is None:
        return 0
    edges = [(abs(_edge(nearest, offset) - x), offset) for offset in range(nearest.start, nearest.end + 1)]
    return min(edges)[1]


def word_at(words: PageWords, x: float, y: float, *, slack: float = 3.0) -> Word | None:
    """Return the word under a point, or None beside all words."""
    nearest = min(words.words, key=lambda word: _distance(word.rect, x, y), default=None)
    return nearest if nearest is not None and _distance(nearest.rect, x, y) <= slack else None


def stretch_at(words: PageWords, offset: int, unit: Unit) -> tuple[int, int]:
    """Return the word or line around an offset; for a character nothing but the offset."""
    if unit is Unit.CHARACTER or not words.words:
        return offset, offset
    word = next((word for word in words.words if word.end > offset), words.words[-1])
    if unit is Unit.WORD:
        return word.start, word.end
    line = [other for other in words.words if other.line == word.line]
    return line[0].start, line[-1].end


def step(words: PageWords, offset: int, direction: int, unit: Unit, x: float | None = None) -> int | None:
    """Return the offset one letter, word or line further; None where the page ends.

    ``x`` is where on its line the caret began, kept while it goes from line to line.
    """
    if unit is Unit.CHARACTER:
        return _next_letter(words.text, offset, direction)
    if unit is Unit.WORD:
        if direction > 0:
            return next((word.end for word in words.words if word.end > offset), None)
        return next((word.start for word in reversed(words.words) if word.start < offset), None)
    return _next_line(words, offset, direction, caret_x(words, offset) if x is None else x)


def caret_x(words: PageWords, offset: int) -> float:
    """Return how far across the page an offset stands."""
    word = _word_of(words.words, offset)
    return _edge(word, min(max(offset, word.start), word.end)) if word is not None else 0.0


def rects_of(words: PageWords, start: int, end: int) -> tuple[Rect, ...]:
    """Return the rectangles, one a line, of a range; where it cuts a word the place of the cut is estimated."""
    lines: dict[int, Rect] = {}
    first = bisect_right(words.words, start, key=lambda word: word.end)
    for word in islice(words.words, first, None):
        if word.start >= end:
            break
        rect = _part(word, max(start, word.start), min(end, word.end))
        known = lines.get(word.line)
        lines[word.line] = _union(known, rect) if known else rect
    return tuple(lines.values())


def joined(rects: Sequence[Rect]) -> list[Rect]:
    """Return rectangles with those of one line made one: wide spaces make the engine cut lines in pieces."""
    lines: list[Rect] = []
    for rect in rects:
        if lines and _are_one_line(lines[-1], rect):
            lines[-1] = _union(lines[-1], rect)
        else:
            lines.append(rect)
    return lines


def _are_one_line(one: Rect, other: Rect) -> bool:
    height = min(one[3] - one[1], other[3] - other[1])
    shared = min(one[3], other[3]) - max(one[1], other[1])
    gap = max(other[0] - one[2], one[0] - other[2])
    return shared > 0.7 * height and gap < 1.5 * height


def _word_of(words: Sequence[Word], offset: int) -> Word | None:
    return next((word for word in words if word.end >= offset), words[-1] if words else None)


def _next_letter(text: str, offset: int, direction: int) -> int | None:
    offset += direction
    while 0 < offset < len(text) and unicodedata.combining(text[offset]):
        offset += direction  # a mark belongs to the letter before it
    return offset if 0 <= offset <= len(text) else None


def _next_line(words: PageWords, offset: int, direction: int, x: float) -> int | None:
    word = _word_of(words.words, offset)
    if word is None:
        return None
    line = [other for other in words.words if other.line == word.line + direction]
    if not line:
        return None
    nearest = min(line, key=lambda other: max(other.rect[0] - x, x - other.rect[2], 0.0))
    return min(range(nearest.start, nearest.end + 1), key=lambda at: abs(_edge(nearest, at) - x))


def _distance(rect: Rect, x: float, y: float) -> float:
    """Return how far a point is from a word; up and down counts more, so that a click beside a line takes that line."""
    across = max(rect[0] - x, x - rect[2], 0.0)
    down = max(rect[1] - y, y - rect[3], 0.0)
    return across + 4 * down + abs((rect[1] + rect[3]) / 2 - y) * 1e-3


def _edge(word: Word, offset: int) -> float:
    """Return where across the page a letter of a word begins, by the usual widths of letters."""
    weights = [_weight(letter) for letter in word.text[: word.end - word.start]]
    share = sum(weights[: offset - word.start]) / (sum(weights) or 1.0)
    width = word.rect[2] - word.rect[0]
    return word.rect[2] - share * width if _runs_left(word.text) else word.rect[0] + share * width


def _part(word: Word, first: int, last: int) -> Rect:
    if first == word.start and last == word.end:
        return word.rect
    one, other = _edge(word, first), _edge(word, last)
    return (min(one, other), word.rect[1], max(one, other), word.rect[3])


def _weight(letter: str) -> float:
    if letter in _NARROW:
        return 0.5
    if letter in _WIDE or (letter.isupper() and letter.isascii()):
        return 1.45 if letter in _WIDE else 1.25
    return 0.0 if unicodedata.combining(letter) else 1.0


def _runs_left(text: str) -> bool:
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in ("L", "R", "AL"):
            return kind != "L"
    return False


def _union(one: Rect, other: Rect) -> Rect:
    return (min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3]))
