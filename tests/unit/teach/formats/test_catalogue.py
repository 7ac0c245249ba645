"""Every format is found by name, by ending and by what is in a file; the command converts and tells what was lost."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.cli import run
from alexandria_desktop.teach.converting import READABLE, WRITABLE
from alexandria_desktop.teach.document import CourseDocument, LayerDocument
from alexandria_desktop.teach.formats import course_json
from alexandria_desktop.teach.formats.catalogue import FORMATS, Format, for_reading, for_writing
from sync.assessing.assessment import AssessmentDocument, Mode
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from tests.support.courses import FILES, courses
from tests.support.data import shared_data
from tests.support.examples import examples


def small() -> CourseDocument:
    choices = (q.Choice(id="3", text="three"), q.Choice(id="4", text="four"))
    question = q.MultipleChoice(id="4b0c9e5c-0b7f-4c55-9b0f-3f1d8b6f0c11", prompt="How many whales?", choices=choices)
    test = AssessmentDocument(
        id="7b2fa6c6-58f5-4d8e-9d77-0e7c1d6a5a11", title="Whales", questions=(question,),
        keys={question.id: k.MultipleChoiceKey(shares={"3": 1.0})},
    )  # fmt: skip
    return CourseDocument(id="0c5b8a52-9f0e-4b7e-8f5b-1f0a54a0f7a2", title="Whales", assessments=(test,))


@pytest.mark.parametrize("one", [one for one in FORMATS if one.read and one.write], ids=lambda one: one.name)
def test_what_a_format_writes_is_known_again_without_its_name(tmp_path: Path, one: object) -> None:
    path = tmp_path / f"whales{(one.suffixes or ('.bin',))[0]}"  # type: ignore[attr-defined]
    one.write(small(), path, {})  # type: ignore[attr-defined]
    found, read = for_reading(path)
    assert found is one
    asked = [question.prompt for test in read(path).document.assessments for question in test.questions]
    assert asked == ["How many whales?"]


def test_the_command_names_exactly_the_formats_there_are() -> None:
    assert [one.name for one in FORMATS if one.read] == READABLE.split(", ")
    assert [one.name for one in FORMATS if one.write] == WRITABLE.split(", ")


@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(course=courses())
def test_our_own_file_holds_everything(tmp_path: Path, course: CourseDocument) -> None:
    path = tmp_path / "c.alexcourse"
    assert course_json.write(course, path, FILES).lines == []
    opened = course_json.read(path)
    assert opened.document == course
    assert set(opened.files) == set(course.media())
    assert opened.report.lines == []


@pytest.mark.parametrize("one", [one for one in FORMATS if one.write], ids=lambda one: one.name)
def test_notes_over_a_book_are_in_the_file_or_named_as_left_out(tmp_path: Path, one: Format) -> None:
    layer = LayerDocument(id="1e9b8a52-9f0e-4b7e-8f5b-1f0a54a0f7a2", title="Moby-Dick")
    course = replace(small(), layers=(layer,))
    path = tmp_path / f"whales{(one.suffixes or ('.bin',))[0]}"
    report = for_writing(path, one.name)[1](course, path, {})
    named = [line for line in report.lines if line.where == "Notes on Moby-Dick"]
    assert len(named) == (0 if one.holds_layers else 1)
    if one.holds_layers:
        assert for_reading(path)[1](path).document.layers == (layer,)


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("h5p/multichoice_no-libraries.h5p", "h5p"), ("imscc/single-page.imscc", "imscc"),
        ("imscc/canvas_cc_gem_course.imscc", "imscc"), ("kolibri/csv_channel", "kolibri"),
        ("kolibri/csv_channel/Channel.csv", "kolibri"), ("kolibri/perseus_question_inline_link.json", "perseus"),
        ("qti/test_qti_1.2.zip", "qti12"), ("qti/test_qti_2.1.zip", "qti21"),
        ("qti/canvas/gab22de457404cb5cf022078f1e4da75e.xml.qti", "qti12"),
    ],
)  # fmt: skip
def test_the_samples_are_known_by_what_is_in_them(name: str, expected: str) -> None:
    assert for_reading(shared_data() / "courses" / name)[0].name == expected


def test_unknown_formats_and_ways_are_refused_with_a_code(tmp_path: Path) -> None:
    other = tmp_path / "x.bin"
    other.write_bytes(b"\x00\x01\x02")
    with pytest.raises(ReaderError) as caught:
        for_reading(other)
    assert caught.value.code is Code.COURSE_FORMAT
    for path, name in ((tmp_path / "x.docx", None), (tmp_path / "x.h5p", None), (tmp_path / "x.zip", "h5p")):
        with pytest.raises(ReaderError) as caught:
            for_writing(path, name)
        assert caught.value.code is Code.COURSE_FORMAT


def test_the_command_converts_and_tells_what_was_lost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, target = tmp_path / "quiz.gift", tmp_path / "quiz.xml"
    source.write_text("::Fish:: Whales are fish. {F}\n\nOnly words.\n", encoding="utf-8")
    status = run(["--library", str(tmp_path / "library"), "--json", "course", "convert", str(source), str(target)])
    captured = capsys.readouterr()
    answer = json.loads(captured.out)
    assert status == 0
    assert (answer["from"], answer["to"], answer["questions"]) == ("gift", "moodle", 1)
    assert [line["code"] for line in answer["not_read"]] == ["question"]
    assert "It is a text without a question" in captured.err
    assert b"truefalse" in target.read_bytes()


def test_the_command_says_where_answers_to_what_is_graded_are_in_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    course = small()
    graded = replace(course.assessments[0], id="8b2fa6c6-58f5-4d8e-9d77-0e7c1d6a5a11", title="Exam", mode=Mode.GRADED)
    source = tmp_path / "course.alexcourse"
    course_json.write(replace(course, assessments=(*course.assessments, graded)), source, {})
    for name, told in (("copy.alexcourse", ["Exam"]), ("quiz.xml", ["Exam"]), ("book.epub", [])):
        command = ["course", "convert", str(source), str(tmp_path / name)]
        assert run(["--library", str(tmp_path / "library"), "--json", *command]) == 0
        captured = capsys.readouterr()
        assert json.loads(captured.out)["graded_keys"] == told
        assert ("not for students: Exam." in captured.err) == bool(told)


def test_the_command_refuses_what_it_does_not_know(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "quiz.gift"
    source.write_text("Whales are fish. {F}", encoding="utf-8")
    options = ["--library", str(tmp_path / "library"), "course", "convert"]
    assert run([*options, str(source), str(tmp_path / "quiz.docx")]) == 2
    assert "course.format" in capsys.readouterr().err
    assert run([*options, str(tmp_path / "gone.gift"), str(tmp_path / "quiz.xml")]) == 1
