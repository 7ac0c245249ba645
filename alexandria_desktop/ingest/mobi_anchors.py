"""Places in a MOBI text are byte offsets: find the section of each, and put an anchor there."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

PREFIX = "place-"


@dataclass(frozen=True, slots=True)
class Stretch:
    """The bytes of one section and its name."""

    href: str
    start: int
    end: int


def href_of(stretches: Sequence[Stretch], position: int) -> str:
    """Return the link to a byte offset, or ``""`` where no section holds it."""
    index = bisect_right(stretches, position, key=lambda stretch: stretch.start) - 1
    if index < 0:
        return ""
    stretch = stretches[index]
    if not stretch.start <= position <= stretch.end:
        return ""
    return f"{stretch.href}#{PREFIX}{position}"


def with_anchors(text: bytes, stretch: Stretch, positions: Iterable[int]) -> bytes:
    """Return a section's bytes with an anchor at each of the offsets that lie in it (counted in the whole text)."""
    pieces: list[bytes] = []
    done = stretch.start
    for position in sorted(set(positions)):
        if not stretch.start <= position < stretch.end:
            continue
        at = max(done, _outside_tags(text, position, stretch))
        pieces += (text[done:at], b'<a id="%s%d"></a>' % (PREFIX.encode(), position))
        done = at
    pieces.append(text[done : stretch.end])
    return b"".join(pieces)


def _outside_tags(text: bytes, position: int, stretch: Stretch) -> int:
    """Move an offset that points into a tag behind it, and one inside a UTF-8 character before it."""
    opened = text.rfind(b"<", stretch.start, position)
    if opened > text.rfind(b">", stretch.start, position):
        closed = text.find(b">", position, stretch.end)
        return closed + 1 if closed >= 0 else stretch.end
    while position > stretch.start and position < len(text) and text[position] & 0xC0 == 0x80:
        position -= 1
    return position
