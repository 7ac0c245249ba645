"""A student asks to be put into a course, and gets it whole: but neither a graded key nor the teacher's own notes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from alexandria_desktop.library.joining import State, Wish
from alexandria_desktop.library.library import Library
from alexandria_desktop.store.course_rows import Audience, Role, Status
from alexandria_desktop.teach.blocks import TextBlock
from sync.assessing.assessment import Mode
from sync.assessing.questions.keys import ShortTextKey, Variant
from sync.assessing.questions.model import ShortText
from sync.schema.tables import table
from tests.support.server import ServerDatabase
from tests.sync.desks import sign_in
from tests.sync.laptops import make_account
from tests.sync.recorder import Recorder

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("drawer")]

GRADED = "xylothek-of-the-graded-key"
PRACTICE = "sandarach-of-the-practice-key"
NOTE = "mistletoe-of-the-teachers-own-note"
WORDS = "bryophyte-of-the-lesson"


class Room:
    """A teacher with a course on the server, and a student at the end of a line that keeps every byte."""

    def __init__(self, folder: Path, database: ServerDatabase, address: str, stack: ExitStack) -> None:
        self.folder = folder
        self.teacher = stack.enter_context(Library.open(folder / "teacher", vectors="numpy"))
        account = make_account(address)
        with database.as_superuser() as connection:
            connection.execute("update users set role = 'educator' where id = %s", (account.user_id,))
        sign_in(self.teacher, account)
        self.course = self._build()
        self.line = stack.enter_context(Recorder(address))
        self.student = stack.enter_context(Library.open(folder / "student", vectors="numpy"))
        sign_in(self.student, replace(make_account(address), address=self.line.address))

    def _build(self) -> UUID:
        make = self.teacher.authoring
        course = make.make_course("Mosses")
        lesson = make.add_lesson(course, "In the wood")
        make.add_block(lesson, TextBlock(id="t", html=WORDS))
        make.write_teacher_notes(lesson, NOTE)
        for mode, answer in ((Mode.GRADED, GRADED), (Mode.PRACTICE, PRACTICE)):
            quiz = make.add_assessment(course, lesson, mode.value, mode=mode)
            key = ShortTextKey(variants=(Variant(text=answer),))
            make.put_question(quiz, ShortText(id=f"q {mode}", prompt="Name it."), key)
        return course

    def publish(self, audience: Audience) -> None:
        self.teacher.authoring.set_status(self.course, Status.PUBLISHED, audience=audience)
        self.teacher.syncing.sync()
        assert self.teacher.syncing.status().refused == 0

    def ask(self, *, leave: bool = False) -> tuple[str | None, str | None]:
        """Ask the server and return its verdict."""
        joining = self.student.joining
        request = joining.leave(self.course) if leave else joining.enroll(self.course)
        for _ in range(2):
            self.student.syncing.sync()
        return self.verdict(self.student, request)

    def join(self, code: str) -> Wish:
        """Type a code at the student's, run one round, and return what became of it."""
        wish = self.student.joining.join(code)
        self.student.syncing.sync()
        return next(one for one in self.student.joining.wishes() if one.id == wish)

    def verdict(self, library: Library, request: UUID) -> tuple[str | None, str | None]:
        asked = table("requests")
        with library._core.reading() as connection:
            chosen = select(asked.c.verdict, asked.c.verdict_code).where(asked.c.id == request)
            row = connection.execute(chosen).one()
        return row.verdict, row.verdict_code

    def invitation(self) -> tuple[str, State]:
        made = self.teacher.joining.invitation(self.course)
        assert made is not None
        return made.code, made.state

    def on_disk(self, who: str, word: str) -> bool:
        files = [file for file in (self.folder / who).rglob("*") if file.is_file()]
        return any(word.encode() in file.read_bytes() for file in files)


@pytest.fixture
def room(tmp_path: Path, server_database: ServerDatabase, address: str) -> Iterator[Room]:
    with ExitStack() as stack:
        yield Room(tmp_path, server_database, address, stack)


def test_an_enrolled_student_gets_the_course_without_what_is_not_theirs(room: Room) -> None:
    room.publish(Audience.EVERYBODY)
    assert room.ask() == ("granted", None)
    (known,) = room.student.courses.list()
    assert (known.title, known.role, known.lessons, known.assessments) == ("Mosses", Role.STUDENT, 1, 2)
    keys = {one.mode: one.keys for one in room.student.courses.document(room.course).assessments}
    assert keys[Mode.GRADED] == {}
    assert list(keys[Mode.PRACTICE]) == [f"q {Mode.PRACTICE}"]
    heard = room.line.heard()
    for word, reaches in ((WORDS, True), (PRACTICE, True), (GRADED, False), (NOTE, False)):
        assert room.on_disk("teacher", word)
        assert room.on_disk("student", word) is reaches, word
        assert (word.encode() in heard) is reaches, word


def test_a_course_for_those_who_are_put_into_it_cannot_be_joined_by_asking(room: Room) -> None:
    room.publish(Audience.INVITED)
    assert room.ask() == ("refused", "course_not_open")
    assert room.student.courses.list() == []
    assert not room.on_disk("student", WORDS)


def test_a_draft_cannot_be_joined(room: Room) -> None:
    room.teacher.syncing.sync()
    verdict, code = room.ask()
    assert (verdict, code) == ("refused", "course_not_open")
    assert not room.on_disk("student", WORDS)


def test_a_course_that_a_student_leaves_goes_with_what_is_in_it(room: Room) -> None:
    room.publish(Audience.EVERYBODY)
    room.ask()
    assert room.ask(leave=True) == ("granted", None)
    assert room.student.courses.list() == []


def test_what_the_teacher_changes_later_comes_to_the_student(room: Room) -> None:
    room.publish(Audience.EVERYBODY)
    room.ask()
    later = room.teacher.authoring.add_lesson(room.course, "On the rock")
    room.teacher.authoring.add_block(later, TextBlock(id="u", html="Lichens too."))
    room.teacher.syncing.sync()
    room.student.syncing.sync()
    assert [one.title for one in room.student.courses.document(room.course).lessons] == ["In the wood", "On the rock"]


def test_a_code_made_before_the_first_sync_lets_a_student_into_a_course_for_the_invited(room: Room) -> None:
    code = room.teacher.joining.invite(room.course)
    assert room.invitation() == (code, State.WAITING)
    room.publish(Audience.INVITED)
    assert room.invitation() == (code, State.GRANTED)
    wish = room.join(code.replace("-", " ").lower())
    assert (wish.state, wish.course_id) == (State.GRANTED, room.course)
    (known,) = room.student.courses.list()
    assert (known.title, known.role) == ("Mosses", Role.STUDENT)
    assert not room.on_disk("student", GRADED)
    room.teacher.syncing.sync()
    assert len(room.teacher.teaching.class_table(room.course).students) == 1


def test_a_code_that_nobody_made_or_that_was_withdrawn_opens_nothing(room: Room) -> None:
    code = room.teacher.joining.invite(room.course)
    room.publish(Audience.INVITED)
    assert room.join("0000-0000-0000").sentence.startswith("No course has this code")
    room.teacher.joining.withdraw(room.course)
    room.teacher.syncing.sync()
    assert room.teacher.joining.invitation(room.course) is None
    assert room.join(code).state is State.REFUSED
    assert not room.on_disk("student", WORDS)


def test_a_new_code_takes_the_place_of_the_old_one(room: Room) -> None:
    old = room.teacher.joining.invite(room.course)
    room.publish(Audience.INVITED)
    new = room.teacher.joining.invite(room.course)
    room.teacher.syncing.sync()
    assert room.invitation() == (new, State.GRANTED)
    assert room.join(old).state is State.REFUSED
    assert room.join(new).state is State.GRANTED


def test_nobody_can_invite_into_the_course_of_another(room: Room) -> None:
    room.publish(Audience.EVERYBODY)
    room.ask()
    code = room.student.joining.invite(room.course)
    room.student.syncing.sync()
    made = room.student.joining.invitation(room.course)
    assert made is not None
    assert (made.code, made.state) == (code, State.REFUSED)


def test_a_student_who_was_taken_out_comes_back_only_with_a_code_that_was_made_later(room: Room) -> None:
    old = room.teacher.joining.invite(room.course)
    room.publish(Audience.INVITED)
    room.join(old)
    room.teacher.syncing.sync()
    student = room.student._core.identity.user_id
    request = room.teacher.joining.take_out(room.course, student)
    room.teacher.syncing.sync()
    assert room.verdict(room.teacher, request) == ("granted", None)
    assert room.teacher.teaching.class_table(room.course).students == []
    room.student.syncing.sync()
    assert room.student.courses.list() == []
    assert room.join(old).sentence.startswith("You were taken out")
    new = room.teacher.joining.invite(room.course)
    room.teacher.syncing.sync()
    assert room.join(new).state is State.GRANTED
    assert [one.title for one in room.student.courses.list()] == ["Mosses"]


def test_a_student_cannot_take_another_out(room: Room) -> None:
    room.publish(Audience.EVERYBODY)
    room.ask()
    request = room.student.joining.take_out(room.course, room.student._core.identity.user_id)
    room.student.syncing.sync()
    assert room.verdict(room.student, request) == ("refused", "not_found")
    assert len(room.student.courses.list()) == 1
