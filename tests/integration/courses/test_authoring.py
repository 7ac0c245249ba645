"""A teacher makes a course; every change is on the disk and in line for the server."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import select

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.library.library import Library
from alexandria_desktop.store.course_rows import Audience, Role, Status
from alexandria_desktop.store.outbox import pending
from alexandria_desktop.teach.blocks import Block, BookPlace, PassageBlock, TextBlock
from alexandria_desktop.teach.document import CourseDocument, LayerDocument, LessonKind
from sync.assessing.assessment import Mode
from sync.assessing.questions.keys import Criterion, EssayKey, MultipleChoiceKey
from sync.assessing.questions.model import Choice, Essay, MultipleChoice
from sync.places.locator import EpubTarget, Locator, Quote
from sync.schema.tables import table
from tests.support import courses as made_up

PLACE = Locator(EpubTarget("ch1.xhtml", 10, 25), Quote("natural selection", "by means of ", ", or the"), 0.1, "e" * 64)
PASSAGE = PassageBlock(id="p", place=BookPlace(locator=PLACE, book_title="Origin"), text="natural selection")
TEXT = TextBlock(id="t", html="<p>Read this first.</p><p>Then go on.</p>")
QUESTION = MultipleChoice(id="q", prompt="Who?", choices=(Choice(id="x", text="Darwin"), Choice(id="y", text="Hume")))
KEY = MultipleChoiceKey(shares={"x": 1.0})


def titles(library: Library, course: UUID) -> list[str]:
    return [lesson.title for lesson in library.courses.document(course).lessons]


def blocks(library: Library, lesson: UUID) -> list[str]:
    return [block.id for block in library.courses.lesson(lesson).blocks]


def column(library: Library, name: str, wanted: str) -> list[object]:
    with library._core.reading() as connection:
        return list(connection.execute(select(table(name).c[wanted])).scalars())


def test_a_lesson_with_words_and_a_passage_is_there_when_the_library_is_opened_again(tmp_path: Path) -> None:
    with Library.open(tmp_path / "kept") as library:
        course = library.authoring.make_course("Evolution")
        lesson = library.authoring.add_lesson(course, "Selection")
        library.authoring.add_block(lesson, TEXT)
        library.authoring.add_block(lesson, PASSAGE)
    with Library.open(tmp_path / "kept") as library:
        (known,) = library.courses.list()
        assert (known.title, known.status, known.role, known.lessons) == ("Evolution", Status.DRAFT, Role.AUTHOR, 1)
        text, passage = library.courses.lesson(lesson).blocks
        assert isinstance(text, TextBlock)
        assert text.html == TEXT.html
        assert isinstance(passage, PassageBlock)
        assert passage.place.locator == PLACE


def test_every_row_of_a_course_waits_to_be_told_to_the_server(library: Library, course: UUID) -> None:
    lesson = library.authoring.add_lesson(course, "Selection")
    library.authoring.add_assessment(course, lesson, "Quiz")
    library.authoring.add_block(lesson, TEXT)
    with library._core.reading() as connection:
        waiting = [entry.table for entry in pending(connection)]
    wanted = ["content_items"] * 3 + ["courses", "lessons", "assessments", "assessment_keys"]
    assert sorted(one for one in waiting if one in wanted) == sorted(wanted)


def test_lessons_are_put_where_they_are_dropped(library: Library, course: UUID) -> None:
    make = library.authoring
    first, second, third = (make.add_lesson(course, name) for name in "abc")
    make.add_lesson(course, "d", at=0)
    assert titles(library, course) == ["d", "a", "b", "c"]
    assert make.move_lesson(third, 1) == 3
    assert titles(library, course) == ["d", "c", "a", "b"]
    make.move_lesson(first, 99)
    make.move_lesson(second, 0)
    assert titles(library, course) == ["b", "d", "c", "a"]


def test_a_lesson_that_was_removed_comes_back_where_it_stood(library: Library, course: UUID) -> None:
    _, second, _ = (library.authoring.add_lesson(course, name) for name in "abc")
    library.authoring.remove_lesson(second)
    assert titles(library, course) == ["a", "c"]
    library.authoring.bring_back_lesson(second)
    assert titles(library, course) == ["a", "b", "c"]


def test_blocks_move_change_go_and_come_back(library: Library, course: UUID) -> None:
    make, lesson = library.authoring, library.authoring.add_lesson(course, "One")
    for name in "abc":
        make.add_block(lesson, TextBlock(id=name, html=name))
    make.add_block(lesson, PASSAGE, at=1)
    assert blocks(library, lesson) == ["a", "p", "b", "c"]
    assert make.move_block(lesson, "c", 0) == 3
    assert blocks(library, lesson) == ["c", "a", "p", "b"]
    changed = next(one for one in library.courses.lesson(lesson).blocks if one.id == "a")
    assert isinstance(changed, TextBlock)
    make.put_block(lesson, replace(changed, html="other"))
    make.remove_block(lesson, "p")
    assert blocks(library, lesson) == ["c", "a", "b"]
    make.put_block(lesson, changed)
    assert [getattr(one, "html", "") for one in library.courses.lesson(lesson).blocks] == ["c", "a", "b"]


def test_a_change_to_one_block_tells_the_server_of_that_block_alone(library: Library, course: UUID) -> None:
    from sync.merge.documents import written

    lesson = library.authoring.add_lesson(course, "One")
    for name in "abc":
        library.authoring.add_block(lesson, TextBlock(id=name, html=name))
    before = column(library, "content_items", "metadata_json")[-1]
    library.authoring.put_block(lesson, replace(library.courses.lesson(lesson).blocks[1], html="new"))  # type: ignore[call-arg]
    after = column(library, "content_items", "metadata_json")[-1]
    assert list(written(before, after)) == ["/blocks/b/html"]


def test_lessons_cannot_wait_for_each_other(library: Library, course: UUID) -> None:
    make = library.authoring
    first, second, third = (make.add_lesson(course, name) for name in "abc")
    make.require(second, [first])
    make.require(third, [second])
    with pytest.raises(ReaderError, match="“a”, then “c”, then “b”, then “a”") as caught:
        make.require(first, [third])
    assert caught.value.code is Code.COURSE_CIRCLE
    assert library.courses.lesson(first).prerequisites == ()
    make.require(third, [first, first, uuid4()])
    assert library.courses.lesson(third).prerequisites == (str(first),)


def test_the_key_never_stands_in_the_row_that_students_get(library: Library, course: UUID) -> None:
    lesson = library.authoring.add_lesson(course, "Quiz", kind=LessonKind.ASSESSMENT)
    quiz = library.authoring.add_assessment(course, lesson, "Quiz", mode=Mode.GRADED)
    essay = EssayKey(rubric=(Criterion(id="c", title="Depth", points=4),), model_answer="Because of variation.")
    library.authoring.put_question(quiz, QUESTION, KEY)
    library.authoring.put_question(quiz, Essay(id="e", prompt="Why?"), essay)
    known = library.courses.assessment(quiz)
    assert known.keys == {"q": KEY, "e": essay}
    assert [one.id for one in known.questions] == ["q", "e"]
    for where in column(library, "assessments", "questions_json"):
        assert "shares" not in str(where)
        assert "variation" not in str(where)
    assert "variation" not in str(column(library, "assessment_keys", "answers_json"))
    assert library.courses.seen_by_students(course).assessments[0].keys == {}


def test_a_question_moves_and_goes_with_its_key(library: Library, course: UUID) -> None:
    quiz = library.authoring.add_assessment(course, None, "Quiz")
    for name in "abc":
        library.authoring.put_question(quiz, replace(QUESTION, id=name), KEY)
    library.authoring.put_question(quiz, replace(QUESTION, id="c", prompt="Who then?"), KEY, at=0)
    first = library.courses.assessment(quiz).questions[0]
    assert (first.id, first.prompt) == ("c", "Who then?")
    library.authoring.remove_question(quiz, "a")
    known = library.courses.assessment(quiz)
    assert [one.id for one in known.questions] == ["c", "b"]
    assert set(known.keys) == {"b", "c"}


def test_the_rules_of_a_quiz_change_without_its_questions(library: Library, course: UUID) -> None:
    quiz = library.authoring.add_assessment(course, None, "Quiz")
    library.authoring.put_question(quiz, QUESTION, KEY)
    known = library.courses.assessment(quiz)
    wanted = replace(known, title="Test", mode=Mode.GRADED, passing_score=62.5, time_limit=600, max_attempts=2)
    library.authoring.change_assessment(quiz, replace(wanted, is_shuffled=True, questions=(), keys={}))
    assert library.courses.assessment(quiz) == replace(wanted, is_shuffled=True)


def test_a_teachers_notes_are_their_own_and_never_in_the_lesson(library: Library, course: UUID) -> None:
    lesson = library.authoring.add_lesson(course, "One")
    library.authoring.write_teacher_notes(lesson, "Ask Anna first.")
    assert library.authoring.teacher_notes(lesson) == "Ask Anna first."
    library.authoring.write_teacher_notes(lesson, "Ask Ben first.")
    assert library.authoring.teacher_notes(lesson) == "Ask Ben first."
    assert "Ben" not in str(library.courses.document(course))
    assert not any("Ben" in str(one) for one in column(library, "content_items", "metadata_json"))
    assert column(library, "user_notes", "is_public") == [False]
    assert library.notes.all() == []
    assert library.notes.count() == 0


def test_publishing_publishes_what_is_in_the_course_and_what_comes_later(library: Library, course: UUID) -> None:
    make = library.authoring
    make.add_lesson(course, "One")
    make.set_status(course, Status.PUBLISHED, audience=Audience.EVERYBODY)
    make.add_lesson(course, "Two")
    assert column(library, "content_items", "status") == ["published"] * 3
    assert column(library, "content_items", "visibility") == ["public"] * 3
    make.set_status(course, Status.ARCHIVED)
    assert set(column(library, "content_items", "status")) == {"archived"}
    assert library.courses.row(course).audience is Audience.EVERYBODY


def test_a_removed_course_leaves_the_list_and_comes_back(library: Library, course: UUID) -> None:
    library.authoring.remove_course(course)
    assert library.courses.list() == []
    library.authoring.bring_back_course(course)
    assert [one.title for one in library.courses.list()] == ["The origin of species"]


def test_a_course_of_somebody_else_cannot_be_changed(library: Library, course: UUID) -> None:
    lesson = library.authoring.add_lesson(course, "One")
    quiz = library.authoring.add_assessment(course, lesson, "Quiz")
    content_id = library.courses.row(course).content_id
    library._core.write(lambda unit: unit.update("content_items", content_id, {"creator_id": None}))
    for refused in (
        lambda: library.authoring.change_course(course, title="Mine"),
        lambda: library.authoring.add_block(lesson, TEXT),
        lambda: library.authoring.put_question(quiz, QUESTION, KEY),
    ):
        with pytest.raises(ReaderError) as caught:
            refused()
        assert caught.value.code is Code.COURSE_NOT_YOURS
    assert library.courses.row(course).title == "The origin of species"


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made_up.courses())
def test_a_document_brought_in_and_read_again_is_the_same(library: Library, document: CourseDocument) -> None:
    course = library.authoring.bring_in(document)
    assert plain(library.courses.document(course)) == plain(document)


def plain(document: CourseDocument) -> CourseDocument:
    """Return a course with ids by place, and blocks without order keys: what a copy must keep."""
    places = {lesson.id: f"lesson {number}" for number, lesson in enumerate(document.lessons)}
    return replace(
        document,
        id="",
        lessons=tuple(
            replace(
                lesson,
                id=places[lesson.id],
                prerequisites=tuple(places[one] for one in lesson.prerequisites if one in places),
                blocks=tuple(_without_order(block) for block in lesson.blocks),
            )
            for lesson in document.lessons
        ),
        assessments=tuple(
            replace(one, id="", lesson_id=places.get(one.lesson_id, ""), passing_score=round(one.passing_score, 2))
            for one in document.assessments
        ),
        layers=tuple(sorted((_plain_layer(layer) for layer in document.layers), key=repr)),
    )


def _plain_layer(layer: LayerDocument) -> LayerDocument:
    return replace(layer, id="", blocks=tuple(_without_order(block) for block in layer.blocks))


def _without_order(block: Block) -> Block:
    return replace(block, order="")
