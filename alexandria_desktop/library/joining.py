"""Getting into courses and out of them: invitations that teachers make, codes that students type, the server's word.

All of it is asked for and decided by the server (``requests``), so it can be prepared with no network.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.library.core import Core
from alexandria_desktop.store import courses, organizations, requests
from alexandria_desktop.store.course_rows import Audience
from alexandria_desktop.store.requests import CODE, ENROLL, GRANTED, LEAVE, PUBLISH, STUDENT, Asked
from alexandria_desktop.store.unit_of_work import UnitOfWork

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that looks like a digit, and no U."""
_LENGTH, _GROUP = 12, 4
"""Sixty bits: nobody finds a course by trying."""
_LOOKALIKES = str.maketrans("OIL", "011")
_SENTENCES = {
    "invitation_unknown": "No course has this code. Ask your teacher for a new one: a code can be withdrawn.",
    "course_not_open": "The course is not open yet: its teacher has still to publish it.",
    "removed_from_course": "You were taken out of this course. A new code from its teacher lets you in again.",
    "invitation_taken": "This code is another course's. Make a new one.",
}


class State(StrEnum):
    """How far something is that was asked of the server."""

    WAITING = "waiting"
    GRANTED = "granted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Invitation:
    """A code that lets students into a course."""

    id: UUID
    code: str
    """As people read it, in groups."""
    state: State


@dataclass(frozen=True, slots=True)
class Wish:
    """A course that this reader asked to be put into."""

    id: UUID
    code: str
    """Empty where the course was named by its id."""
    course_id: UUID | None
    """None until the server has said which it is."""
    state: State
    sentence: str
    """Why the server will not."""


@dataclass(frozen=True, slots=True)
class AudienceChoice:
    """Somebody whom a course can be published to."""

    audience: Audience
    organization_id: UUID | None
    name: str
    """The organisation's."""
    is_allowed: bool
    """Whether the server will take it from this account."""


class Joining:
    """Invitations, and the courses that the reader asks to be put into."""

    def __init__(self, core: Core) -> None:
        self._core = core

    # --- teaching -------------------------------------------------------------------------------------------------

    def audiences(self) -> Sequence[AudienceChoice]:
        """Return to whom the reader may publish; a library without an account may prepare for anybody."""
        with self._core.reading() as connection:
            me = organizations.standing_of(connection, self._core.identity.user_id)
        is_allowed = me.has_no_account or me.role in ("educator", "creator", "admin")
        return (
            AudienceChoice(Audience.INVITED, None, "", True),
            *(AudienceChoice(Audience.ORGANIZATION, one, name, is_allowed) for one, name in me.organizations),
            AudienceChoice(Audience.EVERYBODY, None, "", is_allowed),
        )

    def invite(self, course_id: UUID) -> str:
        """Make a new code for a course and return it; an older one opens nothing any more."""
        code = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
        user_id = self._core.identity.user_id

        def write(unit: UnitOfWork) -> None:
            courses.get_course(unit.connection, course_id)
            for one in self._invitations(unit, course_id):
                requests.put_aside(unit, one.id)
            requests.ask(unit, user_id, PUBLISH, course_id, {CODE: code})

        self._core.write(write)
        return grouped(code)

    def invitation(self, course_id: UUID) -> Invitation | None:
        """Return the code of a course, where this reader has made one."""
        with self._core.reading() as connection:
            made = requests.asked(connection, self._core.identity.user_id, PUBLISH)
        found = [one for one in made if one.subject_id == course_id and CODE in one.payload]
        return Invitation(found[-1].id, grouped(found[-1].payload[CODE]), _state(found[-1])) if found else None

    def withdraw(self, course_id: UUID) -> None:
        """Take the code of a course back; who is in the course stays."""

        def write(unit: UnitOfWork) -> None:
            for one in self._invitations(unit, course_id):
                requests.put_aside(unit, one.id)

        self._core.write(write)

    def take_out(self, course_id: UUID, student_id: UUID) -> UUID:
        """Ask the server to take a student out of a course; what they handed in stays. Returns the request's id."""
        return self._ask(LEAVE, course_id, {STUDENT: str(student_id)})

    def _invitations(self, unit: UnitOfWork, course_id: UUID) -> list[Asked]:
        made = requests.asked(unit.connection, self._core.identity.user_id, PUBLISH)
        return [one for one in made if one.subject_id == course_id and CODE in one.payload]

    # --- taking ---------------------------------------------------------------------------------------------------

    def join(self, code: str) -> UUID:
        """Ask to be put into the course of a code; returns the request's id. Raises ReaderError(course.invitation)."""
        return self._ask(ENROLL, None, {CODE: read_code(code)})

    def enroll(self, subject_id: UUID) -> UUID:
        """Ask to be put into an open course, by its id or its item's; returns the request's id."""
        return self._ask(ENROLL, subject_id)

    def leave(self, course_id: UUID) -> UUID:
        """Ask to be taken out of a course."""
        return self._ask(LEAVE, course_id)

    def wishes(self) -> list[Wish]:
        """Return the courses that were asked for and not put aside, the oldest first."""
        with self._core.reading() as connection:
            made = requests.asked(connection, self._core.identity.user_id, ENROLL)
        return [_wish(one) for one in made]

    def put_aside(self, wish_id: UUID) -> None:
        """Forget a wish; one that was granted stays granted."""
        self._core.write(requests.put_aside, wish_id)

    def _ask(self, kind: str, subject_id: UUID | None, payload: Mapping[str, str] = requests.NOTHING) -> UUID:
        return self._core.write(requests.ask, self._core.identity.user_id, kind, subject_id, payload)


def read_code(typed: str) -> str:
    """Return a code as the server knows it, whatever way it was typed. Raises ReaderError(course.invitation)."""
    code = re.sub(r"[\s\-–—_.]", "", typed).upper().translate(_LOOKALIKES)
    if len(code) != _LENGTH or set(code) - set(_ALPHABET):
        raise ReaderError(
            Code.COURSE_INVITATION,
            f"A code has {_LENGTH} letters and digits, such as 7KQM-2XPD-9RTA.",
            detail=typed[:80],
        )
    return code


def grouped(code: str) -> str:
    """Return a code in groups that can be read out."""
    return "-".join(code[begin : begin + _GROUP] for begin in range(0, len(code), _GROUP))


def _wish(one: Asked) -> Wish:
    state = _state(one)
    refused = _SENTENCES.get(one.verdict_code or "", "The server would not put you into this course.")
    sentence = refused if state is State.REFUSED else ""
    return Wish(one.id, grouped(one.payload.get(CODE, "")), one.subject_id, state, sentence)


def _state(one: Asked) -> State:
    if one.verdict is None:
        return State.WAITING
    return State.GRANTED if one.verdict == GRANTED else State.REFUSED
