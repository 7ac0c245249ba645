"""Find the words of a note again: in the same file at once, in another edition by its quote and its surroundings.

The order is: the target, if its text still agrees with the quote; the alignment of the two editions, where the old one
is at hand (it alone can tell that a passage is gone); the quote with its context. What none of them can place is left
for the tray with its text: a note is never put on other words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import Indel, Levenshtein
from rapidfuzz.fuzz import partial_ratio_alignment

from alexandria_desktop.annotate.alignment import CHARACTER, Alignment
from alexandria_desktop.annotate.phrase import places_of, with_signs
from alexandria_desktop.text.book_text import BookText
from alexandria_desktop.text.fold import fold
from sync.places.locator import Quote

MAX_CANDIDATES = 400
_FEWEST_BARE = 40
"""Letters without context that are looked for though some of them changed: the fifth lamp is soon like the sixth."""
_NEAR = 24
"""Letters around a border in which the border of a word is looked for."""


class Method(StrEnum):
    """How a place was found."""

    TARGET = "target"
    ALIGNMENT = "alignment"
    QUOTE = "quote"
    FUZZY = "fuzzy"


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the words are, in book offsets, and how sure that is."""

    start: int
    end: int
    confidence: float
    method: Method


def agrees(text: BookText, start: int, end: int, quote: Quote) -> bool:
    """Whether the text between two book offsets is the quote (but for case, accents and signs)."""
    return text.folded[start:end] == fold(quote.exact)


def place_by_alignment(alignment: Alignment, new: BookText, start: int, end: int, quote: Quote) -> Placement | None:
    """Return where an aligned old stretch lies in the new text, or None where its words are gone.

    ``start`` and ``end`` are book offsets in the old text.
    """
    first, last = alignment.old.touching(start, end)
    if first >= last:
        return None
    images = [index for index in alignment.image[first:last] if index != -1]
    if not images:
        return _rewritten(alignment, new, first, last, quote)
    if max(images) - min(images) > 3 * (last - first) + 12:
        return None  # torn apart: its words now stand in different places
    low, high = min(images), max(images)
    found_start = _outer_start(alignment, first, low, start)
    found_end = _outer_end(alignment, last - 1, high, end)
    similarity = Indel.normalized_similarity(fold(quote.exact), new.folded[found_start:found_end])
    if similarity < 0.5:
        return None
    return Placement(found_start, found_end, similarity, Method.ALIGNMENT)


def _outer_start(alignment: Alignment, first: int, low: int, start: int) -> int:
    """Move the beginning out over changed words, and keep signs that stood before the first word."""
    old, new = alignment.old, alignment.new
    index = first
    while alignment.image[index] == -1:
        index += 1
    changed = index - first
    limit = alignment.image[first - 1] + 1 if first > 0 and alignment.image[first - 1] != -1 else low - changed
    begin = max(0, min(low, max(limit, low - changed))) if changed else low
    lead = max(0, old.starts[first] - start) if not changed else 0
    floor = new.ends[begin - 1] if begin > 0 else 0
    return max(floor, new.starts[begin] - lead) if start <= old.starts[first] else new.starts[begin]


def _outer_end(alignment: Alignment, last: int, high: int, end: int) -> int:
    old, new = alignment.old, alignment.new
    index = last
    while alignment.image[index] == -1:
        index -= 1
    changed = last - index
    follows = last + 1 < len(old.words) and alignment.image[last + 1] != -1
    limit = alignment.image[last + 1] - 1 if follows else high + changed
    finish = min(len(new.words) - 1, max(high, min(limit, high + changed))) if changed else high
    trail = max(0, end - old.ends[last]) if not changed else 0
    ceiling = new.starts[finish + 1] if finish + 1 < len(new.words) else new.ends[finish]
    return min(ceiling, new.ends[finish] + trail) if end >= old.ends[last] else new.ends[finish]


def _rewritten(alignment: Alignment, new: BookText, first: int, last: int, quote: Quote) -> Placement | None:
    """All words changed (a spelling, say): they stand between their neighbours, if something still stands there."""
    image = alignment.image
    before = image[first - 1] if first > 0 else -1
    after = image[last] if last < len(image) else len(alignment.new.words)
    if before == -1 or after == -1 or not 0 < after - before - 1 <= 3 * (last - first) + 3:
        return None
    start, end = alignment.new.starts[before + 1], alignment.new.ends[after - 1]
    similarity = Levenshtein.normalized_similarity(fold(quote.exact), new.folded[start:end])
    return Placement(start, end, similarity, Method.ALIGNMENT) if similarity >= 0.5 else None


def place_by_quote(quote: Quote, new: BookText, *, near: float | None = None) -> Placement | None:
    """Return the best place for a quote by its words and their context, or None where nothing is sure enough.

    ``near``: progression of the old place, 0 to 1, which decides between equals.
    """
    if not (quote.prefix or quote.suffix):
        return _place_bare(quote.exact, new, near)
    exact, prefix, suffix = fold(quote.exact), fold(quote.prefix), fold(quote.suffix)
    best: Placement | None = None
    best_rank = 0.0
    for start in _occurrences(new.folded, exact):
        end = start + len(exact)
        context = _context(new.folded, start, end, prefix, suffix)
        distance = abs(start / max(1, len(new.folded)) - near) if near is not None else 0.0
        rank = context - 0.02 * distance
        if best is None or rank > best_rank:
            best, best_rank = Placement(start, end, context, Method.QUOTE), rank
    if best is not None and best.confidence >= _needed_context(exact):
        return best
    return _fuzzy(exact, prefix, suffix, new.folded)


def place_alike(words: str, text: BookText) -> Placement | None:
    """Return the stretch that comes closest to words, to be named and not to be marked; None where none is close."""
    return _fuzzy(fold(words), "", "", text.folded)


def _place_bare(exact: str, new: BookText, near: float | None) -> Placement | None:
    """Place words that bring no context: where they stand once, or by far the nearest; never where others are alike."""
    places = places_of(exact, new)
    if len(places) > 1 and near is not None:
        places = nearest(places, near * len(new.folded))
    if len(places) == 1:
        return Placement(*places[0], 1.0, Method.QUOTE)
    folded = fold(exact)
    if places or len(folded) < _FEWEST_BARE:
        return None
    return _fuzzy(folded, "", "", new.folded, alike=0.9 if len(folded) < 60 else 0.7)


def nearest(places: list[tuple[int, int]], offset: float) -> list[tuple[int, int]]:
    """Return the one place that is nearer to an offset than half the way of any other, or all of them."""
    ranked = sorted(places, key=lambda place: abs(place[0] - offset))
    first, second = (abs(place[0] - offset) for place in ranked[:2])
    return ranked[:1] if 2 * first <= second else places


def _occurrences(text: str, exact: str) -> Iterator[int]:
    position = text.find(exact) if exact.strip() else -1
    for _ in range(MAX_CANDIDATES):
        if position == -1:
            return
        yield position
        position = text.find(exact, position + 1)


def _context(text: str, start: int, end: int, prefix: str, suffix: str) -> float:
    """How alike the surroundings are, 0 to 1; the better side counts for more, since an edit often touches one side."""
    sides = []
    if prefix:
        sides.append(Indel.normalized_similarity(prefix, text[max(0, start - len(prefix)) : start]))
    if suffix:
        sides.append(Indel.normalized_similarity(suffix, text[end : end + len(suffix)]))
    if not sides:
        return 1.0
    return 0.65 * max(sides) + 0.35 * min(sides)


def _needed_context(exact: str) -> float:
    """The shorter the words, the more their surroundings must speak for them."""
    return 0.88 if len(exact) < 20 else 0.62 if len(exact) < 60 else 0.45


def _fuzzy(exact: str, prefix: str, suffix: str, text: str, *, alike: float = 0.6) -> Placement | None:
    """Return the best place of words that changed, ``alike`` at least; ``prefix`` and ``suffix`` may be empty."""
    needle = prefix + exact + suffix
    needed = 0.85 if len(exact) < 20 else 0.75
    best: Placement | None = None
    for around in _seeds(needle, text):
        window_start = max(0, around - len(needle) // 2 - 40)
        window = text[window_start : window_start + 2 * len(needle) + 80]
        alignment = partial_ratio_alignment(needle, window, score_cutoff=70)
        if alignment is None:
            continue
        start, end = _project(needle, window, alignment.dest_start, alignment.dest_end, len(prefix), len(exact))
        start, end = _whole_words(window, start, end, exact)
        similarity = Indel.normalized_similarity(exact, window[start:end])
        context = _context(window, start, end, prefix, suffix)
        confidence = 0.5 * similarity + 0.5 * context
        if similarity >= alike and context >= needed and (best is None or confidence > best.confidence):
            best = Placement(window_start + start, window_start + end, confidence, Method.FUZZY)
    return best


def _seeds(needle: str, text: str) -> list[int]:
    """Return a few places where pieces of the needle occur, as the place where the needle would begin."""
    votes: dict[int, int] = {}
    size = 12
    last = max(0, len(needle) - size)
    for offset in sorted({*range(0, last + 1, 6), last}):
        piece = needle[offset : offset + size]
        for position in list(_occurrences(text, piece))[:20]:
            bucket = (position - offset) // 32
            votes[bucket] = votes.get(bucket, 0) + 1
    ranked = sorted(votes, key=lambda bucket: votes[bucket] + votes.get(bucket + 1, 0), reverse=True)[:6]
    return [bucket * 32 + 16 + len(needle) // 2 for bucket in ranked]


def _project(needle: str, window: str, low: int, high: int, prefix_length: int, exact_length: int) -> tuple[int, int]:
    """Carry the borders of the exact words through the edits between the needle and the stretch it matched."""
    low, high = max(0, low - 8), min(len(window), high + 8)
    blocks = Levenshtein.editops(needle, window[low:high]).as_matching_blocks()
    start = _carry(prefix_length, blocks, at_end=False)
    end = _carry(prefix_length + exact_length, blocks, at_end=True)
    return low + start, low + max(start, end)


def _whole_words(window: str, start: int, end: int, exact: str) -> tuple[int, int]:
    """Move each border to the nearby border of a word that agrees best, then out over signs that the quote has there.

    Edits are aligned letter by letter, so a letter that is missing may have found its like a word further on, and a
    full stop after a changed word its like nowhere.
    """
    letters = [place for place, sign in enumerate(exact) if sign.isalnum()]
    if not letters:
        return start, end
    before, inner, after = exact[: letters[0]], exact[letters[0] : letters[-1] + 1], exact[letters[-1] + 1 :]
    near = range(max(0, start - _NEAR), min(end, start + _NEAR))
    begins = [place for place in near if _begins_word(window, place)]
    start = max(begins, key=lambda place: _likeness(inner, window[place:end]), default=start)
    near = range(max(start + 1, end - _NEAR), min(len(window), end + _NEAR) + 1)
    ends = [place for place in near if _ends_word(window, place)]
    end = max(ends, key=lambda place: _likeness(inner, window[start:place]), default=end)
    return with_signs(window, start, end, before, after)


def _likeness(exact: str, found: str) -> float:
    return Levenshtein.normalized_similarity(exact, found)


def _begins_word(text: str, position: int) -> bool:
    return text[position].isalnum() and (position == 0 or _is_border(text, position))


def _ends_word(text: str, position: int) -> bool:
    return text[position - 1].isalnum() and (position == len(text) or _is_border(text, position))


def _is_border(text: str, position: int) -> bool:
    """Whether two words meet here, and not two letters of one."""
    sides = text[position - 1 : position + 1]
    return not (sides[0].isalnum() and sides[1].isalnum()) or CHARACTER.search(sides) is not None


def _carry(position: int, blocks: object, *, at_end: bool) -> int:
    previous_a = previous_b = 0
    for block in blocks:  # type: ignore[attr-defined]
        begins = block.a <= position - (1 if at_end else 0)
        if begins and position <= block.a + block.size - (0 if at_end else 1):
            return int(block.b + position - block.a)
        if block.a >= position:
            return int(previous_b if at_end else block.b)
        previous_a, previous_b = block.a + block.size, block.b + block.size
    return int(previous_b + max(0, position - previous_a))
