"""A teacher at the builder's window: every step is a key, a click, a choice from a menu or a drop."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from alexandria_desktop.store.course_rows import Status
from alexandria_desktop.teach.document import CourseDocument
from alexandria_desktop.ui.courses.builder.choice_rows import ChoiceRows
from alexandria_desktop.ui.courses.builder.quiz_view import QuestionCard
from alexandria_desktop.ui.courses.builder.rich_edit import RichEdit
from alexandria_desktop.ui.courses.builder.screen import BuilderScreen
from alexandria_desktop.ui.session import Session

PATIENCE = 20_000
LEFT = Qt.MouseButton.LeftButton


class Teacher:
    """Makes a course in the window; each step waits until the library holds what it made."""

    def __init__(self, session: Session, qtbot: QtBot) -> None:
        self._session, self._qtbot = session, qtbot
        session.window.show_courses()
        page = session.window.shelf.courses
        self.wait(page.isVisible)
        page.new.click()
        self.wait(lambda: session.window.stack.currentWidget() is session.window.courses.builder)
        self.screen: BuilderScreen = session.window.courses.builder
        self.wait(lambda: self.screen.opened.read is not None)

    @property
    def course(self) -> UUID:
        """The course that is made."""
        found = self.screen.opened.course_id
        assert found is not None
        return found

    def document(self) -> CourseDocument:
        """The course as the library holds it."""
        return self._session.library.courses.document(self.course)

    def wait(self, condition: Callable[[], object]) -> None:
        """Wait until something holds."""
        self._qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE)

    def name_course(self, title: str) -> None:
        """Type the title, as the new course asks for it first."""
        self._type(self.screen.course.title, title)
        self.wait(lambda: self.document().title == title)

    def choose(self, button: QWidget, words: str) -> None:
        """Press a button and choose from the menu that opens."""
        QTest.mouseClick(button, LEFT)
        found: list[QMenu] = []

        def opened() -> bool:
            found[:] = [one for one in self.screen.findChildren(QMenu) if one.isVisible()]
            return bool(found)

        self.wait(opened)
        action = next(one for one in found[-1].actions() if one.text() == words)
        QTest.mouseClick(found[-1], LEFT, pos=found[-1].actionGeometry(action).center())

    def pick(self, box: QComboBox, data: object) -> None:
        """Choose a line of a box by keys."""
        wanted = next(at for at in range(box.count()) if box.itemData(at) == data)
        QTest.keyClick(box, Qt.Key.Key_Home)
        while box.currentIndex() < wanted:
            QTest.keyClick(box, Qt.Key.Key_Down)

    def go_to(self, title: str) -> None:
        """Click a line of the tree."""
        tree = self.screen.tree
        row = next(at for at in range(tree.count()) if tree.item(at).text().strip() == title)
        QTest.mouseClick(tree.viewport(), LEFT, pos=tree.visualItemRect(tree.item(row)).center())
        self.wait(lambda: tree.currentRow() == row)

    def add_lesson(self, title: str) -> None:
        """Add a lesson behind the one that is shown, and name it."""
        before = len(self.document().lessons)
        self.choose(self.screen.add, "Lesson")
        self.wait(lambda: len(self.document().lessons) == before + 1)
        self.wait(lambda: self.screen.lesson.isVisible() and self.screen.lesson.title.text() == "New lesson")
        self._type(self.screen.lesson.title, title)
        self.wait(lambda: title in [one.title for one in self.document().lessons])

    def show_book(self, title: str) -> None:
        """Put a book beside the lesson."""
        books = self.screen.book.books
        self.wait(lambda: any(title in books.itemText(at) for at in range(books.count())))
        books.setCurrentIndex(next(at for at in range(books.count()) if title in books.itemText(at)))

    def search(self, words: str) -> None:
        """Search in the book beside, until a passage with these words is the first card."""
        side = self.screen.book
        side.search()
        side.field.clear()
        QTest.keyClicks(side.field, words)
        self.wait(lambda: side.cards.count() and words.lower() in side.cards.item(0).text().lower())

    def drop_card(self, title: str) -> None:
        """Drag the first card into the lesson that is shown, to its end."""
        cards, lesson = self.screen.book.cards, self.screen.lesson
        before = self._blocks(title)
        mime, end = cards.mimeData([cards.item(0)]), QPoint(40, lesson.height() - 2)
        move, none = Qt.DropAction.MoveAction, Qt.KeyboardModifier.NoModifier
        for event in (
            QDragEnterEvent(end, move, mime, LEFT, none),
            QDragMoveEvent(end, move, mime, LEFT, none),
            QDropEvent(QPointF(end), move, mime, LEFT, none),
        ):
            QApplication.sendEvent(lesson, event)
        self.wait(lambda: self._blocks(title) == before + 1)

    def enter_card(self, title: str) -> None:
        """Put the first card into the lesson that is shown by Enter."""
        before = self._blocks(title)
        QTest.keyClick(self.screen.book.cards, Qt.Key.Key_Return)
        self.wait(lambda: self._blocks(title) == before + 1)

    def make_graded(self) -> None:
        """Have the quiz that is shown graded."""
        words = next(one for one in self.screen.quiz.mode.findChildren(QPushButton) if one.text() == "Graded")
        QTest.mouseClick(words, LEFT)

    def write(self, words: str) -> None:
        """Begin a text in the lesson that is shown and type it."""
        before = len(self.screen.lesson._editors)
        self.choose(self.screen.lesson.add, "Text")
        self.wait(lambda: len(self.screen.lesson._editors) == before + 1)
        self._type(self.screen.lesson._editors[-1].findChildren(RichEdit)[0], words)

    def comes_after(self, title: str) -> None:
        """Have the lesson that is shown come after another."""
        self.choose(self.screen.lesson._first, title)

    def add_quiz(self, title: str) -> None:
        """Add a quiz to the lesson that is shown, and name it."""
        before = len(self.document().assessments)
        self.choose(self.screen.add, "Quiz")
        self.wait(lambda: len(self.document().assessments) == before + 1 and self.screen.quiz.isVisible())
        self.wait(lambda: self.screen.quiz.title.text() == "Quiz")
        self._type(self.screen.quiz.title, title)
        self.wait(lambda: title in [one.title for one in self.document().assessments])

    def ask(self, kind: str, prompt: str, points: float = 1) -> QuestionCard:
        """Add a question of a kind by its words in the menu, type what is asked, and return its card."""
        cards = self.screen.quiz._cards
        before = len(cards)
        self.choose(self.screen.quiz.add, kind)
        self.wait(lambda: len(self.screen.quiz._cards) == before + 1)
        card = self.screen.quiz._cards[-1]
        self._type(card.prompt, prompt)
        card.findChildren(QDoubleSpinBox)[0].setValue(points)
        return card

    def give_choices(self, card: QuestionCard, right: str, *wrong: str) -> None:
        """Type the choices, the right one first, and mark it."""
        rows = card.findChildren(ChoiceRows)[0]
        for line, words in zip(rows.findChildren(QLineEdit), (right, *wrong), strict=True):
            self._type(line, words)
        QTest.mouseClick(rows.findChildren(QRadioButton)[0], LEFT, pos=QPoint(8, 8))
        self.wait(rows.findChildren(QRadioButton)[0].isChecked)

    def give_lines(self, card: QuestionCard, words: str) -> None:
        """Type into the first larger field of a question: what is accepted, or what is looked at."""
        self._type(card.form.findChildren(QPlainTextEdit)[0], words)

    def publish(self) -> None:
        """Publish the course for those who have its code."""
        self.pick(self.screen.course.status, Status.PUBLISHED)
        self.wait(lambda: self._session.library.courses.row(self.course).status is Status.PUBLISHED)

    def rest(self) -> None:
        """Wait until all that was typed is written."""
        self.wait(lambda: self.screen.writing.is_at_rest)

    def _blocks(self, title: str) -> int:
        return next(len(one.blocks) for one in self.document().lessons if one.title == title)

    def _type(self, field: QWidget, words: str) -> None:
        self._session.window.activateWindow()
        field.setFocus(Qt.FocusReason.MouseFocusReason)
        if isinstance(field, QLineEdit):
            field.selectAll()
        QTest.keyClicks(field, words)
