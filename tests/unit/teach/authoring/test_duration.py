"""A lesson lasts as long as its words take at the reader's pace, and a moment for what is done."""

from __future__ import annotations

import pytest

from alexandria_desktop.teach.authoring.duration import Pace, minutes_of, pace_of
from alexandria_desktop.teach.blocks import OrderBlock, TextBlock
from alexandria_desktop.teach.document import LessonDocument
from sync.assessing.assessment import AssessmentDocument
from sync.assessing.questions.model import Essay, TrueFalse


def lesson(*blocks: TextBlock | OrderBlock) -> LessonDocument:
    return LessonDocument(id="one", blocks=blocks)


def test_an_empty_lesson_takes_no_time() -> None:
    assert minutes_of(lesson()) == 0


def test_words_take_the_time_of_the_pace() -> None:
    text = TextBlock(id="t", html="<p>" + "word " * 1000 + "</p>")
    assert minutes_of(lesson(text), pace=Pace(100)) == 10
    assert minutes_of(lesson(text), pace=Pace(250)) == 4


def test_a_text_without_spaces_is_no_single_word() -> None:
    assert minutes_of(lesson(TextBlock(id="t", html="物" * 1000)), pace=Pace(100)) > 4


def test_what_is_done_takes_time_too() -> None:
    asked = AssessmentDocument(id="a", questions=(TrueFalse(id="q"), Essay(id="e")))
    assert minutes_of(lesson(OrderBlock(id="o"))) == 2
    assert minutes_of(lesson(), [asked]) == 11


def test_a_chapter_to_read_counts_by_its_length() -> None:
    assert minutes_of(lesson(), pace=Pace(100), chapter_characters=60_000) == 100


@pytest.mark.parametrize(
    ("characters", "seconds", "words", "is_measured"),
    [(0, 0, 230, False), (6_000, 300, 230, False), (60_000, 2_400, 250, True), (1e7, 700, 600, True)],
)
def test_a_pace_is_believed_when_enough_was_read(
    characters: float, seconds: float, words: float, is_measured: bool
) -> None:
    assert pace_of(characters, seconds) == Pace(words, is_measured)
