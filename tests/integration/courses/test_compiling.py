"""A proposal from books on the shelf: what it holds, and what becomes of what is accepted."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from alexandria_desktop.library.library import Library
from alexandria_desktop.teach.blocks import PassageBlock
from alexandria_desktop.teach.compiling.proposal import Proposal
from tests.support.bees import bee_book

OBJECTIVES = ("Explain how the queen rules the hive", "Describe how honey is ripened and stored")


@pytest.fixture
def book(library: Library, tmp_path: Path) -> UUID:
    found = library.import_paths([bee_book(tmp_path / "bees.epub")])[0].book_id
    assert found is not None
    return found


@pytest.fixture
def proposal(library: Library, book: UUID) -> Proposal:
    found = library.compiling.propose([book], OBJECTIVES, minutes_per_lesson=4, questions_per_lesson=2)
    assert found is not None
    return found


def test_each_objective_gets_lessons_from_the_chapters_that_speak_of_it(proposal: Proposal) -> None:
    chapters = {lesson.objective: {one.chapter for one in lesson.passages} for lesson in proposal.lessons}
    assert chapters == {OBJECTIVES[0]: {"The queen"}, OBJECTIVES[1]: {"Honey"}}


def test_nothing_is_written_before_it_is_accepted(library: Library, course: UUID, proposal: Proposal) -> None:
    assert proposal.lessons
    assert library.courses.document(course).lessons == ()


def test_what_is_accepted_is_one_step_that_can_be_taken_back(
    library: Library, course: UUID, proposal: Proposal
) -> None:
    added = library.compiling.accept(course, proposal, proposal.ids)
    written = library.courses.document(course)
    assert [lesson.title for lesson in written.lessons] == [lesson.title for lesson in proposal.lessons]
    passages = [block for lesson in written.lessons for block in lesson.blocks if isinstance(block, PassageBlock)]
    assert [one.text for one in passages] == [one.text for lesson in proposal.lessons for one in lesson.passages]
    assert [len(quiz.questions) for quiz in written.assessments] == [len(one.items) for one in proposal.lessons]
    assert all(quiz.keys.keys() == {one.id for one in quiz.questions} for quiz in written.assessments)
    library.authoring.remove_parts(added)
    empty = library.courses.document(course)
    assert (empty.lessons, empty.assessments) == ((), ())
    library.authoring.bring_back_parts(added)
    assert library.courses.document(course) == written


def test_lessons_wait_for_the_ones_before_them(library: Library, course: UUID, proposal: Proposal) -> None:
    library.compiling.accept(course, proposal, proposal.ids)
    written = library.courses.document(course).lessons
    assert [lesson.prerequisites for lesson in written] == [(), *((one.id,) for one in written[:-1])]


def test_only_what_is_chosen_is_written(library: Library, course: UUID, proposal: Proposal) -> None:
    last = proposal.lessons[-1]
    library.compiling.accept(course, proposal, {last.passages[0].id})
    written = library.courses.document(course)
    assert [(one.title, len(one.blocks), one.prerequisites) for one in written.lessons] == [(last.title, 1, ())]
    assert written.assessments == ()
