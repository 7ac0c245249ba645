"""Cut a section's canonical text into passages: whole sentences, about 200 words, never across a heading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alexandria_desktop.book.model import Passage
from alexandria_desktop.text.canonical import Heading
from alexandria_desktop.text.sentences import sentence_spans
from alexandria_desktop.text.words import word_count

AIM = 200
LEAST = 80
MOST = 260
"""Words of a passage."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, or a piece of one too long to be a passage."""

    start: int
    end: int
    words: int
    ends_block: bool


def passages(section: int, text: str, headings: Sequence[Heading] = (), *, heading: str | None = None) -> list[Passage]:
    """Return the passages of a section in order; ``heading`` is what stands above its beginning (a chapter's title)."""
    found: list[Passage] = []
    for start, end, title in _stretches(text, headings, heading):
        for first, last in _grouped(list(_units(text, start, end))):
            found.append(Passage(section, first, last, text[first:last], title))
    return found


def _stretches(text: str, headings: Sequence[Heading], title: str | None) -> Iterator[tuple[int, int, str | None]]:
    """Yield the stretches between headings with the heading above each; a heading with nothing below stands alone."""
    position = 0
    for heading in headings:
        if text[position : heading.start].strip():
            yield position, heading.start, title
        title = " ".join(text[heading.start : heading.end].split())
        position = heading.end
    if text[position:].strip():
        yield position, len(text), title
    elif headings:
        yield headings[-1].start, headings[-1].end, title


def _units(text: str, start: int, end: int) -> Iterator[_Unit]:
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop == -1 else stop
        spans = [span for span in sentence_spans(text, start, stop) if span[1] > span[0]]
        for index, (first, last) in enumerate(spans):
            yield from _bounded(text, first, last, ends_block=index == len(spans) - 1)
        start = stop + 1


def _bounded(text: str, start: int, end: int, *, ends_block: bool) -> Iterator[_Unit]:
    """Yield a sentence whole, or in pieces at white space where it alone is longer than a passage may be."""
    words = word_count(text[start:end])
    if words <= MOST:
        yield _Unit(start, end, words, ends_block)
        return
    size = max(1, (end - start) * AIM // words)
    while start < end:
        stop = min(end, start + size)
        if stop < end:
            space = text.rfind(" ", start + size // 2, stop)
            stop = space if space != -1 else stop
        yield _Unit(start, stop, word_count(text[start:stop]), ends_block and stop == end)
        start = stop
        while start < end and text[start].isspace():
            start += 1


def _grouped(units: list[_Unit]) -> list[tuple[int, int]]:
    groups: list[list[_Unit]] = []
    current: list[_Unit] = []
    count = 0
    for unit in units:
        full = current and count + unit.words > MOST
        if full or (count >= AIM - AIM // 4 and current and current[-1].ends_block) or count >= AIM:
            groups.append(current)
            current, count = [], 0
        current.append(unit)
        count += unit.words
    if current:
        groups.append(current)
    return _without_stubs(groups)


def _without_stubs(groups: list[list[_Unit]]) -> list[tuple[int, int]]:
    """Join a short last group to the one before it where both fit."""
    if len(groups) > 1:
        last = sum(unit.words for unit in groups[-1])
        before = sum(unit.words for unit in groups[-2])
        if last < LEAST and last + before <= MOST + LEAST // 2:
            groups[-2:] = [groups[-2] + groups[-1]]
    return [(group[0].start, group[-1].end) for group in groups]
