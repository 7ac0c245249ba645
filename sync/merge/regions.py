"""Where two sides changed the same text: the places they changed, put side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sync.merge.alignment import Hunk


@dataclass(slots=True)
class Region:
    """Changes of one side, or of both where they overlap."""

    mine: list[Hunk] = field(default_factory=list)
    theirs: list[Hunk] = field(default_factory=list)

    @property
    def start(self) -> int:
        """The first token of the base that is changed."""
        return min(hunk.start for hunk in (*self.mine, *self.theirs))

    @property
    def end(self) -> int:
        """Past the last token of the base that is changed."""
        return max(hunk.end for hunk in (*self.mine, *self.theirs))

    def of(self, base: Sequence[str], hunks: Iterable[Hunk]) -> list[str]:
        """Return the region with one side's changes."""
        found, done = [], self.start
        for hunk in hunks:
            found += [*base[done : hunk.start], *hunk.tokens]
            done = hunk.end
        return [*found, *base[done : self.end]]

    def of_both(self, base: Sequence[str]) -> list[str]:
        """Return the region without what either side deleted, and with what they wrote where they wrote it."""
        hunks = (*self.mine, *self.theirs)
        gone = {place for hunk in hunks for place in range(hunk.start, hunk.end)}
        at: dict[int, list[str]] = {}
        for hunk in hunks:
            at.setdefault(hunk.start, []).extend(hunk.tokens)
        found = []
        for place in range(self.start, self.end + 1):
            found += at.get(place, [])
            if place < self.end and place not in gone:
                found.append(base[place])
        return found


def regions(mine: Sequence[Hunk], theirs: Sequence[Hunk]) -> Iterator[Region]:
    """Yield where the base was changed, in order."""
    region = Region()
    for hunk, is_mine in sorted([*((h, True) for h in mine), *((h, False) for h in theirs)], key=_place):
        others = region.theirs if is_mine else region.mine
        if (region.mine or region.theirs) and not (others and _overlap(others[-1], hunk)):
            yield region
            region = Region()
        (region.mine if is_mine else region.theirs).append(hunk)
    if region.mine or region.theirs:
        yield region


def _place(entry: tuple[Hunk, bool]) -> tuple[int, int]:
    return entry[0].start, entry[0].end


def _overlap(one: Hunk, other: Hunk) -> bool:
    """Whether two changes are of the same words; one beside the other is none."""
    if one.start == one.end and other.start == other.end:
        return one.start == other.start
    return one.start < other.end and other.start < one.end
