"""A teacher's course by way of a real server: taken, handed in, graded, and never a graded key on a student's disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from alexandria_desktop.store.grades import grade_of, put_grade
from alexandria_desktop.store.progress import State
from alexandria_desktop.teach import blocks as b
from alexandria_desktop.teach.document import CourseDocument, LessonDocument
from alexandria_desktop.teach.judging.class_table import Step
from sync.assessing.assessment import AssessmentDocument, Mode
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from sync.assessing.questions.grading import Grade, Verdict
from tests.support.server import ServerDatabase
from tests.sync.recorder import Recorder
from tests.sync.school import School, on_disk

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("drawer")]

SECRET = "xylothek-nobody-guesses"
RUBRIC = "rubric-for-graders-alone"
OPEN = "practice-key-may-travel"


def document() -> CourseDocument:
    choices = tuple(q.Choice(id=name, text=name.title()) for name in ("oak", "ash"))
    graded = AssessmentDocument(
        id="exam", lesson_id="one", title="Examination", mode=Mode.GRADED, passing_score=50,
        questions=(
            q.MultipleChoice(id="tree", prompt="Which?", choices=choices),
            q.ShortText(id="word", prompt="Name it."),
            q.Essay(id="why", prompt="Why?", points=2),
        ),
        keys={
            "tree": k.MultipleChoiceKey(shares={"oak": 1.0}),
            "word": k.ShortTextKey(variants=(k.Variant(text=SECRET),)),
            "why": k.EssayKey(rubric=(k.Criterion(id="r", title=RUBRIC, points=2),)),
        },
    )  # fmt: skip
    easy = k.ShortTextKey(variants=(k.Variant(text=OPEN),))
    practice = AssessmentDocument(
        id="try", lesson_id="one", title="Practice",
        questions=(q.ShortText(id="p", prompt="Name it."),), keys={"p": easy},
    )  # fmt: skip
    lessons = (
        LessonDocument(id="one", title="Trees", blocks=(b.TextBlock(id="t", html="Read."),)),
        LessonDocument(id="two", title="Woods"),
    )
    return CourseDocument(id="c", title="Trees", lessons=lessons, assessments=(graded, practice))


@pytest.fixture
def school(tmp_path: Path, server_database: ServerDatabase, address: str) -> Iterator[School]:
    with ExitStack() as stack:
        yield School(tmp_path, server_database, address, stack, document())


def test_a_graded_key_comes_neither_to_a_students_disk_nor_over_their_line(school: School) -> None:
    line = school.stack.enter_context(Recorder(school.address))
    student = school.join("student", by=line)
    school.enrol(student)
    exam = school.exam(student)
    assert [one.id for one in exam.questions] == ["tree", "word", "why"]
    assert not exam.keys
    school.take(student, tree="oak", word="beech")
    student.syncing.sync()
    assert on_disk(school.root / "teacher", SECRET), "the search finds what is there"
    student.syncing.sync()
    assert student.attempts.result(exam, student.attempts.handed_in(UUID(exam.id))[0]), "the server graded it"
    heard = line.heard()
    for secret in (SECRET, RUBRIC):
        assert on_disk(school.root / "student", secret) == []
        assert secret.encode() not in heard
    assert on_disk(school.root / "student", OPEN), "a practice key travels"
    assert OPEN.encode() in heard


def test_the_teacher_grades_and_the_student_is_told(school: School) -> None:
    student, teacher = school.join("student"), school.teacher
    school.enrol(student)
    attempt = school.take(student, tree="oak", word=SECRET, why="Because of the acorns.")
    student.syncing.sync()
    teacher.syncing.sync()
    assert teacher.teaching.grade_what_came(school.course) == 0, "an essay waits for a person"
    waiting = teacher.teaching.to_grade(school.course)
    assert [one.attempt.id for one in waiting] == [attempt]
    given = {"why": Grade(1, 2, Verdict.PARTLY, ("More of the roots.",))}
    assert teacher.teaching.grade(school.course, attempt, given).passed
    assert teacher.teaching.to_grade(school.course) == []
    # What a person said of one question stands when they look at another.
    again = teacher.teaching.grade(school.course, attempt, {"word": Grade(1, 1, Verdict.RIGHT)})
    assert again.result.grades["why"].points == 1
    teacher.syncing.sync()
    assert teacher.syncing.status().refused == 0
    student.syncing.sync()
    result = student.attempts.result(school.exam(student), student.attempts.handed_in(UUID(school.exam(student).id))[0])
    assert result is not None
    assert (str(result.percent), result.passed) == ("75.00", True)
    assert result.grades["why"].feedback == ("More of the roots.",)


def test_what_needs_no_person_is_graded_at_once_and_graded_anew_for_all_to_see(school: School) -> None:
    student, teacher = school.join("student"), school.teacher
    school.enrol(student)
    school.take(student, tree="ash", word="beech")
    student.syncing.sync()
    teacher.syncing.sync()
    assert teacher.teaching.grade_what_came(school.course) == 0, "the server did"
    exam = school.exam(student)
    attempt = student.attempts.handed_in(UUID(exam.id))[0]
    result = student.attempts.result(exam, attempt)
    assert result is not None
    assert result.percent == 0
    teacher.teaching.grade(school.course, attempt.id, {"word": Grade(1, 1, Verdict.RIGHT)})
    teacher.syncing.sync()
    student.syncing.sync()
    again = student.attempts.result(exam, attempt)
    assert again is not None
    assert str(again.percent) == "25.00"


def test_another_key_grades_anew_and_leaves_what_a_person_said(school: School) -> None:
    student, teacher = school.join("student"), school.teacher
    school.enrol(student)
    attempt = school.take(student, tree="ash", word="beech", why="Because.")
    student.syncing.sync()
    teacher.syncing.sync()
    given = {"why": Grade(2, 2, Verdict.RIGHT, ("Well said.",))}
    assert str(teacher.teaching.grade(school.course, attempt, given).score) == "50.00"
    exam = school.exam(teacher)
    ash = k.MultipleChoiceKey(shares={"ash": 1.0})
    tree = next(one for one in exam.questions if one.id == "tree")
    teacher.authoring.put_question(UUID(exam.id), tree, ash)
    assert teacher.teaching.grade_what_came(school.course) == 1
    assert teacher.teaching.grade_what_came(school.course) == 0, "by this key it is graded"
    teacher.syncing.sync()
    student.syncing.sync()
    result = student.attempts.result(school.exam(student), student.attempts.handed_in(UUID(exam.id))[0])
    assert result is not None
    assert str(result.percent) == "75.00"
    assert result.grades["why"].feedback == ("Well said.",)


def test_two_teachers_who_grade_one_attempt_end_with_one_grade(school: School) -> None:
    student, teacher, other = school.join("student"), school.teacher, school.join("other")
    school.enrol(student)
    school.enrol(other, role="teacher")
    attempt = school.take(student, tree="oak", word=SECRET, why="Because.")
    for library in (student, teacher, other):
        library.syncing.sync()
    for library, points in ((teacher, 1.0), (other, 2.0)):
        library.teaching.grade(school.course, attempt, {"why": Grade(points, 2, Verdict.PARTLY)})
    for library in (teacher, other, teacher, student):
        library.syncing.sync()
        assert library.syncing.status().refused == 0
    exam = school.exam(student)
    seen = set()
    for library in (teacher, other, student):
        with library._core.reading() as connection:
            found = grade_of(connection, attempt)
            assert found is not None
            seen.add((found.score, str(found.feedback["questions"])))
    assert len(seen) == 1, "everybody sees the same"
    assert student.attempts.result(exam, student.attempts.handed_in(UUID(exam.id))[0]) is not None


def test_a_student_cannot_grade(school: School) -> None:
    student = school.join("student")
    school.enrol(student)
    attempt = school.take(student, tree="ash", word="beech")
    student.syncing.sync()
    me = student._core.identity.user_id
    student._core.write(put_grade, me, attempt, me, score=Decimal(100), passed=True, feedback={})
    student.syncing.sync()
    assert student.syncing.status().refused == 1
    with school.database.as_superuser() as connection:
        query = "select graded_by, score from attempt_grades where attempt_id = %s"
        assert connection.execute(query, (attempt,)).fetchone() == ("server", 0)


def test_the_class_table_knows_who_is_where_and_only_of_ones_own_courses(school: School) -> None:
    first, second, stranger = school.join("first"), school.join("second"), school.join("stranger")
    for one in (first, second):
        school.enrol(one)
    course = first.courses.document(school.course)
    first.learning.note_time(course, course.lessons[0], 600, is_through=True)
    first.learning.note_time(course, course.lessons[1], 60)
    school.take(second, tree="oak", word=SECRET)
    for one in (first, second, school.teacher, stranger):
        one.syncing.sync()
    assert first.learning.standing(course).lessons[course.lessons[0].id].state is State.COMPLETED
    school.teacher.teaching.grade_what_came(school.course)
    table = school.teacher.teaching.class_table(school.course)
    assert len(table.students) == 2
    by_id = {row.student: row for row in table.students}
    one = by_id[str(first._core.identity.user_id)]
    assert [one.lessons[lesson.id].step for lesson in table.lessons] == [Step.COMPLETED, Step.IN_PROGRESS]
    assert (one.done(), one.seconds()) == (1, 660)
    other = by_id[str(second._core.identity.user_id)]
    assert other.scores[school.exam(second).id].best == 50.0
    for library in (first, second, stranger):
        with library._core.reading() as connection:
            seen = connection.exec_driver_sql("select count(distinct user_id) from student_progress").scalar()
            assert seen == (1 if library is first else 0), "a student sees nobody else's progress"


def test_a_library_with_attempts_can_be_compared_with_the_server(school: School) -> None:
    student = school.join("student")
    school.enrol(student)
    school.take(student, tree="ash", word="beech")
    student.syncing.sync()
    for library in (student, school.teacher):
        library.syncing.sync()
        assert library.syncing.verify() == []
