"""A version is the whole course as it was; what changed since is told line by line, and it can be brought back."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from alexandria_desktop.base.errors import ReaderError
from alexandria_desktop.library.library import Library
from alexandria_desktop.store.outbox import pending
from alexandria_desktop.teach.authoring.comparing import Change
from alexandria_desktop.teach.blocks import TextBlock
from sync.assessing.assessment import Mode
from sync.assessing.questions.keys import TrueFalseKey
from sync.assessing.questions.model import TrueFalse


@pytest.fixture
def built(library: Library, course: UUID) -> dict[str, UUID]:
    make = library.authoring
    first, second = make.add_lesson(course, "First"), make.add_lesson(course, "Second")
    for name in "abcz":
        make.add_block(first, TextBlock(id=name, html=f"Words of {name}"))
    quiz = make.add_assessment(course, second, "Quiz", mode=Mode.GRADED)
    make.put_question(quiz, TrueFalse(id="q", prompt="Is it?"), TrueFalseKey(is_true=True))
    return {"course": course, "first": first, "second": second, "quiz": quiz}


def told(library: Library, version: UUID) -> list[tuple[str, str, str]]:
    return [(one.change.value, one.where, one.what) for one in library.course_versions.compare(version)]


def test_a_version_that_says_the_same_is_not_kept_twice(library: Library, built: dict[str, UUID]) -> None:
    assert library.course_versions.save(built["course"]) is not None
    assert library.course_versions.save(built["course"]) is None
    assert [one.words for one in library.course_versions.all(built["course"])] == ["Saved by hand"]


def test_what_changed_since_is_told_thing_by_thing(library: Library, built: dict[str, UUID]) -> None:
    make, lesson = library.authoring, built["first"]
    version = library.course_versions.save(built["course"])
    assert version is not None
    assert told(library, version) == []
    make.move_block(lesson, "z", 0)
    make.remove_block(lesson, "b")
    make.add_block(lesson, TextBlock(id="d", html="New words"))
    block = next(one for one in library.courses.lesson(lesson).blocks if one.id == "a")
    assert isinstance(block, TextBlock)
    make.put_block(lesson, replace(block, html="Other words"))
    make.put_question(built["quiz"], TrueFalse(id="q", prompt="Is it?"), TrueFalseKey(is_true=False))
    make.remove_lesson(make.add_lesson(built["course"], "Never"))
    make.change_course(built["course"], title="Evolution")
    assert sorted(told(library, version)) == sorted(
        [
            (Change.CHANGED, "", "Title"),
            (Change.MOVED, "First", "“Words of z”"),
            (Change.REMOVED, "First", "“Words of b”"),
            (Change.ADDED, "First", "“New words”"),
            (Change.CHANGED, "First", "“Other words”"),
            (Change.CHANGED, "Quiz", "Answer of “Is it?”"),
        ]
    )


def test_a_version_is_brought_back_whole_and_that_can_be_undone(library: Library, built: dict[str, UUID]) -> None:
    make, course = library.authoring, built["course"]
    before = library.courses.document(course)
    version = library.course_versions.save(course)
    assert version is not None
    make.remove_lesson(built["first"])
    make.remove_question(built["quiz"], "q")
    make.add_lesson(course, "Third")
    make.remove_assessment(built["quiz"])
    after = library.courses.document(course)
    undo = library.course_versions.restore(version)
    assert told(library, version) == []
    assert [one.id for one in library.courses.document(course).lessons] == [one.id for one in before.lessons]
    assert library.courses.document(course).assessments == before.assessments
    assert undo is not None
    library.course_versions.restore(undo)
    assert library.courses.document(course).assessments == after.assessments
    assert [one.title for one in library.courses.document(course).lessons] == ["Second", "Third"]


def test_a_version_stays_on_this_device(library: Library, built: dict[str, UUID]) -> None:
    library.course_versions.save(built["course"])
    with library._core.reading() as connection:
        assert "course_versions" not in {one.table for one in pending(connection)}


def test_a_version_that_is_gone_is_told_with_a_sentence(library: Library, built: dict[str, UUID]) -> None:
    with pytest.raises(ReaderError, match="not kept"):
        library.course_versions.compare(built["course"])
