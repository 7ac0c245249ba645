"""Moodle XML: what it can hold comes back the same, and the rest is told."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.teach.document import CourseDocument
from alexandria_desktop.teach.formats.moodle.read import from_moodle
from alexandria_desktop.teach.formats.moodle.write import as_moodle
from alexandria_desktop.teach.formats.report import Loss
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from tests.support.courses import FILES, KINDS, Pair, courses, questions
from tests.support.examples import examples
from tests.support.held import Limits, course_of, within
from tests.support.meaning import meanings

HELD = tuple(kind for kind in KINDS if kind not in ("find_passage", "cloze"))
LIMITS = Limits(
    strictness="case", credit_all=frozenset({"ordering"}), rubric=False, model_answer=False, rich_responses=False,
    feedback={
        "*": "general", "multiple_choice": "general right partly wrong each",
        "multiple_answer": "general right partly wrong each", "true_false": "general each",
        "matching": "general right partly wrong", "ordering": "general right partly wrong",
    },
)  # fmt: skip


def comes_back(course: CourseDocument) -> None:
    data, report = as_moodle(course, FILES)
    assert report.lines == []
    back = from_moodle(data, title="Test")
    assert back.report.lines == []
    assert meanings(back.document.assessments[0]) == meanings(course.assessments[0])
    assert set(back.files) == set(course.media())


@settings(max_examples=examples(400), deadline=None)
@given(st.lists(questions(*HELD), min_size=1, max_size=3, unique_by=lambda pair: pair[0].id))
def test_the_questions_that_it_holds_come_back_the_same(pairs: list[Pair]) -> None:
    comes_back(course_of(*(within(pair, LIMITS) for pair in pairs)))


@settings(max_examples=examples(300), deadline=None)
@given(questions("cloze"))
def test_texts_with_gaps_come_back_the_same(pair: Pair) -> None:
    question, key = within(pair, Limits(points=False, strictness="case", feedback={"*": "general"}))
    comes_back(course_of((question, key)))


@settings(max_examples=examples(60), deadline=None)
@given(courses())
def test_nothing_is_left_out_without_a_line(course: CourseDocument) -> None:
    data, report = as_moodle(course, FILES)
    asked = sum(len(one.questions) for one in course.assessments)
    assert data.count(b"<idnumber>") == asked - sum(line.code is Loss.QUESTION for line in report.lines)
    assert {line.where for line in report.lines} >= {lesson.title for lesson in course.lessons}


def read(body: str) -> tuple[CourseDocument, list[tuple[str, Loss]]]:
    opened = from_moodle(f"<quiz>{body}</quiz>".encode(), title="T")
    return opened.document, [(line.where, line.code) for line in opened.report.lines]


CLOZE = """<question type="cloze"><name><text>Whale</text></name><questiontext format="html"><text><![CDATA[
<p>Call me {1:SHORTANSWER:=Ishmael#Right!~%50%Ismael#Nearly~*#No}, born {2:NUMERICAL:=1819:1~%50%1820}, on a
{:MULTICHOICE:~ship~=whaler#Yes \\} \\# \\~~%0%raft}.</p>]]></text></questiontext></question>"""


def test_a_cloze_text_of_moodle_is_understood() -> None:
    course, lines = read(CLOZE)
    (question,) = course.assessments[0].questions
    key = course.assessments[0].keys[question.id]
    assert isinstance(question, q.Cloze)
    assert isinstance(key, k.ClozeKey)
    assert question.prompt == "Call me [[gap1]], born [[gap2]], on a [[gap3]]."
    assert [gap.weight for gap in question.gaps] == [1, 2, 1]
    assert question.points == 4
    assert [one.share for one in key.gaps["gap1"].variants] == [1.0, 0.5, 0.0]
    assert [one.text for one in question.gaps[2].choices] == ["ship", "whaler", "raft"]
    assert list(key.gaps["gap3"].each.values()) == ["Yes } # ~"]
    assert lines == []


def test_what_cannot_come_over_has_a_line() -> None:
    course, lines = read(
        '<question type="calculated"><name><text>Sum</text></name></question>'
        '<question type="description"/>'
        '<question type="multichoice"><name><text>M</text></name><single>false</single>'
        "<questiontext format='html'><text>&lt;img src='@@PLUGINFILE@@/gone.png'&gt;Pick</text></questiontext>"
        "<answer fraction='70' format='html'><text>a</text></answer><answer fraction='30'><text>b</text></answer>"
        "<hint><text>try</text></hint></question>"
    )
    assert lines == [
        ("Question 1: Sum", Loss.QUESTION), ("Question 2", Loss.QUESTION), ("Question 3: M", Loss.FEEDBACK),
        ("Question 3: M", Loss.FILE), ("Question 3: M", Loss.SCORING),
    ]  # fmt: skip
    assert course.assessments[0].questions[0].prompt == "Pick"


@pytest.mark.parametrize(
    "data",
    [
        b"", b"not xml", b"<quiz/>", b"<other/>", b"\x00\xff", b"<quiz><question type='shortanswer'>",
        b'<!DOCTYPE quiz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><quiz>&b;</quiz>',
        b'<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>',
    ],
)  # fmt: skip
def test_hostile_or_broken_files_are_refused_or_read_without_harm(data: bytes) -> None:
    with suppress(ReaderError):
        opened = from_moodle(data, title="T")
        assert "root:" not in str(opened.document)
        return
    with pytest.raises(ReaderError) as caught:
        from_moodle(data, title="T")
    assert caught.value.code is Code.COURSE_DAMAGED


def test_a_large_file_is_read_to_the_bound_that_moodle_files_have() -> None:
    filling = f"<!--{'x' * 1024 * 1024}-->" * 33
    text = "".join(
        f"<answer fraction='{share}'><text>{word}</text></answer>" for share, word in ((100, "true"), (0, "false"))
    )
    asked = f"<question type='truefalse'><questiontext><text>True?</text></questiontext>{text}</question>"
    found = from_moodle(f"<quiz>{filling}{asked}</quiz>".encode(), title="T")
    assert len(found.document.assessments[0].questions) == 1
