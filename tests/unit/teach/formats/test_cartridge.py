"""Common Cartridge: lessons come back block for block, and other people's cartridges are understood."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alexandria_desktop.teach.blocks import TextBlock, VideoBlock
from alexandria_desktop.teach.document import CourseDocument, LessonDocument
from alexandria_desktop.teach.formats.cartridge.read import read
from alexandria_desktop.teach.formats.cartridge.write import write
from alexandria_desktop.teach.formats.report import Loss
from sync.assessing.assessment import AssessmentDocument, Mode
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from tests.support.courses import FILES, courses, questions
from tests.support.data import shared_data
from tests.support.examples import examples
from tests.support.held import Limits, within
from tests.support.meaning import meanings

LIMITS = Limits(
    strictness="none", credit_all=frozenset({"multiple_answer"}), words=False, rubric=False, model_answer=False,
    feedback={"*": "general", "multiple_choice": "general right wrong each",
              "multiple_answer": "general right wrong each", "true_false": "general right wrong each",
              "short_text": "general right wrong"},
)  # fmt: skip
HELD = ("multiple_choice", "multiple_answer", "true_false", "short_text", "essay")
quick = settings(max_examples=examples(100), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def simple(pair: tuple[q.Question, k.Key]) -> tuple[q.Question, k.Key]:
    question, key = within(pair, LIMITS)
    if isinstance(key, k.MultipleChoiceKey):
        key = replace(key, shares={name: share for name, share in key.shares.items() if share == 1.0})
    if isinstance(key, k.MultipleAnswerKey):
        key = replace(key, credit=k.Credit.ALL)
    if isinstance(key, k.ShortTextKey):
        key = replace(key, variants=tuple(k.Variant(text=one.text) for one in key.variants))
    return question, key


@quick
@given(course=courses())
def test_lessons_come_back_block_for_block(tmp_path: Path, course: CourseDocument) -> None:
    course = replace(
        course, assessments=(), layers=(), lessons=course.lessons or (LessonDocument(id="l", title="One"),)
    )
    path = tmp_path / "c.imscc"
    report = write(course, path, FILES)
    assert report.lines == []
    opened = read(path)
    assert opened.report.lines == []
    assert opened.document == course
    assert set(opened.files) == set(course.media())


@quick
@given(pairs=st.lists(questions(*HELD), min_size=1, max_size=3, unique_by=lambda pair: pair[0].id))
def test_the_questions_of_its_profile_come_back_the_same(tmp_path: Path, pairs: list[tuple[q.Question, k.Key]]) -> None:
    pairs = [simple(pair) for pair in pairs]
    test = AssessmentDocument(
        id="7b2fa6c6-58f5-4d8e-9d77-0e7c1d6a5a11", lesson_id="0c5b8a52-9f0e-4b7e-8f5b-1f0a54a0f7a2", title="Quiz",
        questions=tuple(pair[0] for pair in pairs), keys={pair[0].id: pair[1] for pair in pairs}, time_limit=600,
        max_attempts=2,
    )  # fmt: skip
    lesson = LessonDocument(id=test.lesson_id, title="One", blocks=(TextBlock(id="b", order="a", html="x"),))
    course = CourseDocument(id=test.id, title="C", lessons=(lesson,), assessments=(test,))
    path = tmp_path / "c.imscc"
    report = write(course, path, FILES)
    assert report.lines == []
    opened = read(path)
    assert opened.report.lines == []
    (back,) = opened.document.assessments
    assert meanings(back) == meanings(test)
    assert replace(back, questions=(), keys={}) == replace(test, questions=(), keys={})


@quick
@given(course=courses())
def test_nothing_is_left_out_without_a_line(tmp_path: Path, course: CourseDocument) -> None:
    path = tmp_path / "c.imscc"
    report = write(course, path, FILES)
    back = read(path).document
    asked = sum(len(one.questions) for one in course.assessments)
    read_again = sum(len(one.questions) for one in back.assessments)
    assert read_again == asked - sum(line.code is Loss.QUESTION for line in report.lines)
    for one in course.assessments:
        if one.mode is Mode.GRADED:
            assert (one.title, Loss.SETTING) in {(line.where, line.code) for line in report.lines}


def test_a_page_that_was_changed_elsewhere_comes_over_as_it_looks_now(tmp_path: Path) -> None:
    block = TextBlock(id="b", order="a1", html="The old words")
    course = CourseDocument(id="c", title="C", lessons=(LessonDocument(id="l", title="L", blocks=(block,)),))
    path, changed = tmp_path / "c.imscc", tmp_path / "d.imscc"
    write(course, path, {})
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<p>The old words", b"<p>The new words<script>x()</script>"))
    opened = read(changed)
    (found,) = opened.document.lessons[0].blocks
    assert isinstance(found, TextBlock)
    assert found.html == "The new words"
    assert Loss.MOVED in opened.report.codes()


MANIFEST = """<manifest xmlns="http://www.imsglobal.org/xsd/imscc/imscp_v1p1" identifier="M"><organizations>
<organization identifier="o"><item identifier="root"><item identifier="m1"><title>Week 1</title>
<item identifier="a" identifierref="R1"><title>Read</title></item>
<item identifier="b" identifierref="R2"><title>Watch</title></item>
<item identifier="c" identifierref="R3"><title>Talk</title></item>
<item identifier="d" identifierref="R4"><title>Gone</title></item></item></item></organization></organizations>
<resources><resource identifier="R1" type="webcontent" href="one.html"><file href="one.html"/></resource>
<resource identifier="R2" type="imswl_xmlv1p0"><file href="link.xml"/></resource>
<resource identifier="R3" type="imsdt_xmlv1p0"><file href="talk.xml"/></resource></resources></manifest>"""


def test_a_cartridge_of_10_becomes_lessons(tmp_path: Path) -> None:
    path = tmp_path / "old.imscc"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("imsmanifest.xml", MANIFEST)
        archive.writestr("one.html", "<html><body><h1>Hi</h1><p>Words<script>x()</script></p></body></html>")
        archive.writestr("link.xml", '<webLink><title>t</title><url href="https://youtu.be/abc"/></webLink>')
        archive.writestr("talk.xml", "<topic><title>t</title><text>What do you think?</text></topic>")
    opened = read(path)
    (lesson,) = opened.document.lessons
    assert lesson.title == "Week 1"
    assert [one.html for one in lesson.blocks if isinstance(one, TextBlock)] == [
        "<h2>Read</h2>", "<h2>Hi</h2><p>Words</p>", "<h2>Watch</h2>", "<h2>Talk</h2>", "What do you think?",
    ]  # fmt: skip
    assert [one.url for one in lesson.blocks if isinstance(one, VideoBlock)] == ["https://youtu.be/abc"]
    assert {line.code for line in opened.report.lines} >= {Loss.MOVED, Loss.LESSON}


@pytest.mark.data
def test_cartridges_of_canvas_are_read() -> None:
    folder = shared_data() / "courses/imscc"
    page = read(folder / "single-page.imscc").document
    assert page.title == "The Life of Paul"
    assert [(one.title, one.blocks) for one in page.lessons] == [("Our Purpose", ())]
    course = read(folder / "canvas_cc_gem_course.imscc")
    assert course.document.title == "Canvas CC Gem Course"
    assert len(course.document.lessons) == 3
    assert all(len(one.blocks) == 1 for one in course.document.lessons)
    assert Loss.SETTING in course.report.codes()
