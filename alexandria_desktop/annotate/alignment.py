"""Align two editions of a book word by word, so that a place in the old one is known in the new one, or known gone.

The words of both are matched first by long runs that occur once on either side, then by shorter ones within the gaps
that remain (the longest increasing run of such matches keeps the order), and at last by a plain diff of small gaps.
What is left over on both sides is matched once more by runs of eight words anywhere: passages that were moved.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

_CHARACTERS = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
CHARACTER = re.compile(f"[{_CHARACTERS}]")
"""Matches a Chinese or Japanese character: each is a word."""
LETTER = rf"[^\W{_CHARACTERS}]"
"""The pattern of a letter of a word that has several."""
_WORD = re.compile(rf"{CHARACTER.pattern}|{LETTER}+")
_STOP = re.compile(r"[.!?。！？]")
_RUNS = (8, 4, 2, 1)
_SLIDE = 12
_DIFF_LIMIT = 400
_MOVED_RUN = 8


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text and where each begins and ends."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    opens: tuple[bool, ...]
    """Whether a word begins a sentence."""

    @staticmethod
    def of(folded: str) -> Words:
        """Split folded text into words; Chinese and Japanese characters count as words."""
        matches = list(_WORD.finditer(folded))
        ends = tuple(match.end() for match in matches)
        before = (0, *ends)[:-1]
        return Words(
            tuple(match.group() for match in matches),
            tuple(match.start() for match in matches),
            ends,
            tuple(
                _STOP.search(folded, end, match.start()) is not None for end, match in zip(before, matches, strict=True)
            ),
        )

    def touching(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open range of words that a stretch of text touches."""
        return bisect_right(self.ends, start), bisect_left(self.starts, end)


class Alignment:
    """Which word of the new text each word of the old text became."""

    def __init__(self, old: Words, new: Words) -> None:
        self.old = old
        self.new = new
        self.image: list[int] = [-1] * len(old.words)
        """Index of the new word, or -1."""
        self._match(0, len(old.words), 0, len(new.words), _RUNS)
        self._slide_gaps()
        self._match_moved()
        self._drop_chance_matches()

    def _match(self, a0: int, a1: int, b0: int, b1: int, runs: tuple[int, ...]) -> None:
        work = [(a0, a1, b0, b1, runs)]
        while work:
            a0, a1, b0, b1, runs = work.pop()
            a0, a1, b0, b1 = self._match_ends(a0, a1, b0, b1)
            if a0 >= a1 or b0 >= b1:
                continue
            if not runs:
                if a1 - a0 <= _DIFF_LIMIT and b1 - b0 <= _DIFF_LIMIT:
                    self._diff(a0, a1, b0, b1)
                continue
            pairs = self._unique_runs(a0, a1, b0, b1, runs[0])
            previous_a, previous_b = a0, b0
            for a, b in pairs:
                if a < previous_a or b < previous_b:
                    continue
                work.append((previous_a, a, previous_b, b, runs[1:]))
                for step in range(runs[0]):
                    self.image[a + step] = b + step
                previous_a, previous_b = a + runs[0], b + runs[0]
            work.append((previous_a, a1, previous_b, b1, runs[1:]))

    def _match_ends(self, a0: int, a1: int, b0: int, b1: int) -> tuple[int, int, int, int]:
        old, new = self.old.words, self.new.words
        while a0 < a1 and b0 < b1 and old[a0] == new[b0]:
            self.image[a0] = b0
            a0, b0 = a0 + 1, b0 + 1
        while a0 < a1 and b0 < b1 and old[a1 - 1] == new[b1 - 1]:
            a1, b1 = a1 - 1, b1 - 1
            self.image[a1] = b1
        return a0, a1, b0, b1

    def _unique_runs(self, a0: int, a1: int, b0: int, b1: int, length: int) -> list[tuple[int, int]]:
        in_old = _once(self.old.words, a0, a1, length)
        in_new = _once(self.new.words, b0, b1, length)
        pairs = sorted((a, in_new[run]) for run, a in in_old.items() if run in in_new)
        return _increasing(pairs)

    def _diff(self, a0: int, a1: int, b0: int, b1: int) -> None:
        matcher = SequenceMatcher(None, self.old.words[a0:a1], self.new.words[b0:b1], autojunk=False)
        for a, b, size in matcher.get_matching_blocks():
            for step in range(size):
                self.image[a0 + a + step] = b0 + b + step

    def _slide_gaps(self) -> None:
        """Let what was cut begin with a sentence, where the same words stand before and at the end of the cut.

        *A. The cat slept. B. The cat woke.* without its middle reads *A. The cat woke*: whose are the words *The
        cat*? A person who cuts takes whole sentences, so they are the second's.
        """
        image, words, opens = self.image, self.old.words, self.old.opens
        start = 0
        while start < len(image):
            if image[start] != -1:
                start += 1
                continue
            end = start
            while end < len(image) and image[end] == -1:
                end += 1
            joins = start > 0 and end < len(image) and image[end] == image[start - 1] + 1
            if joins and not opens[start]:
                self._slide(start, end, words, opens)
            start = end

    def _slide(self, start: int, end: int, words: tuple[str, ...], opens: tuple[bool, ...]) -> None:
        for step in range(1, min(_SLIDE, start) + 1):
            if words[start - step] != words[end - step] or self.image[start - step] == -1:
                return
            if opens[start - step]:
                for back in range(1, step + 1):
                    self.image[end - back] = self.image[start - back]
                    self.image[start - back] = -1
                return

    def _match_moved(self) -> None:
        used = set(self.image)
        old, new = self.old.words, self.new.words
        free: dict[tuple[str, ...], int] = {}
        seen: Counter[tuple[str, ...]] = Counter()
        for b in range(len(new) - _MOVED_RUN + 1):
            if b not in used and b + _MOVED_RUN - 1 not in used:
                run = new[b : b + _MOVED_RUN]
                seen[run] += 1
                free[run] = b
        a = 0
        while a <= len(old) - _MOVED_RUN:
            run = old[a : a + _MOVED_RUN]
            if self.image[a] != -1 or self.image[a + _MOVED_RUN - 1] != -1 or seen.get(run) != 1:
                a += 1
                continue
            a = self._extend_move(a, free[run], used)

    def _extend_move(self, a: int, b: int, used: set[int]) -> int:
        old, new = self.old.words, self.new.words
        while a < len(old) and b < len(new) and old[a] == new[b] and self.image[a] == -1 and b not in used:
            self.image[a] = b
            used.add(b)
            a, b = a + 1, b + 1
        return a

    def _drop_chance_matches(self) -> None:
        """Forget words matched alone in a stretch whose neighbours are all gone: such a match says nothing."""
        image = self.image
        size = len(image)
        start = 0
        while start < size:
            if image[start] == -1:
                start += 1
                continue
            end = start + 1
            while end < size and image[end] == image[end - 1] + 1:
                end += 1
            if end - start <= 2:
                before = image[max(0, start - 8) : start]
                after = image[end : end + 8]
                if before.count(-1) >= 7 and after.count(-1) >= 7:
                    for index in range(start, end):
                        image[index] = -1
            start = end


def _once(words: tuple[str, ...], start: int, end: int, length: int) -> dict[tuple[str, ...] | str, int]:
    found: dict[tuple[str, ...] | str, int] = {}
    twice: set[tuple[str, ...] | str] = set()
    for index in range(start, end - length + 1):
        run = words[index : index + length] if length > 1 else words[index]
        if run in found:
            twice.add(run)
        else:
            found[run] = index
    for run in twice:
        del found[run]
    return found


def _increasing(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest run of pairs that rises on both sides."""
    tails: list[int] = []
    tail_index: list[int] = []
    back = [-1] * len(pairs)
    for index, (_, b) in enumerate(pairs):
        at = bisect_left(tails, b)
        back[index] = tail_index[at - 1] if at else -1
        if at == len(tails):
            tails.append(b)
            tail_index.append(index)
        else:
            tails[at] = b
            tail_index[at] = index
    chain: list[tuple[int, int]] = []
    index = tail_index[-1] if tail_index else -1
    while index != -1:
        chain.append(pairs[index])
        index = back[index]
    return chain[::-1]
