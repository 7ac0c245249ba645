"""A course on a train: a teacher builds it with no network, two students take it, one is killed in the middle of it.

Real windows, a real gateway over a real Postgres, real books.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QRadioButton
from pytestqt.qtbot import QtBot

from alexandria_desktop.library.library import Library
from alexandria_desktop.store.progress import State
from alexandria_desktop.teach.document import Mode
from alexandria_desktop.teach.taking.path import Completion
from alexandria_desktop.ui.courses.class_page import GRADING, ClassPage
from alexandria_desktop.ui.courses.join_dialog import JoinDialog
from alexandria_desktop.ui.session import Session
from tests.support.data import shared_data
from tests.support.server import ServerDatabase
from tests.support.teacher import Teacher
from tests.sync.conftest import account, address
from tests.sync.desks import sign_in
from tests.sync.laptops import Account, make_account

__all__ = ["account", "address"]
pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("drawer")]

PATIENCE = 60_000
ORIGIN = "epub/books/charles-darwin_the-origin-of-species.epub"
PROBLEMS = "epub/books/bertrand-russell_the-problems-of-philosophy.epub"
SECRET = "xylothek-nobody-guesses"


def build(teacher: Teacher) -> UUID:
    """Build four lessons out of two books, with two assessments; nothing of this needs a network."""
    teacher.name_course("Looking closely")
    teacher.pick(teacher.screen.course.rules.completion, Completion.PASSED)
    teacher.add_lesson("The bank")
    teacher.show_book("Origin")
    teacher.search("entangled bank")
    teacher.drop_card("The bank")
    teacher.add_quiz("Did you see?")
    teacher.screen.quiz.passing.setValue(50)
    teacher.give_choices(teacher.ask("Choose one", "What does he contemplate?"), "A bank", "A sea")
    teacher.give_lines(teacher.ask("A word or a few", "What kind of bank?"), "entangled")
    teacher.go_to("The bank")
    teacher.add_lesson("What we see")
    teacher.write("Look again.")
    teacher.comes_after("The bank")
    teacher.add_lesson("The table")
    teacher.show_book("Problems")
    teacher.search("knowledge in the world")
    teacher.enter_card("The table")
    teacher.add_lesson("Both together")
    teacher.add_quiz("Examination")
    teacher.make_graded()
    teacher.screen.quiz.passing.setValue(50)
    teacher.screen.quiz.limit.setValue(60)
    teacher.give_lines(teacher.ask("A word or a few", "The secret word?"), SECRET)
    teacher.give_lines(teacher.ask("Essay", "Compare them.", points=3), "Thought = 3")
    teacher.rest()
    teacher.go_to("Looking closely")
    teacher.publish()
    made = teacher.document()
    titles = ["The bank", "What we see", "The table", "Both together"]
    assert [one.title for one in made.lessons] == titles
    assert made.lessons[1].prerequisites == (made.lessons[0].id,)
    assert [[block.kind for block in one.blocks] for one in made.lessons] == [["passage"], ["text"], ["passage"], []]
    assert [(one.mode, one.time_limit, len(one.questions)) for one in made.assessments] == [
        (Mode.PRACTICE, None, 2), (Mode.GRADED, 3600, 2)
    ]  # fmt: skip
    return teacher.course


KILLED = """
import sys
from pathlib import Path
from uuid import UUID
from alexandria_desktop.library.library import Library
from alexandria_desktop.teach.questions.answers import Written
with Library.open(Path(sys.argv[1]), vectors="numpy") as library:
    document = library.courses.document(UUID(sys.argv[2]))
    exam = next(one for one in document.assessments if one.title == "Examination")
    sitting = library.attempts.begin(exam)
    sitting.answer(exam.questions[0].id, Written(sys.argv[3]))
    print("answered", flush=True)
    sys.stdin.read()
"""


class School:
    def __init__(self, qapp: QApplication, qtbot: QtBot, root: Path, database: ServerDatabase, address: str) -> None:
        self._qapp, self._qtbot, self.root, self._database, self._address = qapp, qtbot, root, database, address
        self.stack = ExitStack()

    def library(self, name: str) -> Library:
        return Library.open(self.root / name, vectors="numpy")

    def window(self, library: Library) -> Session:
        session = Session(self._qapp, library)

        def end() -> None:
            session.window.close()
            session.close()

        self.stack.callback(end)
        session.start()
        session.window.show()
        return session

    def account(self) -> Account:
        return make_account(self._address)

    def build(self) -> UUID:
        """Have the teacher build the course, from the two books on, in a window that nobody is signed in to."""
        library = self.library("teacher")
        library.import_paths([shared_data() / ORIGIN, shared_data() / PROBLEMS])
        session = Session(self._qapp, library)
        session.start()
        session.window.resize(1280, 800)
        session.window.show()
        course = build(Teacher(session, self._qtbot))
        session.window.close()
        session.close()
        return course

    def invite(self, course: UUID) -> str:
        """Make the course's code in the teacher's window, before the server has heard of the course."""
        session = Session(self._qapp, self.library("teacher"))
        session.start()
        session.window.show()
        session.window.build_course(course)
        field = session.window.courses.builder.course.invitation
        self.wait(field.make.isVisible)
        field.make.click()
        self.wait(field.copy.isVisible)
        field.copy.click()
        session.window.close()
        session.close()
        return self._qapp.clipboard().text()

    def join(self, name: str, course: UUID, code: str) -> None:
        """Type the code in a student's window; the course comes by itself."""
        library = self.library(name)
        sign_in(library, self.account())
        session = Session(self._qapp, library)
        session.start()
        session.window.show()
        session.window.show_courses()
        page = session.window.shelf.courses
        self.wait(lambda: not page.join_button.isVisible() and page.isVisible())
        page.join()
        (dialog,) = session.window.findChildren(JoinDialog)
        self._qtbot.keyClicks(dialog.code.edit, code.lower())
        dialog.join_button.click()
        self.wait(lambda: page.current() == course)
        session.window.close()
        session.close()

    def wait(self, condition: Callable[[], object]) -> None:
        self._qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE)

    def kill_in_the_exam(self, name: str, course: UUID, word: str) -> None:
        arguments = [sys.executable, "-c", KILLED, str(self.root / name), str(course), word]
        with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
            assert running.stdout is not None
            assert running.stdout.readline().strip() == "answered"
            os.kill(running.pid, signal.SIGKILL)


@pytest.fixture
def school(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, server_database: ServerDatabase, address: str
) -> Iterator[School]:
    found = School(qapp, qtbot, tmp_path, server_database, address)
    with found.stack:
        yield found


def take_practice(school: School, session: Session, course: UUID) -> None:
    """Go through the first lesson and its questions in the window."""
    session.window.take_course(course)
    screen = session.window.courses.screen
    school.wait(lambda: screen.page.go.isVisible())
    screen.page.go.click()
    school.wait(lambda: screen.stack.currentWidget() is screen.lesson)
    screen.lesson.done.click()
    school.wait(lambda: screen.stack.currentWidget() is screen.quiz and screen.quiz.intro.begin.isEnabled())
    screen.quiz.intro.begin.click()
    school.wait(lambda: screen.quiz.sitting is not None)
    page = screen.quiz.pages.widget(0)
    assert page is not None
    next(one for one in page.findChildren(QRadioButton) if one.accessibleName() == "A bank").click()
    screen.quiz.go_to(1)
    page = screen.quiz.pages.widget(1)
    assert page is not None
    school._qtbot.keyClicks(page.findChildren(QLineEdit)[0], "Entangled")
    screen.quiz.next.click()
    school.wait(lambda: screen.quiz.results.isVisible())
    assert screen.quiz.results.verdict.text() == "Passed"
    screen.quiz.results.back.click()
    school.wait(lambda: screen.page.share.text().startswith("1 of 4"))


def hand_in_exam(school: School, session: Session, course: UUID, answers: dict[int, str]) -> None:
    """Sit the examination in the window, or go on with it, and hand it in."""
    library, screen = session.library, session.window.courses.screen
    exam = next(one for one in library.courses.document(course).assessments if one.mode is Mode.GRADED)
    session.window.take_course(course)
    school.wait(lambda: screen.course is not None)
    screen.open_assessment(exam.id)
    school.wait(lambda: screen.quiz.sitting is not None or screen.quiz.intro.begin.isEnabled())
    if screen.quiz.sitting is None:
        screen.quiz.intro.begin.click()
        school.wait(lambda: screen.quiz.sitting is not None)
    for number, text in answers.items():
        screen.quiz.go_to(number)
        control = screen.quiz._controls[number]
        school._qtbot.keyClicks(control.focusWidget() or control, text)
    screen.quiz.go_to(1)
    screen.quiz.next.click()
    school.wait(lambda: screen.quiz.results.isVisible())
    assert screen.quiz.results.verdict.text() == "Handed in", "its teacher has to grade it"


def grade_one(school: School, page: ClassPage, points: float) -> None:
    """Grade the essay that is shown, and see the next one come."""
    school.wait(lambda: page.grading.sheets and page.grading.save.isVisible())
    before = page.grading.who.text()
    page.grading.sheets[0].points[0].setValue(points)
    page.grading.save.click()
    school.wait(lambda: page.grading.who.text() != before or not page.grading.save.isVisible())


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_a_course_is_built_taken_offline_and_graded(school: School) -> None:
    course = school.build()
    code = school.invite(course)
    teacher = school.library("teacher")
    sign_in(teacher, school.account())
    names = ("first", "second")
    for name in names:
        school.join(name, course, code)
    # With the network out: nobody syncs from here on.
    school.kill_in_the_exam("second", course, SECRET)
    sessions = [school.window(school.library(name)) for name in names]
    for session in sessions:
        take_practice(school, session, course)
    hand_in_exam(school, sessions[0], course, {0: "beech", 1: "They agree."})
    hand_in_exam(school, sessions[1], course, {1: "They differ."})
    for session in sessions:
        session.library.syncing.sync()
    # The teacher's window: the class, an essay each, the table again.
    desk = school.window(teacher)
    teacher.syncing.sync()
    desk.window.teach_course(course)
    page = desk.window.courses.class_page
    school.wait(lambda: page.title.text() == "Looking closely")
    page.parts.choose(GRADING)
    page._on_part(GRADING)
    for points in (3.0, 1.5):
        grade_one(school, page, points)
    table = teacher.teaching.class_table(course)
    exam = table.assessments[1].id
    best = sorted(row.scores[exam].best or 0 for row in table.students)
    # The first has no word and the second half of the essay, or the other way round, by who was graded first.
    assert best in ([62.5, 75.0], [37.5, 100.0])
    assert all(row.done() == 1 for row in table.students)
    teacher.syncing.sync()
    for name, session in zip(names, sessions, strict=True):
        session.library.syncing.sync()
        document = session.library.courses.document(course)
        standing = session.library.learning.standing(document)
        assert standing.lessons[document.lessons[0].id].state is State.COMPLETED
        graded = next(one for one in document.assessments if one.mode is Mode.GRADED)
        attempts = session.library.attempts.handed_in(UUID(graded.id))
        assert [one.number for one in attempts] == [1], "the killed attempt went on, it was not begun anew"
        assert session.library.attempts.result(graded, attempts[0]) is not None
        if name == "first":
            files = [one for one in (school.root / name).rglob("*") if one.is_file()]
            assert not [one for one in files if SECRET.encode() in one.read_bytes()], "no key on a student's disk"
