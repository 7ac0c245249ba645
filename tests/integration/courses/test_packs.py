"""A course goes to a student in a file and the answers come back, with no server anywhere."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import keyring
import orjson
import pytest
from keyring.backends.fail import Keyring as NoKeyring

from alexandria_desktop.base.errors import Code, ReaderError, SurroundingsError
from alexandria_desktop.base.key_file import key_file
from alexandria_desktop.library.course_packs import Arrived, OpenedPack
from alexandria_desktop.library.library import Library
from alexandria_desktop.store.course_rows import Role
from alexandria_desktop.store.lessons import lessons_of
from alexandria_desktop.store.outbox import pending
from alexandria_desktop.store.progress import State
from alexandria_desktop.teach.blocks import BookPlace, PassageBlock
from alexandria_desktop.teach.packs.manifest import COURSE, MANIFEST, SIGNATURE
from alexandria_desktop.teach.packs.signing import new_key, public_half, sign
from sync.assessing.assessment import Mode
from sync.assessing.questions.answers import Written
from sync.assessing.questions.grading import Grade, Verdict
from tests.support.carrying import FREE, KEPT, OPEN, RUBRIC, SECRET, build_course, free_books, quiz, take_exam
from tests.support.data import shared_data
from tests.support.drawer import Drawer
from tests.support.epubs import make_epub
from tests.support.packs import rewritten


class Room:
    """A teacher and a student who have nothing between them but a folder."""

    def __init__(self, root: Path, stack: ExitStack) -> None:
        self.root, self._stack = root, stack
        self.teacher = self.library("teacher")
        self.course = build_course(self.teacher, root / "sources")
        self.stick = root / "stick"
        self.stick.mkdir()
        self.file = self.stick / "garden.alexcourse"

    def library(self, name: str) -> Library:
        return self._stack.enter_context(Library.open(self.root / name, vectors="numpy"))

    def pack(self, *, give: list[UUID] | None = None) -> Path:
        chosen = free_books(self.teacher, self.course) if give is None else give
        self.teacher.course_packs.write(self.course, self.file, chosen, author="Ada")
        return self.file

    def student(self, name: str = "student") -> tuple[Library, OpenedPack]:
        library = self.library(name)
        return library, library.course_packs.open(self.pack())


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with ExitStack() as stack:
        yield Room(tmp_path, stack)


def refused(work: Callable[[], object]) -> ReaderError:
    with pytest.raises(ReaderError) as raised:
        work()
    return raised.value


def on_disk(root: Path, word: str) -> list[str]:
    found = [file for file in root.rglob("*") if file.is_file() and word.encode() in file.read_bytes()]
    return [str(file.relative_to(root)) for file in found]


def inside(pack: Path) -> bytes:
    """Return every byte of every member, and the file's own."""
    with zipfile.ZipFile(pack) as archive:
        return pack.read_bytes() + b"".join(archive.read(name) for name in archive.namelist())


# --- what goes into a pack ------------------------------------------------------------------------------------------


def test_only_a_book_that_says_so_is_proposed_to_be_given(room: Room) -> None:
    choices = room.teacher.course_packs.books(room.course)
    assert [(one.title, one.is_free, one.can_be_given) for one in choices] == [(FREE, True, True), (KEPT, False, True)]


def test_a_book_that_nobody_chose_is_not_in_the_pack(room: Room) -> None:
    room.pack(give=[])
    with zipfile.ZipFile(room.file) as archive:
        assert not [name for name in archive.namelist() if name.startswith("books/")]


def test_no_graded_key_is_in_a_pack_nor_on_the_disk_of_who_opens_it(room: Room) -> None:
    student, opened = room.student()
    data = inside(room.file)
    assert OPEN.encode() in data, "the search finds what is there"
    for secret in (SECRET, RUBRIC):
        assert secret.encode() not in data
        assert on_disk(room.root / "student", secret) == []
    assert quiz(student, opened.course_id, Mode.PRACTICE).keys
    assert not quiz(student, opened.course_id, Mode.GRADED).keys


def test_only_who_made_a_course_makes_a_pack_of_it(room: Room) -> None:
    student, opened = room.student()
    error = refused(lambda: student.course_packs.write(opened.course_id, room.stick / "again.alexcourse"))
    assert error.code is Code.COURSE_NOT_YOURS


@pytest.fixture
def no_keyring(drawer: object) -> None:
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]


@pytest.mark.usefixtures("no_keyring")
def test_the_key_is_made_once_and_is_for_this_account_alone(room: Room) -> None:
    first, again = room.teacher.course_packs.key(), room.teacher.course_packs.key()
    assert (first.public, first.is_new) == (again.public, False)
    assert first.in_file
    file = key_file(f"course-packs-{first.public.hex()[:16]}")
    assert file.stat().st_mode & 0o777 == 0o600
    assert not file.is_relative_to(room.root / "teacher")
    assert on_disk(room.root / "teacher", first.secret.hex()) == []


@pytest.mark.usefixtures("drawer")
def test_where_there_is_a_keyring_no_file_is_written(room: Room) -> None:
    key = room.teacher.course_packs.key()
    assert not key.in_file
    assert not key_file(f"course-packs-{key.public.hex()[:16]}").exists()
    assert room.teacher.course_packs.key().public == key.public


def test_another_key_does_not_take_the_place_of_one_in_a_locked_keyring(room: Room, drawer: Drawer) -> None:
    first = room.teacher.course_packs.key()
    drawer.is_locked = True
    with pytest.raises(SurroundingsError) as raised:
        room.teacher.course_packs.key()
    assert raised.value.code is Code.SECRETS_UNREADABLE
    drawer.is_locked = False
    assert room.teacher.course_packs.key().public == first.public


@pytest.mark.usefixtures("no_keyring")
def test_a_library_whose_key_is_on_another_computer_makes_another_and_says_so(room: Room) -> None:
    first = room.teacher.course_packs.key()
    key_file(f"course-packs-{first.public.hex()[:16]}").unlink()
    again = room.teacher.course_packs.key()
    assert again.is_new
    assert again.words != first.words


# --- opened ---------------------------------------------------------------------------------------------------------


def test_a_student_gets_the_course_its_picture_and_the_given_book(room: Room) -> None:
    student, opened = room.student()
    assert opened.arrived is Arrived.NEW
    assert opened.author == "Ada"
    assert opened.words == room.teacher.course_packs.key().words
    assert student.courses.document(opened.course_id) == room.teacher.courses.seen_by_students(room.course)
    (summary,) = student.courses.list()
    assert (summary.role, summary.lessons, summary.assessments) == (Role.STUDENT, 2, 2)
    assert [row.title for row in student.shelf.books()] == [FREE]
    (media,) = student.courses.document(opened.course_id).media().values()
    assert student.learning.file_of(media) is not None
    place = student.courses.document(opened.course_id).lessons[0].blocks[0].place  # type: ignore[attr-defined]
    assert student.learning.find_book(place.locator.edition, FREE, "Somebody") == opened.books[0]
    assert student.course_packs.came_in_a_file() == {opened.course_id}
    assert [one.name for one in (room.root / "student").glob("incoming-*")] == []


def test_the_notes_that_a_teacher_gives_on_a_book_come_and_go_with_the_pack(room: Room) -> None:
    (book,) = free_books(room.teacher, room.course)
    note = room.teacher.notes.add(book, room.teacher.notes.find_quote(book, "said the gardener"), text="Who waits?").id
    room.teacher.layers.give(room.course, book, [note])
    student, opened = room.student()
    seen = [(one.quote, one.text, one.placed) for layer in student.layers_of(opened.books[0]) for one in layer.notes]
    assert seen == [("said the gardener", "Who waits?", True)]
    assert student.notes.count() == 0
    room.teacher.layers.give(room.course, book, [])
    student.course_packs.open(room.pack())
    assert student.layers_of(opened.books[0]) == []


def test_a_book_that_only_notes_speak_of_is_asked_about_too(room: Room) -> None:
    path = make_epub(room.root / "third.epub", [("One", "<p>Leaves fall in autumn.</p>")], title="A third book")
    third = room.teacher.import_paths([path])[0].book_id
    assert third is not None
    note = room.teacher.notes.add(third, room.teacher.notes.find_quote(third, "Leaves fall"), text="Do they?").id
    room.teacher.layers.give(room.course, third, [note])
    assert "A third book" in [one.title for one in room.teacher.course_packs.books(room.course)]


def test_what_others_wrote_is_not_in_line_for_a_server(room: Room) -> None:
    student, _ = room.student()
    with student._core.reading() as connection:
        told = {one.table for one in pending(connection)}
    assert told.isdisjoint({"courses", "lessons", "assessments", "assessment_keys", "course_enrollments"})


def test_to_look_at_a_pack_takes_nothing(room: Room) -> None:
    student = room.library("student")
    view = student.course_packs.look(room.pack())
    assert (view.arrives, view.other_key, len(view.new_books)) == (Arrived.NEW, "", 1)
    assert student.courses.list() == []
    assert student.shelf.books() == []


def test_the_teacher_who_opens_it_is_told_whose_it_is(room: Room) -> None:
    before = room.teacher.courses.document(room.course)
    assert room.teacher.course_packs.open(room.pack()).arrived is Arrived.MINE
    assert room.teacher.courses.document(room.course) == before


def test_the_same_pack_twice_changes_nothing(room: Room) -> None:
    student, opened = room.student()
    again = student.course_packs.open(room.file)
    assert again.arrived is Arrived.SAME
    assert len(student.courses.list()) == 1
    assert len(student.shelf.books()) == 1
    assert student.courses.document(opened.course_id) == room.teacher.courses.seen_by_students(room.course)


def test_a_later_issue_updates_the_course_and_keeps_what_was_done_in_it(room: Room) -> None:
    student, opened = room.student()
    course = student.courses.document(opened.course_id)
    student.learning.note_time(course, course.lessons[0], 600, is_through=True)
    attempt = take_exam(student, opened.course_id, "beech")
    teach = room.teacher.authoring
    teach.add_lesson(room.course, "Leaves")
    teach.change_lesson(UUID(course.lessons[0].id), title="Seeds and pods")
    teach.remove_lesson(UUID(course.lessons[1].id))
    again = student.course_packs.open(room.pack())
    assert again.arrived is Arrived.UPDATED
    now = student.courses.document(opened.course_id)
    assert [one.title for one in now.lessons] == ["Seeds and pods", "Leaves"]
    assert now.lessons == room.teacher.courses.document(room.course).lessons
    assert [one.title for one in now.assessments] == ["Try"], "the quiz of a lesson that is gone is gone"
    assert student.learning.standing(now).lessons[course.lessons[0].id].state is State.COMPLETED
    teach.bring_back_lesson(UUID(course.lessons[1].id))
    student.course_packs.open(room.pack())
    exam = quiz(student, opened.course_id, Mode.GRADED)
    assert [one.id for one in student.attempts.handed_in(UUID(exam.id))] == [attempt]
    assert student.courses.document(opened.course_id) == room.teacher.courses.seen_by_students(room.course)


def test_a_quiz_that_becomes_graded_loses_its_key_on_the_students_disk(room: Room) -> None:
    student, opened = room.student()
    practice = quiz(room.teacher, room.course, Mode.PRACTICE)
    room.teacher.authoring.change_assessment(UUID(practice.id), replace(practice, mode=Mode.GRADED))
    student.course_packs.open(room.pack())
    with student._core.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM assessment_keys").scalar() == 0
    assert not any(one.keys for one in student.courses.document(opened.course_id).assessments)


def test_an_older_issue_says_that_a_later_one_is_here(room: Room) -> None:
    student, opened = room.student()
    older = room.stick / "older.alexcourse"
    older.write_bytes(room.file.read_bytes())
    room.teacher.authoring.change_course(room.course, title="A large garden")
    student.course_packs.open(room.pack())
    error = refused(lambda: student.course_packs.open(older))
    assert error.code is Code.COURSE_PACK_OLDER
    assert student.courses.row(opened.course_id).title == "A large garden"


def test_a_course_that_was_put_away_comes_back_with_its_pack(room: Room) -> None:
    student, opened = room.student()
    student.course_packs.put_away(opened.course_id)
    assert student.courses.list() == []
    student.course_packs.bring_back(opened.course_id)
    assert len(student.courses.list()) == 1
    student.course_packs.put_away(opened.course_id)
    student.course_packs.open(room.file)
    assert len(student.courses.list()) == 1


def test_a_real_book_goes_along_and_the_place_in_it_opens(room: Room) -> None:
    source = shared_data() / "epub/books/charles-darwin_the-origin-of-species.epub"
    (outcome,) = room.teacher.import_paths([source])
    assert outcome.book_id is not None
    place = BookPlace(
        locator=room.teacher.notes.find_quote(outcome.book_id, "It is interesting to contemplate"),
        book_id=str(outcome.book_id), book_title=outcome.title or "", book_author="Charles Darwin",
    )  # fmt: skip
    lesson = UUID(room.teacher.courses.document(room.course).lessons[0].id)
    room.teacher.authoring.add_block(lesson, PassageBlock(id="bank", place=place, text="It is interesting"))
    (choice,) = [one for one in room.teacher.course_packs.books(room.course) if one.book_id == outcome.book_id]
    assert choice.is_free, choice.rights
    student, opened = room.student()
    found = student.learning.find_book(place.locator.edition or "", place.book_title, place.book_author)
    assert found in opened.books
    assert student.notes.find_quote(found, "It is interesting to contemplate").target == place.locator.target
    file = student.reading.file_of(found)
    assert file.path.read_bytes() == source.read_bytes()
    assert all(check.ok for check in student.repair()), "the doctor finds nothing strange in such a library"


# --- by another key -------------------------------------------------------------------------------------------------


def resigned(pack: Path, **said: object) -> Path:
    """Return the pack signed by a key of somebody else's, with other words in its manifest."""
    thief = new_key()

    def change(members: dict[str, bytes]) -> dict[str, bytes]:
        data = orjson.dumps(orjson.loads(members[MANIFEST]) | {"key": public_half(thief).hex(), **said})
        return members | {MANIFEST: data, SIGNATURE: sign(thief, data)}

    return rewritten(pack, change)


def test_another_key_than_before_is_asked_about(room: Room) -> None:
    student, opened = room.student()
    other = resigned(room.file, title="A weed patch")
    error = refused(lambda: student.course_packs.open(other))
    assert error.code is Code.COURSE_PACK_OTHER_KEY
    view = student.course_packs.look(other)
    assert view.other_key == opened.words
    assert view.words in error.message
    assert view.other_key in error.message
    assert student.courses.row(opened.course_id).title == "A garden"
    taken = student.course_packs.open(other, accept_key=True)
    assert taken.words == view.words
    # From now on the new key is the known one.
    assert refused(lambda: student.course_packs.open(room.file)).code is Code.COURSE_PACK_OTHER_KEY


@pytest.mark.parametrize("victim", ["course", "lesson", "stranger", "nobody"])
def test_a_pack_that_speaks_for_what_is_not_its_own_is_refused(room: Room, victim: str) -> None:
    student = room.library("student")
    own = build_course(student, room.root / "own")
    row = student.courses.row(own)
    before = student.courses.document(own)
    said = orjson.loads(zipfile.ZipFile(room.pack()).read(MANIFEST))
    items = dict(said["items"])
    if victim == "course":
        items[said["course"]] = str(row.content_id)
    elif victim == "lesson":
        lesson = next(one for one in items if one != said["course"])
        items[lesson] = str(row.content_id)
    elif victim == "nobody":
        items[said["course"]] = str(UUID(int=77))
    author = str(student._core.identity.user_id) if victim == "stranger" else said["author"]["id"]
    pack = resigned(room.file, items=items, author={"id": author, "name": "Mallory"})
    assert refused(lambda: student.course_packs.open(pack)).code is Code.COURSE_PACK_CLASH
    assert student.courses.document(own) == before
    assert len(student.courses.list()) == 1


def test_a_pack_that_holds_a_lesson_of_another_course_is_refused(room: Room) -> None:
    student, _ = room.student()
    own = build_course(student, room.root / "own")
    with student._core.reading() as connection:
        theirs = lessons_of(connection, own)[0]
    before = student.courses.document(own)
    other = build_course(room.teacher, room.root / "again")
    mine = room.teacher.courses.document(other).lessons[0].id
    pack = room.teacher.course_packs.write(other, room.stick / "other.alexcourse").file
    thief = new_key()

    def change(members: dict[str, bytes]) -> dict[str, bytes]:
        course = members[COURSE].replace(mine.encode(), str(theirs.id).encode())
        said = orjson.loads(members[MANIFEST].replace(mine.encode(), str(theirs.id).encode()))
        said["items"][str(theirs.id)] = str(theirs.content_id)
        part = next(one for one in said["parts"] if one["name"] == COURSE)
        part |= {"size": len(course), "sha256": hashlib.sha256(course).hexdigest()}
        data = orjson.dumps(said | {"key": public_half(thief).hex()})
        return members | {COURSE: course, MANIFEST: data, SIGNATURE: sign(thief, data)}

    error = refused(lambda: student.course_packs.open(rewritten(pack, change)))
    assert error.code is Code.COURSE_PACK_CLASH
    assert str(theirs.content_id) in error.detail
    assert student.courses.document(own) == before
    assert len(student.courses.list()) == 2


# --- the answers come back ------------------------------------------------------------------------------------------


def test_the_teacher_grades_what_came_in_a_file(room: Room) -> None:
    student, opened = room.student()
    course = student.courses.document(opened.course_id)
    student.learning.note_time(course, course.lessons[0], 300, is_through=True)
    attempt = take_exam(student, opened.course_id, SECRET, "Because of the rings.")
    saved = student.course_packs.save_answers(opened.course_id, room.stick / "bo.alexanswers", name="Bo")
    assert (saved.attempts, saved.still_open) == (1, 0)
    taken = room.teacher.course_packs.take_answers(saved.file)
    assert (taken.student, taken.new, taken.known, taken.strange) == ("Bo", 1, 0, 0)
    look = room.teacher.teaching.look(room.course)
    assert [(row.name, row.done()) for row in look.table.students] == [("Bo", 1)]
    assert [(one.attempt.id, one.student) for one in look.to_grade] == [(attempt, "Bo")]
    found = room.teacher.teaching.grade(room.course, attempt, {"e": Grade(3, 3, Verdict.RIGHT)})
    assert found.score == 100
    again = room.teacher.course_packs.take_answers(saved.file)
    assert (again.new, again.known) == (0, 1)
    assert len(room.teacher.teaching.class_table(room.course).students) == 1


def test_what_was_handed_in_first_stands(room: Room) -> None:
    student, opened = room.student()
    attempt = take_exam(student, opened.course_id, "beech")
    file = student.course_packs.save_answers(opened.course_id, room.stick / "bo.alexanswers", name="Bo").file
    room.teacher.course_packs.take_answers(file)
    said = orjson.loads(file.read_bytes())
    said["attempts"][0]["answers"]["answers"]["w"]["text"] = SECRET
    file.write_bytes(orjson.dumps(said))
    assert room.teacher.course_packs.take_answers(file).known == 1
    judged = room.teacher.teaching.grade(room.course, attempt, {"e": Grade(0, 3, Verdict.WRONG)})
    assert judged.score == 0


def test_an_open_attempt_is_not_in_the_file_and_that_is_said(room: Room) -> None:
    student, opened = room.student()
    student.attempts.begin(quiz(student, opened.course_id, Mode.GRADED)).answer("w", Written("ash"))
    saved = student.course_packs.save_answers(opened.course_id, room.stick / "bo.alexanswers")
    assert (saved.attempts, saved.still_open) == (0, 1)


def test_answers_to_a_course_of_somebody_else_are_refused(room: Room) -> None:
    student, opened = room.student()
    take_exam(student, opened.course_id, "beech")
    file = student.course_packs.save_answers(opened.course_id, room.stick / "bo.alexanswers").file
    other = room.library("other")
    assert refused(lambda: other.course_packs.take_answers(file)).code is Code.COURSE_NOT_YOURS
    other.course_packs.open(room.file)
    assert refused(lambda: other.course_packs.take_answers(file)).code is Code.COURSE_NOT_YOURS, "a student of it"


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b'{"format": "alexandria course answers", "v": 1}', b"x" * 70_000_000]
)
def test_a_file_that_holds_no_answers_is_refused(room: Room, data: bytes) -> None:
    (room.stick / "a.alexanswers").write_bytes(data)
    error = refused(lambda: room.teacher.course_packs.take_answers(room.stick / "a.alexanswers"))
    assert error.code is Code.COURSE_DAMAGED


def test_attempts_at_quizzes_of_another_course_are_left_out_and_counted(room: Room) -> None:
    student, opened = room.student()
    take_exam(student, opened.course_id, "beech")
    file = student.course_packs.save_answers(opened.course_id, room.stick / "bo.alexanswers").file
    said = orjson.loads(file.read_bytes())
    said["attempts"][0]["assessment"] = str(UUID(int=99))
    file.write_bytes(orjson.dumps(said))
    taken = room.teacher.course_packs.take_answers(file)
    assert (taken.new, taken.strange) == (0, 1)


# --- killed ---------------------------------------------------------------------------------------------------------

WRITING = """
import sys, time
from pathlib import Path
from uuid import UUID
from alexandria_desktop.library.library import Library
with Library.open(Path(sys.argv[1]), vectors="numpy") as library:
    def slow(done, total):
        print(done, flush=True)
        if done > total // 2:
            time.sleep(600)
    books = [one.book_id for one in library.course_packs.books(UUID(sys.argv[2]))]
    library.course_packs.write(UUID(sys.argv[2]), Path(sys.argv[3]), books, author="Ada", on_progress=slow)
"""


def test_a_program_that_is_killed_while_it_writes_a_pack_goes_on_there(tmp_path: Path) -> None:
    with Library.open(tmp_path / "teacher", vectors="numpy") as teacher:
        course = build_course(teacher, tmp_path / "sources")
        large = make_epub(
            tmp_path / "sources" / "large.epub", [("One", "<p>The seven seeds of a large book.</p>")], title="large",
            identifier="urn:test:large", files={"picture.bin": os.urandom(6_000_000)},
        )  # fmt: skip
        (book,) = (one.book_id for one in teacher.import_paths([large]))
        assert book is not None
        lesson = UUID(teacher.courses.document(course).lessons[0].id)
        place = replace(
            teacher.courses.document(course).lessons[0].blocks[0].place,  # type: ignore[attr-defined]
            locator=teacher.notes.find_quote(book, "The seven seeds"), book_id=str(book), book_title="large",
        )  # fmt: skip
        block = teacher.courses.document(course).lessons[0].blocks[0]
        teacher.authoring.add_block(lesson, replace(block, id="large", place=place))  # type: ignore[call-arg]
        teacher.course_packs.key()
    target = tmp_path / "stick" / "garden.alexcourse"
    target.parent.mkdir()
    arguments = [sys.executable, "-c", WRITING, str(tmp_path / "teacher"), str(course), str(target)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        size = large.stat().st_size
        while int(child.stdout.readline()) <= size // 2:
            pass
        os.kill(child.pid, signal.SIGKILL)
    assert not target.exists()
    with Library.open(tmp_path / "student", vectors="numpy") as student:
        part = target.with_name("garden.alexcourse.part")
        assert refused(lambda: student.course_packs.open(part)).code is Code.COURSE_PACK_CUT_OFF
    with Library.open(tmp_path / "teacher", vectors="numpy") as teacher:
        there, total = teacher.course_packs.cut_off(target) or (0, 0)
        assert 0 < there < total
        books = [one.book_id for one in teacher.course_packs.books(course) if one.book_id]
        written = teacher.course_packs.write(course, target, books, author="Ada")
        assert written.kept > 0
        assert written.kept >= there
    with Library.open(tmp_path / "student", vectors="numpy") as student:
        assert student.course_packs.open(target).arrived is Arrived.NEW
        assert len(student.shelf.books()) == 3


def test_the_clock_of_the_teacher_may_be_set_back(room: Room) -> None:
    first = room.teacher.course_packs.write(room.course, room.file).manifest.number
    yesterday = datetime.fromtimestamp(first / 1_000_000, UTC) - timedelta(days=1)
    room.teacher._core.database.library._clock = lambda: yesterday
    assert room.teacher.course_packs.write(room.course, room.file).manifest.number > first
