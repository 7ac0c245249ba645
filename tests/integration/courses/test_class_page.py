"""The teacher's page: who is where, what the questions tell, and an essay graded by hand."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot
from sqlalchemy import insert

from alexandria_desktop.library.library import Library
from alexandria_desktop.store.requests import Asked, asked
from alexandria_desktop.store.unit_of_work import UnitOfWork
from alexandria_desktop.teach.document import CourseDocument, LessonDocument
from alexandria_desktop.ui.courses.class_page import CLASS, GRADING, QUESTIONS, ClassPage
from alexandria_desktop.ui.session import Session
from sync.assessing.assessment import AssessmentDocument, Mode
from sync.assessing.handed_in import Entry, HandedIn
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from sync.assessing.questions.answers import Chosen, Written
from sync.schema.ids import uuid7
from sync.schema.tables import table

PATIENCE = 20_000
NAMES = ("Zoë", "Émile", "Ada")


def course(library: Library) -> UUID:
    choices = (q.Choice(id="x", text="A bank"), q.Choice(id="y", text="A sea"))
    quiz = AssessmentDocument(
        id="quiz", title="Quiz", questions=(q.MultipleChoice(id="a", prompt="What is it?", choices=choices),),
        keys={"a": k.MultipleChoiceKey(shares={"x": 1.0})},
    )  # fmt: skip
    essay = AssessmentDocument(
        id="essay", title="Essay", mode=Mode.GRADED, questions=(q.Essay(id="w", prompt="Why?", points=3),),
        keys={"w": k.EssayKey(rubric=(k.Criterion(id="1", title="Thought", points=2), k.Criterion(id="2", points=1)))},
    )  # fmt: skip
    lessons = (LessonDocument(id="l", title="Banks"),)
    return library.authoring.bring_in(CourseDocument(id="c", title="Banks", lessons=lessons, assessments=(quiz, essay)))


def fill(unit: UnitOfWork, course_id: UUID, lesson: UUID, quiz: UUID, essay: UUID) -> None:
    """Put in what a sync brings of three students: the first is done, the second stuck, the third has not begun."""
    add = unit.connection.execute
    for place, name in enumerate(NAMES):
        student = uuid7()
        add(insert(table("user_profiles")).values(id=uuid7(), user_id=student, display_name=name))
        enrolled = {"user_id": student, "course_id": course_id, "role": "student", "status": "active"}
        add(insert(table("course_enrollments")).values(id=uuid7(), **enrolled))
        if place == 2:
            continue
        state = ("completed", "in_progress")[place]
        when = unit.now - timedelta(days=30)
        add(
            insert(table("student_progress")).values(
                id=uuid7(), user_id=student, course_id=course_id, lesson_id=lesson, status=state, time_spent=600,
                started_at=when, updated_at=when,
            )
        )  # fmt: skip
        for assessment, answers in (
            (quiz, {"a": Chosen(("x" if place == 0 else "y",))}),
            (essay, {"w": Written(f"Because, says {name}.")}),
        ):
            handed = HandedIn(answers, tuple(Entry(1, one) for one in answers), 5)
            add(
                insert(table("assessment_attempts")).values(
                    id=uuid7(), user_id=student, assessment_id=assessment, attempt_number=1,
                    answers_json=handed.to_json(), status="submitted", started_at=when, submitted_at=when,
                )
            )  # fmt: skip


class Desk:
    def __init__(self, qapp: QApplication, qtbot: QtBot, root: Path) -> None:
        self.library = Library.open(root, vectors="numpy")
        self.course = course(self.library)
        self.session = Session(qapp, self.library)
        self.session.start()
        self._qtbot = qtbot

    def fill(self) -> None:
        document = self.library.courses.document(self.course)
        ids = [UUID(one.id) for one in (*document.lessons, *document.assessments)]
        self.library._core.write(lambda unit: fill(unit, self.course, *ids))

    def open(self) -> ClassPage:
        self.session.window.teach_course(self.course)
        page = self.session.window.courses.class_page
        self._qtbot.waitUntil(lambda: page.title.text() == "Banks", timeout=PATIENCE)
        return page


@pytest.fixture
def desk(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    found = Desk(qapp, qtbot, tmp_path / "library")
    yield found
    found.session.window.close()
    found.session.close()


def asked_for(library: Library, kind: str) -> list[Asked]:
    with library._core.reading() as connection:
        return asked(connection, library._core.identity.user_id, kind)


def student(page: ClassPage) -> str:
    return next(one.student for one in page._table.students if one.name == "Ada")


def words(page: ClassPage, row: int) -> list[str]:
    model = page.view.model()
    return [str(model.index(row, column).data() or "") for column in range(model.columnCount())]


def test_a_class_without_students_says_when_they_come(desk: Desk) -> None:
    page = desk.open()
    assert not page.view.isVisible()
    assert page.export.isHidden()


def test_a_class_without_students_gives_the_code_that_brings_them(desk: Desk, qtbot: QtBot) -> None:
    page = desk.open()
    clipboard = desk.session.application.clipboard()
    clipboard.clear()
    page._empty.button.click()
    qtbot.waitUntil(lambda: bool(clipboard.text()))
    made = desk.library.joining.invitation(desk.course)
    assert made is not None
    assert clipboard.text() == made.code


@pytest.mark.parametrize(("role", "is_asked"), [("take", True), ("cancel", False)])
def test_a_student_is_taken_out_only_after_a_question(desk: Desk, qtbot: QtBot, role: str, is_asked: bool) -> None:
    desk.fill()
    page = desk.open()
    page.view.setFocus()
    page.view.setCurrentIndex(page.view.model().index(0, 0))
    QTest.keyClick(page.view, Qt.Key.Key_Delete)
    (box,) = page.findChildren(QMessageBox)
    assert box.text() == "Take Ada out of the course?"
    take, cancel = box.buttons() if box.buttons()[0].text() == "Take out" else box.buttons()[::-1]
    (take if role == "take" else cancel).click()
    qtbot.waitUntil(lambda: not page.findChildren(QMessageBox))
    desk.session.tasks.wait()
    assert [one.payload for one in asked_for(desk.library, "leave")] == (
        [{"user_id": student(page)}] if is_asked else []
    )


def test_students_stand_by_name_with_what_they_did(desk: Desk, tmp_path: Path) -> None:
    desk.fill()
    page = desk.open()
    assert [words(page, row) for row in range(3)] == [
        ["Ada", "", "0 of 1", "", "", "", ""],
        ["Émile", "Banks", "0 of 1", "10 min", "Begun", "0 %", "To grade"],
        ["Zoë", "", "1 of 1", "10 min", "Done", "100 %", "To grade"],
    ]
    page.view.sortByColumn(5, Qt.SortOrder.DescendingOrder)
    assert words(page, 0)[0] == "Zoë"
    page.write_csv(tmp_path / "class.csv")
    with (tmp_path / "class.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row[0] for row in csv.reader(file)] == ["Name", "Ada", "Émile", "Zoë"]


def test_an_essay_is_graded_by_its_rubric_and_the_next_one_comes(desk: Desk, qtbot: QtBot) -> None:
    desk.fill()
    page = desk.open()
    page.parts.choose(GRADING)
    page._on_part(GRADING)
    assert page.grading.who.text().endswith("1 of 2")
    sheet = page.grading.sheets[0]
    assert [box.maximum() for box in sheet.points] == [2, 1]
    sheet.points[0].setValue(1.5)
    page.grading.save.click()
    qtbot.waitUntil(lambda: page.grading.who.text().endswith("1 of 1"), timeout=PATIENCE)
    with desk.library._core.reading() as connection:
        kept = table("attempt_grades")
        scores = sorted(float(row.score) for row in connection.execute(kept.select()))
    assert scores == [0, 50, 100]
    page.parts.choose(QUESTIONS)
    page._on_part(QUESTIONS)
    assert page.questions.table.rowCount() == 2
    assert "from 10 answers on" in page.questions.sentence.text()
    page._on_part(CLASS)
    assert page.export.isVisibleTo(page)
