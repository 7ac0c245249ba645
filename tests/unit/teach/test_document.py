"""A course as JSON and back: nothing is lost, keys stay apart, and what cannot be read does no harm."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.teach.blocks import OtherBlock, TextBlock, blocks_from_json, blocks_to_json
from alexandria_desktop.teach.document import CourseDocument
from sync.assessing.assessment import AssessmentDocument, Mode
from sync.assessing.questions.answers import Chosen, Written, answers_from_json
from sync.assessing.questions.keys import (
    Criterion,
    EssayKey,
    OtherKey,
    ShortTextKey,
    Variant,
    answers_to_json,
    keys_from_json,
    rubrics_to_json,
)
from sync.assessing.questions.model import Essay, OtherQuestion, ShortText, questions_from_json, questions_to_json
from tests.support.courses import FILES, IMAGE, courses
from tests.support.examples import examples


@settings(max_examples=examples(150), deadline=None)
@given(courses())
def test_a_course_survives_json(course: CourseDocument) -> None:
    assert CourseDocument.from_json(json.loads(json.dumps(course.to_json()))) == course


@settings(max_examples=examples(100), deadline=None)
@given(courses())
def test_blocks_survive_the_object_that_a_lesson_keeps(course: CourseDocument) -> None:
    for lesson in course.lessons:
        assert blocks_from_json(json.loads(json.dumps(blocks_to_json(lesson.blocks)))) == lesson.blocks


def graded() -> CourseDocument:
    return CourseDocument(
        id="c",
        assessments=(
            AssessmentDocument(
                id="a", mode=Mode.GRADED, questions=(ShortText(id="q", prompt="Who?"), Essay(id="e", prompt="Why?")),
                keys={
                    "q": ShortTextKey(variants=(Variant(text="Wallace"),)),
                    "e": EssayKey(rubric=(Criterion(id="r", title="Rigour"),), model_answer="Selection"),
                },
            ),
        ),
    )  # fmt: skip


def test_no_answer_is_in_the_questions_or_in_a_students_copy() -> None:
    course = graded()
    assert "Wallace" not in json.dumps(questions_to_json(course.assessments[0].questions))
    assert "Wallace" in json.dumps(course.to_json())
    for_students = json.dumps(course.without_graded_keys().to_json())
    assert not any(word in for_students for word in ("Wallace", "Rigour", "Selection"))


def test_rubrics_are_apart_from_answers_and_come_together_again() -> None:
    keys = graded().assessments[0].keys
    answers, rubrics = answers_to_json(keys), rubrics_to_json(keys)
    assert "Rigour" not in json.dumps(answers)
    assert list(rubrics) == ["e"]
    assert keys_from_json(answers, rubrics) == keys


def test_a_number_out_of_all_bounds_is_kept_unread() -> None:
    data = {"kind": "numeric", "variants": [{"value": "1e999999999"}]}
    assert keys_from_json({"q": data}) == {"q": OtherKey(data=data)}


def test_what_a_newer_program_wrote_is_kept_as_it_came() -> None:
    data = {"kind": "hologram", "id": "q", "points": 3, "beams": [1, 2]}
    (question,) = questions_from_json([data])
    assert isinstance(question, OtherQuestion)
    assert question.points == 3
    assert questions_to_json([question]) == [data]
    (block,) = blocks_from_json({"b": {"kind": "hologram", "order": "a1", "beams": 4}})
    assert blocks_to_json([block]) == {"b": {"kind": "hologram", "order": "a1", "beams": 4, "id": "b"}}
    assert isinstance(keys_from_json({"q": {"kind": "hologram"}})["q"], OtherKey)


def test_unknown_fields_are_passed_over_and_missing_ones_take_their_default() -> None:
    (block,) = blocks_from_json({"b": {"kind": "text", "html": "x", "sparkle": True}})
    assert block == TextBlock(id="b", html="x")


def test_half_a_block_that_a_merge_left_does_not_close_the_lesson() -> None:
    found = blocks_from_json({"b": {"kind": "image", "order": "a2"}, "c": {"kind": "text", "order": "a1", "html": "y"}})
    assert [type(one) for one in found] == [TextBlock, OtherBlock]


def test_rich_text_from_another_device_is_disarmed() -> None:
    (block,) = blocks_from_json({"b": {"kind": "text", "html": "<p onclick='x()'>a<script>x()</script></p>"}})
    assert isinstance(block, TextBlock)
    assert block.html == "a"


@pytest.mark.parametrize(
    "data",
    [
        None, [], {}, {"id": 3}, {"id": "c", "lessons": 4}, {"id": "c", "lessons": [7]},
        {"id": "c", "lessons": [{"title": "no id"}]}, {"id": "c", "assessments": [{"id": "a", "time_limit": "long"}]},
        {"id": "c", "assessments": [{"id": "a", "passing_score": float("nan")}]},
        {"id": "c", "assessments": [{"id": "a", "questions": {"q": 1}}]}, {"id": "c", "title": True},
        {"id": "c", "assessments": [{"id": "a", "mode": "lenient"}]},
    ],
)  # fmt: skip
def test_what_is_no_course_is_refused_with_a_code(data: Any) -> None:
    with pytest.raises(ReaderError) as caught:
        CourseDocument.from_json(data)
    assert caught.value.code is Code.COURSE_INVALID


def test_answers_that_cannot_be_read_are_no_answers() -> None:
    data = {"a": {"kind": "chosen", "choices": ["x"]}, "b": {"kind": "chosen", "choices": "x"}, "c": 4, "d": {}}
    assert answers_from_json(data) == {"a": Chosen(("x",))}
    assert answers_from_json({"w": {"kind": "written", "text": "x" * 300_000}})["w"] == Written("x" * 200_000)
    assert answers_from_json(None) == {}


def test_a_course_names_every_file_that_it_shows() -> None:
    course = CourseDocument.from_json(
        {
            "id": "c",
            "lessons": [{"id": "l", "blocks": [{"kind": "image", "id": "b", "media": {"sha256": IMAGE.sha256}}]}],
        }
    )
    assert list(course.media()) == list(FILES)
