"""Courses on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID

import pytest

from alexandria_desktop import cli
from alexandria_desktop.library.library import Library
from alexandria_desktop.teach.blocks import TextBlock
from tests.support.bees import bee_book
from tests.support.carrying import FREE, KEPT, build_course, take_exam


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Library.open(tmp_path / "library", vectors="numpy") as library:
        course = library.authoring.make_course("The origin of species")
        library.authoring.add_block(library.authoring.add_lesson(course, "Selection"), TextBlock(id="t", html="Words"))
        library.authoring.make_course("Problems of philosophy")
    return tmp_path / "library"


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_courses_are_listed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--library", str(folder), "--json", "course", "list"]) == 0
    assert {one["title"] for one in lines(capsys)} == {"The origin of species", "Problems of philosophy"}


def test_the_lessons_of_a_course_are_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--library", str(folder), "--json", "course", "show", "origin"]) == 0
    (lesson,) = lines(capsys)
    assert (lesson["title"], lesson["minutes"], lesson["blocks"]) == ("Selection", 1, 1)


def test_a_course_is_exported_and_reads_back(folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "course.imscc"
    assert cli.run(["--library", str(folder), "--json", "course", "export", "origin", str(out)]) == 0
    told = lines(capsys)[0]
    assert (told["to"], told["graded_keys"]) == ("imscc", [])
    assert cli.run(["--json", "course", "convert", str(out), str(tmp_path / "again.epub")]) == 0
    assert lines(capsys)[0]["title"] == "The origin of species"


def test_a_name_that_fits_none_or_several_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, code in (("nowhere", "course.unknown"), ("o", "course.ambiguous")):
        assert cli.run(["--library", str(folder), "--json", "course", "show", name]) != 0
        assert lines(capsys)[0]["error"] == code


def test_lessons_are_proposed_from_books(folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with Library.open(folder, vectors="numpy") as library:
        library.import_paths([bee_book(tmp_path / "bees.epub")])
    asked = ["--objective", "Describe how honey is ripened and stored", "--minutes", "5", "--questions", "2"]
    assert cli.run(["--library", str(folder), "--json", "course", "propose", "wax", *asked, "--into", "origin"]) == 0
    found = lines(capsys)
    assert {one["objective"] for one in found} == {"Describe how honey is ripened and stored"}
    with Library.open(folder, vectors="numpy") as library:
        written = library.courses.document(library.courses.resolve("origin"))
    assert [lesson.title for lesson in written.lessons[1:]] == [one["title"] for one in found]


def test_an_objective_without_a_passage_is_told_and_makes_the_command_fail(
    folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with Library.open(folder, vectors="numpy") as library:
        library.import_paths([bee_book(tmp_path / "bees.epub")])
    asked = ["--objective", "Describe the taxation of submarines"]
    assert cli.run(["--library", str(folder), "--json", "course", "propose", "wax", *asked]) == 1
    assert [one["nothing_for"] for one in lines(capsys)] == ["objective"]


def test_a_course_goes_out_and_the_answers_come_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    teacher, student = tmp_path / "teacher", tmp_path / "student"
    with Library.open(teacher, vectors="numpy") as library:
        build_course(library, tmp_path / "sources")
    pack, answers = str(tmp_path / "garden.alexcourse"), str(tmp_path / "bo.alexanswers")

    def run(library: Path, *words: str) -> list[dict[str, object]]:
        assert cli.run(["--library", str(library), "--json", "course", *words]) == 0
        return lines(capsys)

    (written,) = run(teacher, "pack", "garden", pack, "--give", "free", "--by", "Ada")
    assert (written["books"], written["not_given"]) == ([FREE], [KEPT])
    (opened,) = run(student, "open", pack)
    assert (opened["arrived"], opened["author"], opened["words"]) == ("new", "Ada", written["words"])
    with Library.open(student, vectors="numpy") as library:
        take_exam(library, UUID(str(opened["course"])), "beech")
    assert run(student, "answers", "garden", answers, "--name", "Bo")[0]["attempts"] == 1
    assert run(teacher, "take-answers", answers)[0]["new"] == 1
    assert cli.run(["--library", str(student), "--json", "course", "take-answers", answers]) == 1
    assert lines(capsys)[0]["error"] == "course.not-yours"


def test_a_book_is_given_only_by_a_name_that_fits_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Library.open(tmp_path / "teacher", vectors="numpy") as library:
        build_course(library, tmp_path / "sources")
    pack = str(tmp_path / "garden.alexcourse")
    for name, code in (("nowhere", "book.unknown"), ("book", "book.ambiguous")):
        arguments = ["--library", str(tmp_path / "teacher"), "--json", "course", "pack", "garden", pack, "--give", name]
        assert cli.run(arguments) != 0
        assert lines(capsys)[0]["error"] == code
    assert not Path(pack).exists()
