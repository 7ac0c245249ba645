"""A teacher at the window, the builder open."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from alexandria_desktop.teach.blocks import TextBlock
from alexandria_desktop.teach.document import LessonDocument, LessonKind
from alexandria_desktop.ui.courses.builder.block_editors import BlockEditor
from alexandria_desktop.ui.courses.builder.screen import BuilderScreen
from alexandria_desktop.ui.session import Session


class Desk:
    """A window with the builder open on a course of two lessons and a quiz."""

    def __init__(self, session: Session, qtbot: QtBot) -> None:
        self.session, self.library, self.qtbot = session, session.library, qtbot
        make = self.library.authoring
        self.course = make.make_course("Evolution")
        self.first = make.add_lesson(self.course, "First")
        self.second = make.add_lesson(self.course, "Second")
        make.add_block(self.first, TextBlock(id="a", html="One"))
        make.add_block(self.first, TextBlock(id="b", html="Two"))
        holder = make.add_lesson(self.course, "Test", kind=LessonKind.ASSESSMENT)
        self.quiz = make.add_assessment(self.course, holder, "Quiz")
        session.window.resize(1280, 800)
        session.window.show()
        session.window.build_course(self.course)
        self.screen: BuilderScreen = session.window.courses.builder
        qtbot.waitUntil(lambda: self.screen.tree.count() == 5)

    def go(self, row: int) -> None:
        self.screen.tree.setCurrentRow(row)

    def end_the_title_with(self, sign: str) -> None:
        QTest.keyClick(self.screen.lesson.title, Qt.Key.Key_End)
        QTest.keyClicks(self.screen.lesson.title, sign)

    def becomes(self, look: Callable[[], object], wanted: object) -> None:
        self.qtbot.waitUntil(lambda: look() == wanted, timeout=5_000)

    def lesson(self) -> LessonDocument:
        return self.library.courses.lesson(self.first)

    def texts(self) -> list[str]:
        return [getattr(block, "html", getattr(block, "text", "")) for block in self.lesson().blocks]

    def editors(self) -> list[BlockEditor]:
        return list(self.screen.lesson._editors)

    def titles(self) -> list[str]:
        return [one.title for one in self.library.courses.document(self.course).lessons]

    def focus(self, widget: QWidget) -> None:
        self.session.window.activateWindow()
        self.qtbot.waitUntil(lambda: widget.setFocus() or widget.hasFocus(), timeout=5_000)

    def rest(self) -> None:
        self.qtbot.waitUntil(lambda: self.screen.writing.is_at_rest, timeout=5_000)
