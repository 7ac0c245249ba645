"""Stretches to read begin and end where the author begins and ends a thought: at paragraphs, within reach.

The passages of the index are cut at sentences, wherever two hundred words are full. What is read should not start with
"But if this is so", so a stretch goes back to the beginning of its paragraph, and a paragraph further where that one
leans on it. It never takes words that another stretch has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from alexandria_desktop.teach.compiling.excerpts import Excerpt
from alexandria_desktop.teach.compiling.sources import SectionText, Shelf, Span
from alexandria_desktop.teach.compiling.tongues import Tongue, tongue
from alexandria_desktop.teach.compiling.words import words_of
from alexandria_desktop.text.fold import fold
from alexandria_desktop.text.words import word_count

REACH = 1_000
"""Characters that a stretch may grow at either end."""


def at_paragraphs(shelf: Shelf, chosen: Sequence[Sequence[Excerpt]]) -> list[list[Excerpt]]:
    """Return the stretches of all objectives, each at paragraphs, in the order that they came in."""
    together = sorted((one for found in chosen for one in found), key=lambda one: (one.book, one.section, one.start))
    grown: dict[Excerpt, Excerpt] = {}
    before: Excerpt | None = None
    for number, one in enumerate(together):
        source = shelf.sources[one.book]
        section = source.sections[one.section]
        after = together[number + 1] if number + 1 < len(together) else None
        least = before.end if before is not None and _same_section(before, one) else 0
        most = after.start if after is not None and _same_section(after, one) else len(section.text)
        start = _begin(section, one.start, least, tongue(source.language))
        end = _end(section, one.end, most)
        text = section.text[start:end]
        grown[one] = before = replace(one, start=start, end=end, words=word_count(text))
    return [[grown[one] for one in found] for found in chosen]


def _same_section(one: Excerpt, other: Excerpt) -> bool:
    return (one.book, one.section) == (other.book, other.section)


def _begin(section: SectionText, start: int, least: int, known: Tongue) -> int:
    began = _paragraph(section.text, start)
    found = began if began >= least and start - began <= REACH else start
    while found == _paragraph(section.text, found) and _leans(section.text, found, known):
        before = _paragraph(section.text, max(0, found - 1)) if found else 0
        if before >= found or before < least or start - before > REACH or not section.is_running(before, found - 1):
            break
        found = before
    return _past_asides(section, found)


def _end(section: SectionText, end: int, most: int) -> int:
    stop = section.text.find("\n", max(0, end - 1))
    stop = len(section.text) if stop == -1 else stop
    return stop if stop <= most and stop - end <= REACH else end


def _paragraph(text: str, offset: int) -> int:
    """Return where the paragraph of an offset begins."""
    return text.rfind("\n", 0, offset) + 1


def _leans(text: str, start: int, known: Tongue) -> bool:
    words = words_of(text, start, min(len(text), start + 60))
    return bool(words) and fold(words[0].text) in known.backwards


def _past_asides(section: SectionText, start: int) -> int:
    """Return the first place from ``start`` on that is running text: a chapter's title is not read again."""
    aside: Span | None
    while (aside := next((one for one in section.asides if one[0] <= start < one[1]), None)) is not None:
        start = aside[1]
        while start < len(section.text) and section.text[start].isspace():
            start += 1
    return start
