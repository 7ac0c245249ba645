"""Lists and gaps as a teacher types them: one thing a line, a pair as ``left = right``, a gap as ``{word|variant}``.

Ids are kept for lines that were there before, so that keys and merges still know them; new ones are drawn at random,
because an id must not tell the right order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from uuid import uuid4

from sync.assessing.questions.keys import GapKey, Variant
from sync.assessing.questions.model import Gap
from sync.assessing.rich_text import from_plain, to_plain

_WRITTEN = re.compile(r"\{([^{}]+)\}")
_GAP = re.compile(r"\[\[([^\[\]]+)\]\]")


def new_id() -> str:
    """Return an id that says nothing."""
    return uuid4().hex[:12]


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its id."""

    id: str
    text: str
    """Rich text."""


def one_line(text: str) -> str:
    """Return rich text as one line without markup."""
    return " ".join(to_plain(text).split())


def typed_number(text: str) -> Decimal | None:
    """Return a number as people write it, with a point or a comma; None for anything else."""
    try:
        found = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def to_lines(things: Iterable[tuple[str, str]]) -> str:
    """Return (id, rich text) as lines."""
    return "\n".join(one_line(text) for _, text in things)


def from_lines(typed: str, known: Sequence[tuple[str, str]] = ()) -> tuple[Line, ...]:
    """Return the lines that were typed; one that reads as before keeps its id and its markup."""
    words = [" ".join(line.split()) for line in typed.splitlines() if line.strip()]
    free = list(known)
    found: list[Line | None] = []
    for line in words:
        same = next((one for one in free if one_line(one[1]) == line), None)
        if same is not None:
            free.remove(same)
        found.append(Line(*same) if same is not None else None)
    is_changed_in_place = len(words) == len(known)
    by_place = [
        one if is_changed_in_place and one in free else None for one in (known if is_changed_in_place else words)
    ]
    return tuple(
        one or Line(place[0] if place is not None else new_id(), from_plain(line))
        for one, place, line in zip(found, by_place, words, strict=True)
    )


def parted(line: str, mark: str = "=") -> tuple[str, str]:
    """Return what stands before and after the first mark of a line."""
    left, _, right = line.partition(mark)
    return left.strip(), right.strip()


@dataclass(frozen=True, slots=True)
class Gapped:
    """A text with gaps: the prompt, its gaps, and what each accepts."""

    prompt: str
    gaps: tuple[Gap, ...] = ()
    keys: Mapping[str, GapKey] = field(default_factory=dict)


def to_gapped(typed: str, known: Gapped) -> Gapped:
    """Read ``Darwin sailed on the {Beagle|HMS Beagle}.``; other gaps stay as ``[[id]]``, the n-th keeps the n-th id."""
    written = [gap for gap in known.gaps if gap.kind == "text"]
    others = {gap.id: gap for gap in known.gaps if gap.kind != "text"}
    gaps: list[Gap] = []
    keys: dict[str, GapKey] = {}

    def replaced(match: re.Match[str]) -> str:
        number = len(keys)
        gap = written[number] if number < len(written) else Gap(id=new_id())
        before = known.keys.get(gap.id, GapKey())
        variants = tuple(Variant(text=text.strip()) for text in match.group(1).split("|") if text.strip())
        gaps.append(gap)
        keys[gap.id] = GapKey(
            variants=tuple(_kept(one, before.variants) for one in variants),
            is_case_strict=before.is_case_strict,
            is_accent_strict=before.is_accent_strict,
        )
        return f"[[{gap.id}]]"

    prompt = from_plain(_WRITTEN.sub(replaced, typed))
    kept = [gap_id for gap_id in _GAP.findall(prompt) if gap_id in others]
    return Gapped(
        prompt,
        (*gaps, *(others[one] for one in kept)),
        keys | {one: known.keys[one] for one in kept if one in known.keys},
    )


def from_gapped(gapped: Gapped) -> str:
    """Return a text with gaps as it is typed."""

    def replaced(match: re.Match[str]) -> str:
        key = gapped.keys.get(match.group(1))
        gap = next((one for one in gapped.gaps if one.id == match.group(1)), None)
        if gap is None or gap.kind != "text" or key is None:
            return match.group(0)
        return "{" + "|".join(one.text for one in key.variants) + "}"

    return _GAP.sub(replaced, to_plain(gapped.prompt))


def _kept(variant: Variant, known: Sequence[Variant]) -> Variant:
    return next((one for one in known if one.text == variant.text), variant)
