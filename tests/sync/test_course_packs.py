"""A course that came in a file, and a server later: the same ids, nothing twice, nothing refused, nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from alexandria_desktop.library.course_packs import Arrived
from alexandria_desktop.library.library import Library
from alexandria_desktop.store.course_rows import Audience, Status
from alexandria_desktop.store.progress import State
from sync.assessing.assessment import Mode
from sync.assessing.questions.grading import Grade, Verdict
from tests.support.carrying import FREE, SECRET, build_course, free_books, quiz, take_exam
from tests.support.server import ServerDatabase
from tests.sync.desks import sign_in
from tests.sync.laptops import Account, make_account

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("drawer")]

PARTS = ("courses", "lessons", "assessments", "assessment_keys", "student_progress", "assessment_attempts")


class Village:
    """A teacher and a student, first without a server and then with one."""

    def __init__(self, root: Path, database: ServerDatabase, address: str, stack: ExitStack) -> None:
        self.root, self._database, self._address, self._stack = root, database, address, stack
        self.teacher = self.library("teacher")
        self.course = build_course(self.teacher, root / "sources")
        self.pack = root / "garden.alexcourse"
        self.write()
        self.student = self.library("student")
        self.student.course_packs.open(self.pack)

    def library(self, name: str) -> Library:
        return self._stack.enter_context(Library.open(self.root / name, vectors="numpy"))

    def write(self) -> None:
        self.teacher.course_packs.write(self.course, self.pack, free_books(self.teacher, self.course), author="Ada")

    def work(self) -> UUID:
        """Let the student finish a lesson and hand the examination in; returns the attempt's id."""
        course = self.student.courses.document(self.course)
        self.student.learning.note_time(course, course.lessons[0], 300, is_through=True)
        return take_exam(self.student, self.course, SECRET, "Because of the rings.")

    def hand_over(self) -> None:
        """Bring the student's answers to the teacher in a file."""
        file = self.root / "bo.alexanswers"
        self.student.course_packs.save_answers(self.course, file, name="Bo")
        self.teacher.course_packs.take_answers(file)

    def sign_in(self, library: Library) -> Account:
        account = make_account(self._address)
        sign_in(library, account)
        return account

    def publish(self) -> None:
        self.teacher.authoring.set_status(self.course, Status.PUBLISHED, audience=Audience.INVITED)
        self.sign_in(self.teacher)

    def enrol(self) -> None:
        """Let the server put the student into the course, and tell them."""
        self.ask(
            "insert into course_enrollments (user_id, course_id, role) values (%s, %s, 'student')",
            self.student._core.identity.user_id, self.course,
        )  # fmt: skip
        self.student.syncing.sync()

    def ask(self, query: str, *values: Any) -> int:
        """Run a query on the server and return the number that it selects, 0 for one that selects none."""
        with self._database.as_superuser() as connection:
            cursor = connection.execute(query, values)  # type: ignore[arg-type]
            row = cursor.fetchone() if cursor.description else None
            return int(row[0]) if row else 0

    def counts(self) -> dict[str, int]:
        """Return how many rows the student has of each part of the course."""
        with self.student._core.reading() as connection:
            return {
                name: int(connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one())
                for name in (*PARTS, "course_enrollments")
            }


@pytest.fixture
def village(tmp_path: Path, server_database: ServerDatabase, address: str) -> Iterator[Village]:
    with ExitStack() as stack:
        yield Village(tmp_path, server_database, address, stack)


def settled(library: Library) -> bool:
    """Say whether nothing is refused and nothing seems to wait."""
    status = library.syncing.status()
    return (status.refused, status.waiting, status.conflicts) == (0, 0, 0)


def outbox(library: Library) -> list[str]:
    with library._core.reading() as connection:
        return sorted(connection.exec_driver_sql("SELECT table_name FROM outbox").scalars())


def test_a_server_that_knows_nothing_of_the_course_is_told_nothing_of_it(village: Village) -> None:
    village.work()
    before = village.student.courses.document(village.course)
    village.sign_in(village.student)
    assert settled(village.student)
    assert outbox(village.student) == ["assessment_attempts", "student_progress"], "kept, and not sent"
    assert village.student.courses.document(village.course) == before
    assert village.student.syncing.verify() == []
    course = village.student.courses.document(village.course)
    village.student.learning.note_time(course, course.lessons[1], 60)
    village.student.syncing.sync()
    assert settled(village.student)
    village.teacher.authoring.change_course(village.course, title="A large garden")
    village.write()
    assert village.student.course_packs.open(village.pack).arrived is Arrived.UPDATED
    village.student.syncing.sync()
    assert settled(village.student)
    assert village.ask("select count(*) from courses where id = %s", village.course) == 0


@pytest.mark.noisy  # a difference is logged
def test_a_library_with_such_a_course_can_still_be_compared_with_the_server(village: Village) -> None:
    village.work()
    village.sign_in(village.student)
    assert village.student.syncing.verify() == []
    spoil = "UPDATE user_libraries SET revision = revision + 5"
    library = village.student._core.database.library
    library.run_unchecked(lambda connection: connection.exec_driver_sql(spoil))
    assert village.student.syncing.verify() == ["user_libraries"]
    assert outbox(village.student) == ["assessment_attempts", "student_progress"]


def test_a_student_who_is_enrolled_later_has_everything_once(village: Village) -> None:
    attempt = village.work()
    village.sign_in(village.student)
    village.publish()
    assert settled(village.teacher)
    before = village.counts()
    document = village.student.courses.document(village.course)
    village.enrol()
    assert settled(village.student)
    assert outbox(village.student) == []
    assert village.counts() == before
    assert len(village.student.courses.list()) == 1
    assert village.student.courses.document(village.course) == document
    assert not quiz(village.student, village.course, Mode.GRADED).keys
    assert village.student.course_packs.came_in_a_file() == set()
    assert village.student.syncing.verify() == []
    mine = village.student._core.identity.user_id
    assert village.ask("select count(*) from assessment_attempts where id = %s and user_id = %s", attempt, mine) == 1
    done = "select count(*) from student_progress where user_id = %s and status = 'completed'"
    assert village.ask(done, mine) == 1
    # From now on the server brings what the teacher changes.
    village.teacher.authoring.change_course(village.course, title="A large garden")
    village.teacher.syncing.sync()
    village.student.syncing.sync()
    assert village.student.courses.row(village.course).title == "A large garden"


def test_a_pack_of_a_course_that_the_server_brings_only_gives_its_books(village: Village) -> None:
    village.sign_in(village.student)
    village.publish()
    village.enrol()
    village.student.shelf.remove([row.id for row in village.student.shelf.books()])
    document = village.student.courses.document(village.course)
    village.teacher.authoring.change_course(village.course, title="A large garden")
    village.write()
    opened = village.student.course_packs.open(village.pack)
    assert opened.arrived is Arrived.FROM_SERVER
    assert village.student.courses.document(village.course) == document
    assert [row.title for row in village.student.shelf.books()] == [FREE]
    village.student.syncing.sync()
    assert settled(village.student)


def test_grades_of_answers_from_a_file_come_to_the_student_once_both_have_the_server(village: Village) -> None:
    attempt = village.work()
    village.hand_over()
    village.teacher.teaching.grade(village.course, attempt, {"e": Grade(3, 3, Verdict.RIGHT, ("Well said.",))})
    village.publish()
    assert settled(village.teacher)
    assert outbox(village.teacher) == ["attempt_grades"], "the server does not know the attempt yet"
    assert village.ask("select count(*) from assessment_attempts where id = %s", attempt) == 0
    village.sign_in(village.student)
    village.enrol()
    village.teacher.syncing.sync()
    table = village.teacher.teaching.look(village.course).table
    assert [row.student for row in table.students] == [str(village.student._core.identity.user_id)], "once, not twice"
    assert table.students[0].done() == 1
    village.teacher.syncing.sync()
    assert settled(village.teacher)
    assert outbox(village.teacher) == []
    village.student.syncing.sync()
    exam = quiz(village.student, village.course, Mode.GRADED)
    (handed,) = village.student.attempts.handed_in(UUID(exam.id))
    result = village.student.attempts.result(exam, handed)
    assert result is not None
    assert result.grades["e"].feedback == ("Well said.",)
    for library in (village.teacher, village.student):
        assert library.syncing.verify() == []


def test_answers_that_came_in_a_file_are_not_told_in_the_teachers_name(village: Village) -> None:
    village.work()
    village.hand_over()
    village.publish()
    assert settled(village.teacher)
    lesson = village.teacher.courses.document(village.course).lessons[0].id
    assert village.ask("select count(*) from lessons where id = %s", lesson) == 1
    assert village.ask("select count(*) from student_progress where lesson_id = %s", lesson) == 0
    exam = quiz(village.teacher, village.course, Mode.GRADED).id
    assert village.ask("select count(*) from assessment_attempts where assessment_id = %s", exam) == 0


def test_through_a_folder_progress_goes_to_ones_other_laptop(village: Village) -> None:
    village.work()
    folder = village.root / "folder"
    folder.mkdir()
    other = village.library("other")
    other.course_packs.open(village.pack)
    for library in (village.student, other):
        library.syncing.join_folder(folder)
        library.syncing.sync()
    other.syncing.sync()
    course = other.courses.document(village.course)
    assert other.learning.standing(course).lessons[course.lessons[0].id].state is State.COMPLETED
    assert len(other.courses.list()) == 1
    assert settled(village.student)
    assert settled(other)
