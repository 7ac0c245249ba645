"""Taking a course in the real window: its page, a lesson, a place in the book, questions, a certificate."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QRadioButton
from pytestqt.qtbot import QtBot

from alexandria_desktop.library.library import Library
from alexandria_desktop.store.progress import State
from alexandria_desktop.teach import blocks as b
from alexandria_desktop.teach.document import CourseDocument, LessonDocument
from alexandria_desktop.teach.taking.path import RULE, Completion
from alexandria_desktop.ui.courses.taking import TakingScreen
from alexandria_desktop.ui.session import Session
from sync.assessing.assessment import AssessmentDocument
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from sync.assessing.questions.answers import Selected
from tests.support.epubs import make_epub

PATIENCE = 20_000
WORDS = "<p>It is interesting to contemplate an entangled bank, clothed with many plants of many kinds.</p>"
BANK = "an entangled bank"


def course(library: Library, book: UUID) -> UUID:
    place = library.notes.find_quote(book, BANK)
    found = b.BookPlace(locator=place, book_title="Origin", book_author="Ann Author")
    lessons = (
        LessonDocument(
            id="first", title="The bank", blocks=(
                b.TextBlock(id="t", html="<p>Read this <em>slowly</em>.</p>"),
                b.PassageBlock(id="p", place=found, text=BANK),
                b.RevealBlock(id="r", prompt="What grows there?", html="<p>Plants of many kinds.</p>"),
                b.OrderBlock(id="o", prompt="In order", items=(b.Item(id="1", text="one"), b.Item(id="2", text="two"))),
            ),
        ),
        LessonDocument(id="second", title="Afterwards", prerequisites=("first",)),
    )  # fmt: skip
    choices = (q.Choice(id="x", text="A bank"), q.Choice(id="y", text="A sea"))
    quiz = AssessmentDocument(
        id="quiz", lesson_id="first", title="Did you see?", passing_score=60, max_attempts=2,
        questions=(
            q.MultipleChoice(id="a", prompt="What is it?", choices=choices),
            q.ShortText(id="s", prompt="Clothed with what?"),
            q.FindPassage(id="f", prompt="Find the bank.", book_title="Origin", edition=place.edition),
        ),
        keys={
            "a": k.MultipleChoiceKey(shares={"x": 1.0}),
            "s": k.ShortTextKey(variants=(k.Variant(text="plants"),)),
            "f": k.FindPassageKey(passages=(place,)),
        },
    )  # fmt: skip
    return library.authoring.bring_in(
        CourseDocument(
            id="c", title="Banks", description="<p>On banks.</p>", objectives=("to look closely",),
            settings={RULE: Completion.PASSED.value}, lessons=lessons, assessments=(quiz,),
        )
    )  # fmt: skip


class Student:
    """Somebody at the window."""

    def __init__(self, qapp: QApplication, qtbot: QtBot, root: Path) -> None:
        self.library = Library.open(root / "library", vectors="numpy")
        file = make_epub(root / "origin.epub", [("Bank", WORDS)], title="Origin")
        book = self.library.import_paths([file])[0].book_id
        assert book is not None
        self.book = book
        self.course = course(self.library, book)
        self.session = Session(qapp, self.library)
        self.window = self.session.window
        self.session.start()
        self.window.show()
        self._qtbot = qtbot

    @property
    def screen(self) -> TakingScreen:
        return self.window.courses.screen

    def wait(self, condition: Callable[[], object]) -> None:
        self._qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE)

    def open_course(self) -> None:
        self.window.take_course(self.course)
        self.wait(lambda: self.screen.page.title.text() == "Banks" and self.screen.page.go.isVisible())

    def state(self, lesson: int) -> State:
        document = self.library.courses.document(self.course)
        found = self.library.learning.standing(document).lessons.get(document.lessons[lesson].id)
        return found.state if found is not None else State.NOT_STARTED

    def end(self) -> None:
        self.window.close()
        self.session.close()


@pytest.fixture
def student(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Student]:
    found = Student(qapp, qtbot, tmp_path)
    yield found
    found.end()


def test_a_course_is_taken_from_its_page_to_its_certificate(student: Student, tmp_path: Path) -> None:
    student.open_course()
    screen = student.screen
    assert screen.page.share.text().startswith("0 of 2 lessons done")
    screen.page.go.click()
    student.wait(lambda: screen.stack.currentWidget() is screen.lesson)
    student._qtbot.keyClick(screen.lesson, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    # The rule of the course sends the reader to the questions before the lesson counts.
    student.wait(lambda: screen.stack.currentWidget() is screen.quiz and screen.quiz.intro.begin.isEnabled())
    assert student.state(0) is State.IN_PROGRESS
    screen.quiz.intro.begin.click()
    student.wait(lambda: screen.quiz.sitting is not None)
    sitting = screen.quiz.sitting
    assert sitting is not None
    page = screen.quiz.pages.widget(0)
    assert page is not None
    right = next(one for one in page.findChildren(QRadioButton) if one.accessibleName() == "A bank")
    right.click()
    screen.quiz.next.click()
    second = screen.quiz.pages.widget(1)
    assert second is not None
    line = second.findChildren(QLineEdit)[0]
    student._qtbot.keyClicks(line, "Plants")
    student.wait(lambda: len(sitting.answers) == 2)
    screen.quiz.go_to(2)
    screen.quiz.next.click()
    assert screen.quiz.banner.isVisible(), "one question is not answered, which is said first"
    screen.quiz.banner.retry.click()
    student.wait(lambda: screen.quiz.results.isVisible())
    assert screen.quiz.results.verdict.text() == "Passed"
    assert screen.quiz.results.score.text() == "66.67 %"
    screen.quiz.results.back.click()
    student.wait(lambda: student.state(0) is State.COMPLETED)
    student.wait(lambda: screen.page.share.text().startswith("1 of 2"))
    screen.page.go.click()
    student.wait(lambda: screen.stack.currentWidget() is screen.lesson)
    screen.lesson.done.click()
    student.wait(lambda: screen.page.certificate.isVisible())
    screen.write_certificate(tmp_path / "certificate.pdf", "Ada")
    assert (tmp_path / "certificate.pdf").read_bytes().startswith(b"%PDF")


def test_a_lesson_is_closed_as_long_as_what_comes_first_is_not_done(student: Student) -> None:
    student.open_course()
    rows = [
        one
        for one in student.screen.page.findChildren(type(student.screen.page.go))
        if "Afterwards" in one.accessibleName()
    ]
    assert [row.isEnabled() for row in rows] == [False]


def test_an_attempt_that_was_left_goes_on_where_it_was(student: Student) -> None:
    student.open_course()
    quiz = student.screen.quiz
    document = student.library.courses.document(student.course)
    student.screen.open_assessment(document.assessments[0].id)
    student.wait(lambda: quiz.intro.begin.isEnabled())
    quiz.intro.begin.click()
    student.wait(lambda: quiz.sitting is not None)
    quiz.go_to(1)
    page = quiz.pages.widget(1)
    assert page is not None
    student._qtbot.keyClicks(page.findChildren(QLineEdit)[0], "Plan")
    quiz.leave()  # at once: what was typed is written on the way out
    student.wait(lambda: student.screen.stack.currentWidget() is student.screen.page)
    student.screen.open_assessment(document.assessments[0].id)
    student.wait(lambda: quiz.sitting is not None and quiz.pages.count() == 3)
    page = quiz.pages.widget(1)
    assert page is not None
    assert page.findChildren(QLineEdit)[0].text() == "Plan"
    assert not page.findChildren(QCheckBox)


def test_words_are_found_in_the_book_and_taken_as_the_answer(student: Student) -> None:
    student.open_course()
    quiz, reader = student.screen.quiz, student.window.reader
    document = student.library.courses.document(student.course)
    student.screen.open_assessment(document.assessments[0].id)
    student.wait(lambda: quiz.intro.begin.isEnabled())
    quiz.intro.begin.click()
    student.wait(lambda: quiz.sitting is not None)
    sitting = quiz.sitting
    assert sitting is not None
    question = next(one for one in sitting.questions if isinstance(one, q.FindPassage))
    quiz._ask_for_place(question)
    student.wait(lambda: student.window.stack.currentWidget() is reader and reader.banner.isVisible())
    place = student.library.notes.find_quote(student.book, BANK)
    reader.answer(place)
    student.wait(lambda: student.window.stack.currentWidget() is student.screen)
    student.wait(lambda: isinstance(sitting.answers.get(question.id), Selected))


def test_a_passage_opens_in_its_book_and_the_way_back_leads_to_the_lesson(student: Student) -> None:
    student.open_course()
    screen, reader = student.screen, student.window.reader
    screen.page.go.click()
    student.wait(lambda: screen.stack.currentWidget() is screen.lesson)
    document = student.library.courses.document(student.course)
    passage = document.lessons[0].blocks[1]
    assert isinstance(passage, b.PassageBlock)
    screen.open_place(passage.place)
    student.wait(lambda: student.window.stack.currentWidget() is reader and reader.book_id == student.book)
    reader.left.emit()
    assert student.window.stack.currentWidget() is screen
    assert screen.stack.currentWidget() is screen.lesson


def test_a_book_that_is_not_here_is_named_in_a_sentence(student: Student) -> None:
    student.open_course()
    place = student.library.notes.find_quote(student.book, BANK)
    student.screen.open_place(b.BookPlace(locator=place, book_title="Elsewhere"))
    student.wait(lambda: student.window.reader.book_id == student.book)
    student.window.reader.left.emit()
    student.library.shelf.remove([student.book])
    student.screen.open_place(b.BookPlace(locator=place, book_title="Elsewhere"))
    student.wait(lambda: student.screen.banner.isVisible())
    assert "“Elsewhere” is not on your shelf" in student.screen.banner.accessibleName()


def test_a_lesson_goes_along_into_its_books_and_escape_comes_back_to_it(student: Student) -> None:
    places = [student.library.notes.find_quote(student.book, words) for words in (BANK, "many plants")]
    blocks: list[b.Block] = [
        b.PassageBlock(id=f"p{at}", place=b.BookPlace(locator=place, book_title="Origin"), text="words")
        for at, place in enumerate(places)
    ]
    filling = b.TextBlock(id="long", html="".join(f"<p>Line {line}</p>" for line in range(90)))
    lesson = LessonDocument(id="l", title="Long", blocks=(blocks[0], filling, blocks[1]))
    course = student.library.authoring.bring_in(CourseDocument(id="long", title="Long", lessons=(lesson,)))
    screen, window, reader = student.screen, student.window, student.window.reader
    window.take_course(course)
    student.wait(lambda: screen.course is not None and screen.course.id == str(course))
    screen.page.go.click()
    student.wait(lambda: screen.stack.currentWidget() is screen.lesson)
    shown = screen._lesson
    assert shown is not None
    screen.open_place(shown.blocks[0].place)  # type: ignore[attr-defined]
    student.wait(lambda: window.stack.currentWidget() is reader and reader._above is not None)
    bar = window.courses._bar
    assert bar is not None
    assert bar.words.text() == "Lesson: Long  ·  passage 1 of 2"
    reader.do("next-of-lesson")
    student.wait(lambda: bar.words.text() == "Lesson: Long  ·  passage 2 of 2")
    assert bar.next.isHidden()
    reader.do("step-back")
    assert window.stack.currentWidget() is screen
    assert screen.stack.currentWidget() is screen.lesson
    area = screen.lesson._area
    assert area is not None
    student.wait(lambda: area.verticalScrollBar().value() > 500)  # at the passage that one has come to
    window.open_book(student.book)
    student.wait(lambda: reader.book_id == student.book and reader.where is not None)
    assert reader._above is None  # a book that is opened from the shelf belongs to no lesson
