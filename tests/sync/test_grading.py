"""Graded attempts are judged by the server: with no teacher there, by the same rules, and never with a key let out."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from alexandria_desktop.library.library import Library
from alexandria_desktop.store import attempts as store
from alexandria_desktop.teach.document import CourseDocument, LessonDocument
from sync.assessing.assessment import AssessmentDocument, Mode
from sync.assessing.handed_in import Entry, HandedIn
from sync.assessing.judging import KEY, Attempted, judge, key_digest
from sync.assessing.questions import answers as a
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from sync.assessing.questions.grading import Grade, Verdict
from sync.assessing.result import Result
from sync.places.locator import EpubTarget, Locator, Quote
from sync.server.gateway.database import Database
from sync.server.grading.waiting import grade_waiting
from tests.server.serving import make_settings
from tests.support.server import ServerDatabase
from tests.sync.school import School, on_disk

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("drawer")]

SECRET = "xylothek-nobody-guesses"
RUBRIC = "rubric-for-graders-alone"
TWO = tuple(q.Choice(id=name, text=name.title()) for name in ("oak", "ash"))
PLACE = Locator(EpubTarget("one.xhtml", 10, 30), Quote("the words of the book"), edition="ab" * 32)

ASKED: dict[str, tuple[q.Question, k.Key, a.Answer]] = {
    "choice": (
        q.MultipleChoice(id="choice", choices=TWO),
        k.MultipleChoiceKey(shares={"oak": 0.5}, feedback=k.Feedback(partly="<em>Nearly.</em>")),
        a.Chosen(("oak",)),
    ),
    "answers": (
        q.MultipleAnswer(id="answers", choices=TWO), k.MultipleAnswerKey(right=("oak",)), a.Chosen(("oak", "ash")),
    ),
    "true": (q.TrueFalse(id="true"), k.TrueFalseKey(is_true=False), a.Chosen(("false",))),
    "word": (
        q.ShortText(id="word"),
        k.ShortTextKey(variants=(k.Variant(text=SECRET), k.Variant(text="béech", share=0.25))),
        a.Written("Beech"),
    ),
    "number": (
        q.Numeric(id="number", unit="km"),
        k.NumericKey(variants=(k.NumberVariant(value=Decimal("1.234"), tolerance=Decimal("0.01")),)),
        a.Written("1,23 km"),
    ),
    "match": (
        q.Matching(id="match", premises=TWO, responses=TWO, points=3),
        k.MatchingKey(pairs={"oak": "oak", "ash": "ash"}),
        a.Matched({"oak": "oak", "ash": "oak"}),
    ),
    "order": (
        q.Ordering(id="order", items=TWO), k.OrderingKey(order=("oak", "ash")), a.Ordered(("ash", "oak")),
    ),
    "gaps": (
        q.Cloze(id="gaps", prompt="[[g]] [[h]]", gaps=(q.Gap(id="g"), q.Gap(id="h", kind="number"))),
        k.ClozeKey(gaps={
            "g": k.GapKey(variants=(k.Variant(text="b*k"),)),
            "h": k.GapKey(numbers=(k.NumberVariant(value=Decimal(7)),)),
        }),
        a.Filled({"g": "bank", "h": "8"}),
    ),
    "place": (q.FindPassage(id="place"), k.FindPassageKey(passages=(PLACE,)), a.Selected(PLACE)),
    "essay": (
        q.Essay(id="essay", points=2),
        k.EssayKey(rubric=(k.Criterion(id="r", title=RUBRIC, points=2),)),
        a.Written("Because of the acorns."),
    ),
}  # fmt: skip
EASY = k.ShortTextKey(variants=(k.Variant(text="yes"),))


def document() -> CourseDocument:
    every = AssessmentDocument(
        id="1", lesson_id="l", title="Every kind", mode=Mode.GRADED, passing_score=50, max_attempts=1,
        questions=tuple(question for question, _, _ in ASKED.values()),
        keys={name: key for name, (_, key, _) in ASKED.items()},
    )  # fmt: skip
    timed = AssessmentDocument(
        id="2", lesson_id="l", title="Timed", mode=Mode.GRADED, time_limit=600, max_attempts=None,
        questions=(q.ShortText(id="s"), q.ShortText(id="t")), keys={"s": EASY, "t": EASY},
    )  # fmt: skip
    return CourseDocument(
        id="c", title="Trees", lessons=(LessonDocument(id="l", title="Trees"),), assessments=(every, timed)
    )


@pytest.fixture
def school(tmp_path: Path, server_database: ServerDatabase, address: str) -> Iterator[School]:
    with server_database.as_superuser() as connection:
        connection.execute("delete from ops.to_grade")
    with ExitStack() as stack:
        yield School(tmp_path, server_database, address, stack, document())


@pytest.fixture
def student(school: School) -> Library:
    library = school.join("student")
    school.enrol(library)
    return library


def quiz(school: School, library: Library, title: str) -> AssessmentDocument:
    return next(one for one in library.courses.document(school.course).assessments if one.title == title)


def answer_all(school: School, library: Library, **instead: a.Answer | None) -> UUID:
    sitting = library.attempts.begin(quiz(school, library, "Every kind"))
    for name, (_, _, answer) in ASKED.items():
        sitting.answer(name, instead.get(name, answer))
    return sitting.hand_in().id


def hand_in(school: School, library: Library, handed: HandedIn, *, seconds: int) -> UUID:
    """Hand in what a program of the student's own making might, with an end so long after the beginning."""
    begun = library.attempts.begin(quiz(school, library, "Timed"))._attempt
    told = replace(begun, started_at=begun.started_at - timedelta(seconds=seconds), elapsed_ms=seconds * 1000)
    identity = library._core.identity
    return library._core.write(store.hand_in, identity.user_id, told, handed.to_json(), identity.device_id).id


def result(school: School, library: Library, title: str, attempt: UUID | None = None) -> Result:
    """Sync once, and return what an attempt, or the last one, was worth."""
    library.syncing.sync()
    assert library.syncing.status().refused == 0
    asked = quiz(school, library, title)
    tried = library.attempts.handed_in(UUID(asked.id))
    found = library.attempts.result(asked, next((one for one in tried if one.id == attempt), tried[-1]))
    assert found is not None, "it is not graded"
    return found


def grade_row(school: School, attempt: UUID) -> Any:
    with school.database.as_superuser() as connection:
        query = "select graded_by, score, passed, feedback_json from attempt_grades where attempt_id = %s"
        return connection.execute(query, (attempt,)).fetchone()


def run_job(*databases: ServerDatabase) -> list[int]:
    """Let as many gateways as databases are named do the job at once; return how many attempts each looked at."""

    async def run() -> list[int]:
        async with AsyncExitStack() as stack:
            pools = [Database(make_settings(one)) for one in databases]
            for pool in pools:
                await pool.open()
                stack.push_async_callback(pool.close)
            return await asyncio.gather(*(grade_waiting(pool) for pool in pools))

    return asyncio.run(run())


def change_key(school: School, title: str, question: str, key: k.Key) -> None:
    asked = quiz(school, school.teacher, title)
    one = next(one for one in asked.questions if one.id == question)
    school.teacher.authoring.put_question(UUID(asked.id), one, key)
    school.teacher.syncing.sync()


def test_one_round_brings_what_a_machine_can_judge_as_the_teachers_program_would(
    school: School, student: Library
) -> None:
    attempt = answer_all(school, student)
    found = result(school, student, "Every kind")
    assert found.waiting == ("essay",)
    assert {name: grade.points for name, grade in found.grades.items() if name != "essay"} == {
        "choice": 0.5, "answers": 0, "true": 1, "word": 0.25, "number": 1, "match": 1.5, "order": 0, "gaps": 0.5,
        "place": 1,
    }  # fmt: skip
    assert found.grades["choice"].feedback == ("<em>Nearly.</em>",)
    for secret in (SECRET, RUBRIC):
        assert on_disk(school.root / "teacher", secret)
        assert on_disk(school.root / "student", secret) == []

    teacher = school.teacher
    by, score, passed, told = grade_row(school, attempt)
    asked, course = quiz(school, teacher, "Every kind"), teacher.courses.document(school.course)
    with student._core.reading() as connection:
        handed = store.attempt_of(connection, attempt)
    assert handed is not None
    one = Attempted(attempt, HandedIn.from_json(handed.answers), handed.started_at, handed.submitted_at)
    judgement = judge(course.settings, asked, one)
    assert (by, score, passed) == ("server", judgement.score, judgement.passed)
    assert told == {**judgement.to_json(), KEY: key_digest(asked)}


def test_a_teacher_says_the_rest_and_no_machine_takes_it_back(school: School, student: Library) -> None:
    attempt = answer_all(school, student)
    student.syncing.sync()
    teacher = school.teacher
    teacher.syncing.sync()
    assert teacher.teaching.grade_what_came(school.course) == 0, "it is graded by this key"
    row = teacher.teaching.class_table(school.course).students[0]
    assert [one.waiting for one in row.scores.values()] == [1]
    assert [one.attempt.id for one in teacher.teaching.to_grade(school.course)] == [attempt]
    teacher.teaching.grade(school.course, attempt, {"essay": Grade(2, 2, Verdict.RIGHT, ("Well said.",))})
    assert teacher.teaching.to_grade(school.course) == []
    with school.database.as_superuser() as connection:
        connection.execute("update attempt_grades set score = 1 where attempt_id = %s", (attempt,))
    teacher.syncing.sync()
    status = teacher.syncing.status()
    assert (status.refused, status.conflicts) == (0, 0), "a machine's grade gives way"
    assert grade_row(school, attempt)[:2] == ("teacher", Decimal("59.62"))
    change_key(school, "Every kind", "true", k.TrueFalseKey(is_true=True))
    assert run_job(school.database) == [1]
    assert grade_row(school, attempt)[0] == "teacher"
    found = result(school, student, "Every kind")
    assert (found.grades["essay"].feedback, found.grades["true"].points) == (("Well said.",), 1)
    assert teacher.teaching.grade_what_came(school.course) == 1, "the teacher's program keeps what the teacher said"
    teacher.syncing.sync()
    again = result(school, student, "Every kind")
    assert (again.grades["essay"].points, again.grades["true"].points) == (2, 0)


def test_another_key_grades_anew_and_the_teachers_program_agrees(school: School, student: Library) -> None:
    attempt = answer_all(school, student, essay=None)
    before = result(school, student, "Every kind")
    assert before.waiting == ()
    change_key(school, "Every kind", "order", k.OrderingKey(order=("ash", "oak")))
    assert run_job(school.database) == [1]
    after = result(school, student, "Every kind")
    assert (before.grades["order"].points, after.grades["order"].points) == (0, 1)
    school.teacher.syncing.sync()
    assert school.teacher.teaching.grade_what_came(school.course) == 0
    assert grade_row(school, attempt)[0] == "server"
    change_key(school, "Every kind", "order", k.OrderingKey(order=("ash", "oak")))
    assert run_job(school.database) == [0]


def test_what_comes_late_is_what_the_course_says(school: School, student: Library) -> None:
    both = {"s": a.Written("yes"), "t": a.Written("yes")}
    for late, points, why in (("refuse", 0, "refused"), ("mark", 100, None)):
        settings = {"due": "2020-01-01T00:00:00+00:00", "late": late}
        school.teacher.authoring.change_course(school.course, metadata={"settings": settings})
        school.teacher.syncing.sync()
        attempt = hand_in(school, student, HandedIn(both, (), 30), seconds=30)
        found = result(school, student, "Timed", attempt)
        assert (found.percent, found.why_void) == (points, why)
        told = grade_row(school, attempt)[3]
        assert told["late"] is True
        assert told["questions"]["s"]["verdict"] == "right", "the answers are kept"


def test_time_is_judged_by_the_journal_and_a_journal_by_the_clock(school: School, student: Library) -> None:
    both = {"s": a.Written("yes"), "t": a.Written("yes")}
    journal = (Entry(20, "s"), Entry(700, "t"))
    hand_in(school, student, HandedIn(both, journal, 700), seconds=700)
    assert result(school, student, "Timed").percent == 50
    attempt = hand_in(school, student, HandedIn(both, (Entry(20, "s"), Entry(30, "t")), 40), seconds=7200)
    assert result(school, student, "Timed", attempt).percent == 0
    assert grade_row(school, attempt)[3]["doubtful"] is True


def test_of_two_laptops_only_as_many_attempts_count_as_are_allowed(school: School, student: Library) -> None:
    other = school.join("laptop", like=student)
    other.syncing.sync()
    answer_all(school, student, essay=None)
    extra = answer_all(school, other, essay=None)
    assert result(school, student, "Every kind").percent > 0
    found = result(school, other, "Every kind")
    assert (found.percent, found.passed, found.why_void) == (0, False, "extra")
    assert grade_row(school, extra)[3]["questions"] == {}, "nobody learns by it what is right"


COPIED = (
    "insert into assessment_attempts (id, user_id, assessment_id, attempt_number, answers_json, started_at)"
    " select gen_random_uuid(), user_id, assessment_id, 1, answers_json, started_at from assessment_attempts,"
    " generate_series(1, 120) where id = %s"
)


def test_several_gateways_grade_each_attempt_once(school: School, student: Library) -> None:
    attempt = hand_in(school, student, HandedIn({"s": a.Written("yes")}, (), 30), seconds=30)
    student.syncing.sync()
    with school.database.as_superuser() as connection:
        connection.execute(COPIED, (attempt,))
    assert sum(run_job(*[school.database] * 3)) == 120
    with school.database.as_superuser() as connection:
        (asked,) = connection.execute(
            "select assessment_id from assessment_attempts where id = %s", (attempt,)
        ).fetchone() or (None,)
        query = (
            "select count(*), count(g.id), min(score), max(score) from assessment_attempts t"
            " left join attempt_grades g on g.attempt_id = t.id where t.assessment_id = %s"
        )
        assert connection.execute(query, (asked,)).fetchone() == (121, 121, 50, 50)
        assert connection.execute("select count(*) from ops.to_grade").fetchone() == (0,)


def test_a_key_that_changes_while_it_is_graded_by_is_not_forgotten(school: School, student: Library) -> None:
    attempt = answer_all(school, student, essay=None)
    student.syncing.sync()
    change = (
        "update assessment_keys set answers_json = answers_json where assessment_id ="
        " (select assessment_id from assessment_attempts where id = %s)"
    )

    def change_it() -> None:
        with school.database.as_superuser() as connection:
            connection.execute(change, (attempt,))

    change_it()
    changing = threading.Thread(target=change_it)
    with psycopg.connect(school.database.admin_url) as grading, psycopg.connect(school.database.admin_url) as looking:
        looking.autocommit = True
        assert len(grading.execute("select * from gateway.attempts_to_grade(10)").fetchall()) == 1
        changing.start()
        waits = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
        while looking.execute(waits).fetchone() != (1,):
            assert changing.is_alive(), "the change did not wait for who grades"
        grading.execute("select gateway.put_grades('[]', array[%s::uuid])", (attempt,))
    changing.join()
    assert run_job(school.database) == [1]
