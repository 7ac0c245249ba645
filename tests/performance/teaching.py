"""A class of 500 students and 40 lessons: as a sync brings it to its teacher, and as the teacher's page reads it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx
import keyring
import psycopg
from sqlalchemy import insert

from alexandria_desktop.library.library import Library
from alexandria_desktop.store.unit_of_work import UnitOfWork
from alexandria_desktop.teach.document import CourseDocument, LessonDocument
from sync.assessing.assessment import AssessmentDocument
from sync.assessing.handed_in import Entry, HandedIn
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from sync.assessing.questions.answers import Written
from sync.schema.ids import uuid7
from sync.schema.tables import table
from tests.performance.figures import Figure, figure
from tests.performance.serving import PASSWORD, served_on

STUDENTS, LESSONS, QUESTIONS = 500, 40, 10


def measure(folder: Path) -> Iterator[Figure]:
    """Measure on a teacher's laptop, the second time with a real server on this machine."""
    yield from _at_hand(folder)
    yield from _synced(folder / "synced")


def _at_hand(folder: Path) -> Iterator[Figure]:
    with Library.open(folder / "library", vectors="numpy") as library:
        course = library.authoring.bring_in(_course())
        document = library.courses.document(course)
        lessons = [UUID(one.id) for one in document.lessons]
        library._core.write(_fill, course, lessons, UUID(document.assessments[0].id))
        begun = time.perf_counter()
        graded = library.teaching.grade_what_came(course)
        took = time.perf_counter() - begun
        yield Figure("attempts graded", graded / took, "attempts/s", note=f"{graded} with {QUESTIONS} questions each")
        opened, items = [], []
        for _ in range(5):
            begun = time.perf_counter()
            shown = library.teaching.class_table(course)
            opened.append((time.perf_counter() - begun) * 1000)
            begun = time.perf_counter()
            library.teaching.items(course)
            items.append((time.perf_counter() - begun) * 1000)
        assert len(shown.students) == STUDENTS
        note = f"{STUDENTS} students, {LESSONS} lessons, {STUDENTS * LESSONS:,} rows of progress"
        yield figure("class table", opened, aim=1000, note=note)
        yield figure("figures of the questions", items, note=f"{STUDENTS} attempts")


def _synced(folder: Path) -> Iterator[Figure]:
    """Let what 500 students did come by a sync, and open the table."""
    from alexandria_desktop.store.course_rows import Audience, Status
    from sync.server.embedded import private_postgres
    from sync.server.embedded.joining import running_postgres
    from sync.server.migrate import migrate
    from tests.support.drawer import Drawer

    keyring.set_keyring(Drawer())  # nothing of this machine's own is read
    folder.mkdir()
    for one in (folder.parent, folder):
        one.chmod(0o755)  # the database runs as somebody else
    data = folder / "served"
    with private_postgres(data) as running:
        migrate(running.owner_url)
    with served_on(data) as (address, link), Library.open(folder / "library", vectors="numpy") as library:
        words = {"token": link, "email": "ada@example.org", "name": "Ada", "password": PASSWORD}
        httpx.post(f"{address}/v1/first-admin", json=words).raise_for_status()
        library.syncing.sign_in(address, "ada@example.org", PASSWORD)
        course = library.authoring.bring_in(_course())
        library.authoring.set_status(course, Status.PUBLISHED, audience=Audience.INVITED)
        library.syncing.sync()
        postgres = running_postgres(data)
        assert postgres is not None
        with psycopg.connect(postgres.admin_url) as connection:
            _enrol(connection, course)
        begun = time.perf_counter()
        library.syncing.sync()
        synced = time.perf_counter() - begun
        begun = time.perf_counter()
        shown = library.teaching.look(course)
        opened = time.perf_counter() - begun
        assert len(shown.table.students) == STUDENTS
        assert sum(row.done() for row in shown.table.students) == STUDENTS * LESSONS
        rows = STUDENTS * (LESSONS + 2)
        yield Figure("sync of a class", rows / synced, "rows/s", note=f"{rows:,} rows in {synced:.1f} s")
        yield Figure("class page after it", opened * 1000, "ms", 1000, note="read once, nothing cached")


def _enrol(connection: psycopg.Connection, course: UUID) -> None:
    """Put students with their progress into a course, as their own pushes would have."""
    connection.execute(
        "insert into users (email, name) select 's' || n || '@example.org', 'Student ' || n"
        " from generate_series(1, %s) n", (STUDENTS,),
    )  # fmt: skip
    connection.execute(
        "insert into user_profiles (user_id, display_name) select id, name from users where email like 's%@example.org'"
        " on conflict do nothing"
    )
    connection.execute(
        "insert into course_enrollments (user_id, course_id, role)"
        " select id, %s, 'student' from users where email like 's%%@example.org'", (course,),
    )  # fmt: skip
    connection.execute(
        "insert into student_progress (user_id, course_id, lesson_id, status, time_spent, completed_at)"
        " select e.user_id, l.course_id, l.id, 'completed', 600, now() from course_enrollments e"
        " join lessons l on l.course_id = e.course_id where e.course_id = %s", (course,),
    )  # fmt: skip


def _course() -> CourseDocument:
    questions = tuple(q.ShortText(id=f"q{number}") for number in range(QUESTIONS))
    keys = {one.id: k.ShortTextKey(variants=(k.Variant(text="yes"),)) for one in questions}
    lessons = tuple(LessonDocument(id=str(number), title=f"Lesson {number}") for number in range(LESSONS))
    quiz = AssessmentDocument(id="quiz", title="Quiz", questions=questions, keys=keys)
    return CourseDocument(id="c", title="A large course", lessons=lessons, assessments=(quiz,))


def _fill(unit: UnitOfWork, course: UUID, lessons: list[UUID], quiz: UUID) -> None:
    profiles, enrolled, progress, attempts = [], [], [], []
    when = unit.now - timedelta(days=3)
    for number in range(STUDENTS):
        student = uuid7()
        profiles.append({"id": uuid7(), "user_id": student, "display_name": f"Student {number}"})
        enrolled.append({"id": uuid7(), "user_id": student, "course_id": course, "role": "student", "status": "active"})
        progress += [
            {
                "id": uuid7(), "user_id": student, "course_id": course, "lesson_id": lesson, "status": "in_progress",
                "time_spent": 600, "started_at": when, "updated_at": when,
            }
            for lesson in lessons
        ]  # fmt: skip
        answers = {f"q{one}": Written("yes" if (number + one) % 3 else "no") for one in range(QUESTIONS)}
        handed = HandedIn(answers, tuple(Entry(1, one) for one in answers), 60)
        attempts.append(
            {
                "id": uuid7(), "user_id": student, "assessment_id": quiz, "attempt_number": 1,
                "answers_json": handed.to_json(), "status": "submitted", "started_at": when, "submitted_at": when,
            }
        )  # fmt: skip
    for name, rows in (
        ("user_profiles", profiles),
        ("course_enrollments", enrolled),
        ("student_progress", progress),
        ("assessment_attempts", attempts),
    ):
        unit.connection.execute(insert(table(name)), rows)
