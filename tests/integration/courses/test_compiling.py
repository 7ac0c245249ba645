"""A proposal from books on the shelf: what it holds, and what becomes of what is accepted."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.library.library import Library
from alexandria_desktop.teach.blocks import PassageBlock
from alexandria_desktop.teach.compiling.proposal import Proposal
from sync.places.locator import PdfTarget
from tests.support.bees import HONEY, QUEEN, bee_book
from tests.support.pdfs import make_pdf

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


def test_a_book_whose_file_is_elsewhere_is_read_from_the_index(
    library: Library, book: UUID, proposal: Proposal
) -> None:
    library.reading.file_of(book).path.unlink()
    found = library.compiling.propose([book], OBJECTIVES, minutes_per_lesson=4, questions_per_lesson=2)
    assert found is not None
    assert {lesson.objective for lesson in found.lessons} == set(OBJECTIVES)
    places = {one.place.locator.target for lesson in found.lessons for one in lesson.passages}
    assert places & {one.place.locator.target for lesson in proposal.lessons for one in lesson.passages}


def test_words_of_a_quotation_are_not_asked_about(library: Library, proposal: Proposal) -> None:
    assert not any("old verse" in item.sentence for lesson in proposal.lessons for item in lesson.items)


def test_a_scan_is_named_and_the_others_are_used(library: Library, book: UUID, tmp_path: Path) -> None:
    scan = library.import_paths([make_pdf(tmp_path / "scan.pdf", ["", "", ""])])[0].book_id
    assert scan is not None
    found = library.compiling.propose([book, scan], OBJECTIVES)
    assert found is not None
    assert found.lessons
    (gone,) = found.unread
    assert "its pages are pictures" in gone.reason


def test_a_pdf_with_words_is_used(library: Library, tmp_path: Path) -> None:
    pages = ["\n".join(part[at : at + 60] for at in range(0, len(part), 60)) for part in (*HONEY, *QUEEN)]
    pdf = library.import_paths([make_pdf(tmp_path / "bees.pdf", pages)])[0].book_id
    assert pdf is not None
    found = library.compiling.propose([pdf], OBJECTIVES[1:], minutes_per_lesson=4)
    assert found is not None
    assert all(isinstance(one.place.locator.target, PdfTarget) for lesson in found.lessons for one in lesson.passages)
    assert found.lessons


def test_without_books_or_objectives_there_is_nothing_to_propose(library: Library, book: UUID) -> None:
    for books, objectives in (([], OBJECTIVES), ([book], ["  "])):
        with pytest.raises(ReaderError) as caught:
            library.compiling.propose(books, objectives)
        assert caught.value.code is Code.USAGE


def test_nothing_chosen_is_nothing_written(library: Library, course: UUID, proposal: Proposal) -> None:
    with pytest.raises(ReaderError):
        library.compiling.accept(course, proposal, set())
    assert library.courses.document(course).lessons == ()
