"""How long a lesson takes: its words at a reading pace, and a moment for everything that is done."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from alexandria_desktop.teach import blocks as b
from alexandria_desktop.teach.document import LessonDocument
from alexandria_desktop.text.words import word_count
from sync.assessing.assessment import AssessmentDocument
from sync.assessing.questions.model import Essay, Question
from sync.assessing.rich_text import to_plain

USUAL_PACE = 230.0
"""Words a minute of somebody of whom nothing is known."""
SLOWEST, FASTEST = 80.0, 600.0
CHARACTERS_A_WORD = 6.0
"""With the space after it; what a text whose words nobody counted is reckoned by."""
LEAST_MEASURED = 600.0
"""Seconds of reading before somebody's own pace is believed."""
_A_PICTURE, _AN_EXERCISE, _A_QUESTION, _AN_ESSAY, _A_FILM = 0.2, 2.0, 1.0, 10.0, 5.0
"""Minutes."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast somebody reads."""

    words_a_minute: float = USUAL_PACE
    is_measured: bool = False


def pace_of(characters: float, seconds: float) -> Pace:
    """Return the pace of somebody who read so much in such a time; the usual one where that says too little."""
    if seconds < LEAST_MEASURED or characters <= 0:
        return Pace()
    words = characters / CHARACTERS_A_WORD / (seconds / 60)
    return Pace(min(FASTEST, max(SLOWEST, words)), is_measured=True)


def minutes_of(
    lesson: LessonDocument,
    assessments: Iterable[AssessmentDocument] = (),
    *,
    pace: Pace | None = None,
    chapter_characters: int = 0,
) -> int:
    """Return whole minutes for a lesson and what it asks, at least 1 where there is anything; 0 for an empty one.

    ``chapter_characters`` is the length of the chapters that it sends the student to read.
    """
    chosen = pace or Pace()
    questions = [one for assessment in assessments for one in assessment.questions]
    words = sum(word_count(text) for block in lesson.blocks for text in _texts(block))
    words += sum(word_count(to_plain(one.prompt)) for one in questions)
    reading = (words + chapter_characters / CHARACTERS_A_WORD) / chosen.words_a_minute
    doing = sum(_moment(block) for block in lesson.blocks) + sum(_answering(one) for one in questions)
    return math.ceil(reading + doing - 1e-9)


def _answering(question: Question) -> float:
    return _AN_ESSAY if isinstance(question, Essay) else _A_QUESTION


def _moment(block: b.Block) -> float:
    match block:
        case b.ImageBlock():
            return _A_PICTURE
        case b.VideoBlock():
            return _A_FILM
        case b.OrderBlock() | b.MatchBlock() | b.HotspotBlock() | b.TimelineBlock() | b.RevealBlock():
            return _AN_EXERCISE
    return 0.0


def _texts(block: b.Block) -> list[str]:
    """Return the words of a block as plain texts."""
    match block:
        case b.TextBlock():
            return [to_plain(block.html)]
        case b.PassageBlock():
            return [block.text]
        case b.NoteBlock():
            return [block.text, to_plain(block.html)]
        case b.RevealBlock():
            return [to_plain(block.prompt), to_plain(block.html)]
        case b.OrderBlock():
            return [to_plain(block.prompt), *(to_plain(item.text) for item in block.items)]
        case b.MatchBlock():
            return [to_plain(block.prompt), *(to_plain(f"{one.left} {one.right}") for one in block.pairs)]
        case b.HotspotBlock():
            return [to_plain(block.prompt), *(to_plain(spot.text) for spot in block.spots)]
        case b.TimelineBlock():
            return [block.title, *(f"{one.title} {to_plain(one.text)}" for one in block.events)]
        case b.ImageBlock():
            return [to_plain(block.caption)]
    return []
