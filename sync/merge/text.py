"""What people wrote, merged word by word against the text both started from."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, Final

from sync.merge.alignment import hunks
from sync.merge.clocks import reading_of, readings
from sync.merge.model import ABSENT, Conflict, Outcome, Sides
from sync.merge.order import is_present, same
from sync.merge.regions import Region, regions
from sync.merge.scalars import by_clock
from sync.merge.versions import block, versions_of
from sync.merge.words import apart, is_line_end, tokens

_SEEN: Final = "seen"
_REMEMBERED = 16


def by_words(sides: Sides) -> Outcome:
    """Both sides' words; where they changed the same words, both versions.

    A text that was merged remembers the changes in it, so that one that arrives again is known.
    """
    texts = [_plain(side) for side in (sides.base, sides.mine, sides.theirs)]
    base, mine, theirs = texts
    if base is None or mine is None or theirs is None:
        return by_clock(sides)
    me = _digest(base, mine)
    seen = _seen(sides.stored)
    known = seen.get(me, -1) >= sides.clock
    plain = same(sides.mine, sides.theirs) or same(sides.theirs, sides.base) or sides.theirs is ABSENT
    if not plain and not seen:
        # The text that is there became so by one change on the same base.
        seen = {_digest(base, theirs): reading_of(sides.stored)}
    if seen:
        seen[me] = max(seen.get(me, 0), sides.clock)
    clock = _entry(seen, max(reading_of(sides.stored), sides.clock))
    if known and not same(sides.theirs, sides.base):
        return Outcome(sides.theirs, clock)
    if plain:
        return Outcome(sides.mine, clock)
    merged, clashed = merge_texts(base, mine, theirs)
    there = is_present(*(isinstance(side, str) for side in (sides.base, sides.mine, sides.theirs)))
    kept = merged if merged or there else None
    conflict = Conflict(sides.column, sides.mine, sides.theirs, kept, both_kept=True)
    return Outcome(kept, clock, (conflict,) if clashed else ())


def merge_texts(base: str, mine: str, theirs: str) -> tuple[str, bool]:
    """Return the text with both sides' changes, and whether they clashed somewhere; the sides may change places."""
    before = tokens(base)
    found: list[str] = []
    done, clashed = 0, False
    for region in regions(hunks(before, tokens(mine)), hunks(before, tokens(theirs))):
        words, clash = _settled(region, before)
        found += [*before[done : region.start], *words]
        done, clashed = region.end, clashed or clash
    return "".join(apart([*found, *before[done:]])), clashed


def _settled(region: Region, base: list[str]) -> tuple[list[str], bool]:
    mine, theirs = region.of(base, region.mine), region.of(base, region.theirs)
    if not region.theirs or mine == theirs:
        return mine, False
    if not region.mine:
        return theirs, False
    deletes = [all(hunk.deletes_only for hunk in side) for side in (region.mine, region.theirs)]
    if all(deletes):
        return region.of_both(base), False
    if any(deletes):
        deleted, edited = (region.mine, region.theirs) if deletes[0] else (region.theirs, region.mine)
        if any(gone.start <= edit.start and edit.end <= gone.end for gone in deleted for edit in edited):
            # Who rewrites what another deletes wants it to stay, and with what it stands in.
            return theirs if deletes[0] else mine, True
        return region.of_both(base), False
    if region.start == region.end and _are_lines(mine, theirs, base, region.start):
        return _lines(mine, theirs), False
    return _both(mine, theirs)


def _both(mine: list[str], theirs: list[str]) -> tuple[list[str], bool]:
    """Return both versions in a block, what is equal at their ends outside of it."""
    start = 0
    while start < min(len(mine), len(theirs)) and mine[start] == theirs[start]:
        start += 1
    end = 0
    while end < min(len(mine), len(theirs)) - start and mine[-1 - end] == theirs[-1 - end]:
        end += 1
    one, other = ("".join(side[start : len(side) - end]) for side in (mine, theirs))
    if not one or not other:
        middle, clash = one or other, False
    elif not one.strip() or not other.strip():
        # White space is no version anybody would choose from.
        spaces = [side for side in (one, other) if not side.strip()]
        middle, clash = (max(spaces) if len(spaces) == 2 else spaces[0] + (one if other.isspace() else other)), False
    else:
        known, new = versions_of(one), versions_of(other)
        middle, clash = block(known | new), not (known <= new or new <= known)
    return [*mine[:start], *([middle] if middle else []), *mine[len(mine) - end :]], clash


def _are_lines(mine: list[str], theirs: list[str], base: list[str], place: int) -> bool:
    """Whether both sides put whole lines at a place."""
    if all(is_line_end(side[0]) for side in (mine, theirs)):
        return place == len(base) or is_line_end(base[place])
    if all(is_line_end(side[-1]) for side in (mine, theirs)):
        return place == 0 or is_line_end(base[place - 1])
    return False


def _lines(mine: list[str], theirs: list[str]) -> list[str]:
    """Return both sides' lines one after the other, or the longer if it has the other in it."""
    shorter, longer = sorted((mine, theirs), key=len)
    size = len(shorter)
    if any(longer[place : place + size] == shorter for place in range(len(longer) - size + 1)):
        return longer
    first, second = sorted((mine, theirs))
    return [*first, *second]


def _plain(value: Any) -> str | None:
    if value is ABSENT or value is None:
        return ""
    return value if isinstance(value, str) else None


def _digest(base: str, text: str) -> str:
    """Name a change by what it made of what."""
    return blake2b(f"{len(base)} {base}{text}".encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _seen(stored: Any) -> dict[str, int]:
    seen = stored.get(_SEEN) if isinstance(stored, Mapping) else None
    return readings(seen) if isinstance(seen, Mapping) else {}


def _entry(seen: Mapping[str, int], clock: int) -> Any:
    """Return the column's entry in the field clocks, with its latest changes only."""
    if not seen:
        return clock
    latest = sorted(seen.items(), key=lambda entry: (entry[1], entry[0]), reverse=True)[:_REMEMBERED]
    return {"": clock, _SEEN: dict(sorted(latest))}
