"""A student's answers in a file for their teacher: what was handed in of one course, and how far the student is.

Nobody signs it. It says whose answers it holds, and whoever can write the file can say so too; what binds it are the
ids of the course, of its assessments and of each attempt, so that no attempt counts twice and none can be replaced.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.store.carried_answers import GivenAttempt, GivenProgress

VERSION = 1
LARGEST = 64 * 1024 * 1024
_FORMAT = "alexandria course answers"
_MOST = 10_000
_STATES = frozenset({"not_started", "in_progress", "completed", "failed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersFile:
    """What a student hands to their teacher."""

    course_id: UUID
    course_title: str
    student_id: UUID
    student: str
    """The name that the student gave."""
    made_at: datetime
    attempts: tuple[GivenAttempt, ...]
    progress: tuple[GivenProgress, ...]

    def to_bytes(self) -> bytes:
        """Return the bytes of the file."""
        return orjson.dumps(
            {
                "format": _FORMAT,
                "v": VERSION,
                "course": {"id": str(self.course_id), "title": self.course_title},
                "student": {"id": str(self.student_id), "name": self.student},
                "made_at": self.made_at.isoformat(),
                "attempts": [
                    {
                        "id": str(one.id), "assessment": str(one.assessment_id), "number": one.number,
                        "answers": dict(one.answers), "started_at": one.started_at.isoformat(),
                        "submitted_at": one.submitted_at.isoformat(),
                    }
                    for one in self.attempts
                ],
                "progress": [
                    {
                        "lesson": str(one.lesson_id), "status": one.status, "seconds": one.seconds,
                        "started_at": one.started_at.isoformat(),
                        "completed_at": one.completed_at.isoformat() if one.completed_at else None,
                    }
                    for one in self.progress
                ],
            },
            option=orjson.OPT_INDENT_2,
        )  # fmt: skip


def answers_of(data: bytes) -> AnswersFile:
    """Read a file of answers; raises ReaderError(course.damaged)."""
    try:
        found = orjson.loads(data)
        if found["format"] != _FORMAT:
            raise ValueError("another format")
        if found["v"] != VERSION:
            raise ValueError(f"version {found['v']!r}")
        if len(found["attempts"]) > _MOST or len(found["progress"]) > _MOST:
            raise ValueError("too much")
        return AnswersFile(
            course_id=UUID(found["course"]["id"]),
            course_title=_text(found["course"]["title"]),
            student_id=UUID(found["student"]["id"]),
            student=_text(found["student"]["name"]),
            made_at=_moment(found["made_at"]),
            attempts=tuple(_attempt(one) for one in found["attempts"]),
            progress=tuple(_progress(one) for one in found["progress"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        raise ReaderError(
            Code.COURSE_DAMAGED, "This is no file of answers, or it is damaged. Ask the student to save it again.",
            detail=repr(error),
        ) from error  # fmt: skip


def _attempt(one: Mapping[str, Any]) -> GivenAttempt:
    started, submitted = _moment(one["started_at"]), _moment(one["submitted_at"])
    if not isinstance(one["answers"], Mapping) or submitted < started:
        raise ValueError("no attempt")
    return GivenAttempt(
        UUID(one["id"]), UUID(one["assessment"]), _count(one["number"], 1), dict(one["answers"]), started, submitted
    )


def _progress(one: Mapping[str, Any]) -> GivenProgress:
    started, completed = _moment(one["started_at"]), one["completed_at"]
    ended = _moment(completed) if completed is not None else None
    if one["status"] not in _STATES or (ended is not None and ended < started):
        raise ValueError("no progress")
    return GivenProgress(UUID(one["lesson"]), one["status"], _count(one["seconds"], 0), started, ended)


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return moment


def _count(value: object, least: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value < 2**31:
        raise TypeError("a number was expected")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > 2_000:
        raise TypeError("a short text was expected")
    return value
