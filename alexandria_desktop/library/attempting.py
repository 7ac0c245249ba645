"""Attempts at assessments: begun, answered, cut off and gone on with, handed in.

An answer is on the disk before the call returns. The time that an attempt has left is counted by whichever clock says
that more of it has gone: the one on the wall, or what was counted before; so closing the program stops nothing, and
setting the clock back gives nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from uuid import UUID

from sqlalchemy import Connection

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.library import course_documents
from alexandria_desktop.library.core import Core
from alexandria_desktop.store import assessments, attempts, grades
from alexandria_desktop.store.attempts import Attempt, OpenAttempt
from sync.assessing.assessment import AssessmentDocument, Mode
from sync.assessing.codec import Unreadable
from sync.assessing.handed_in import Ending, Entry, HandedIn
from sync.assessing.paper import paper
from sync.assessing.questions.answers import Answer, answer_from_json
from sync.assessing.questions.model import Question
from sync.assessing.result import Result, given_result, result_of


class Attempts:
    """What this reader does with assessments."""

    def __init__(self, core: Core, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._core = core
        self._monotonic = monotonic

    def begin(self, assessment: AssessmentDocument) -> Sitting:
        """Begin an attempt, or go on with the one that was cut off. Raises ReaderError(course.no-attempt-left)."""
        found = self._core.write(
            attempts.begin,
            self._core.identity.user_id,
            UUID(assessment.id),
            time_limit=assessment.time_limit,
            max_attempts=assessment.max_attempts,
        )
        return Sitting(self._core, assessment, found, self._monotonic)

    def is_open(self, assessment_id: UUID) -> bool:
        """Whether an attempt was begun and not handed in."""
        with self._core.reading() as connection:
            return attempts.open_attempt(connection, self._core.identity.user_id, assessment_id) is not None

    def hand_in_overdue(self) -> int:
        """Hand in every attempt whose time is over; returns how many there were.

        Whoever closes the program in the middle of one and never looks at it again has answered what they answered.
        """
        with self._core.reading() as connection:
            known = attempts.open_attempts(connection, self._core.identity.user_id)
        count = 0
        for one in known:
            if one.time_limit is None:
                continue
            try:
                with self._core.reading() as connection:
                    row = assessments.get_assessment(connection, one.assessment_id)
            except ReaderError:
                continue  # withdrawn since; it waits in case it comes back
            sitting = Sitting(self._core, course_documents.assessment_of(row), one, self._monotonic)
            if sitting.left == 0:
                sitting.hand_in()
                count += 1
        return count

    def handed_in(self, assessment_id: UUID) -> list[Attempt]:
        """Return the attempts that were handed in, first to last."""
        with self._core.reading() as connection:
            return attempts.attempts_of(connection, self._core.identity.user_id, assessment_id)

    def left(self, assessment: AssessmentDocument) -> int | None:
        """Return how many attempts may still be begun; None for as many as one likes."""
        if assessment.max_attempts is None:
            return None
        return max(0, assessment.max_attempts - len(self.handed_in(UUID(assessment.id))))

    def result(self, assessment: AssessmentDocument, attempt: Attempt) -> Result | None:
        """Return what an attempt was worth; None as long as it is not graded."""
        with self._core.reading() as connection:
            return result_for(connection, assessment, attempt)


def result_for(connection: Connection, assessment: AssessmentDocument, attempt: Attempt) -> Result | None:
    """Return what an attempt was worth: by its grade, or by the key where it is for practice; None if neither."""
    known = grades.grade_of(connection, attempt.id)
    if known is not None:
        return given_result(assessment, str(attempt.id), known.feedback)
    if not assessment.keys or assessment.mode is Mode.GRADED:
        return None
    return result_of(assessment, str(attempt.id), HandedIn.from_json(attempt.answers))


class Sitting:
    """One open attempt. Its methods write to the disk; call them off the Qt thread."""

    def __init__(
        self, core: Core, assessment: AssessmentDocument, attempt: OpenAttempt, monotonic: Callable[[], float]
    ) -> None:
        self._core = core
        self._attempt = attempt
        self._monotonic = monotonic
        self._began = monotonic()
        self._writing = threading.Lock()
        by_the_wall = int((core.database.clock() - attempt.started_at).total_seconds() * 1000)
        self._before = max(attempt.elapsed_ms, by_the_wall)
        self.assessment = assessment
        self.questions: tuple[Question, ...] = paper(assessment, str(attempt.id))
        """What is asked, as it is shown."""
        self._answers = self._read()

    @property
    def id(self) -> UUID:
        """The attempt's id."""
        return self._attempt.id

    @property
    def number(self) -> int:
        """Which attempt it is, from 1."""
        return self._attempt.number

    @property
    def answers(self) -> Mapping[str, Answer]:
        """What was answered so far, by question id."""
        return self._answers

    @property
    def limit(self) -> int | None:
        """Seconds that the attempt may take; None for as long as one likes."""
        return self._attempt.time_limit

    @property
    def elapsed(self) -> float:
        """Seconds since the attempt began, at most its limit."""
        return self._elapsed_ms() / 1000

    @property
    def left(self) -> float | None:
        """Seconds that are left, None without a limit."""
        return None if self.limit is None else self.limit - self.elapsed

    def answer(self, question_id: str, answer: Answer | None) -> None:
        """Keep an answer; None takes it back.

        Raises ReaderError(course.time-over) after the end, ReaderError(course.attempt-closed) once it is handed in.
        """
        with self._writing:
            if self._answers.get(question_id) == answer:
                return
            if self.left == 0:
                raise ReaderError(Code.COURSE_TIME_OVER, "The time is over, so this answer was not taken.")
            kept = None if answer is None else answer.to_json()
            self._core.write(attempts.write_answer, self.id, question_id, kept, elapsed_ms=self._elapsed_ms())
            if answer is None:
                self._answers.pop(question_id, None)
            else:
                self._answers[question_id] = answer

    def note_time(self) -> None:
        """Keep how long the attempt has lasted; called now and then, so that no clock can give time back."""
        self._core.write(attempts.note_elapsed, self.id, self._elapsed_ms())

    def hand_in(self) -> Attempt:
        """Hand in what was answered, and end the attempt; a second time changes nothing."""
        with self._core.reading() as connection:
            journal = attempts.journal_of(connection, self.id)
        lasted = self._elapsed_ms()
        handed = HandedIn(
            dict(self._answers),
            tuple(Entry(entry.elapsed_ms / 1000, entry.question_id) for entry in journal),
            lasted / 1000,
            Ending.TIME_OVER if self.left == 0 else Ending.HANDED_IN,
        )
        ended = replace(self._attempt, elapsed_ms=lasted)
        identity = self._core.identity
        return self._core.write(attempts.hand_in, identity.user_id, ended, handed.to_json(), identity.device_id)

    def _elapsed_ms(self) -> int:
        lasted = self._before + int((self._monotonic() - self._began) * 1000)
        return lasted if self.limit is None else min(lasted, self.limit * 1000)

    def _read(self) -> dict[str, Answer]:
        with self._core.reading() as connection:
            journal = attempts.journal_of(connection, self.id)
        found: dict[str, Answer] = {}
        for entry in journal:
            found.pop(entry.question_id, None)
            if entry.answer is not None:
                try:
                    found[entry.question_id] = answer_from_json(entry.answer)
                except Unreadable:
                    continue  # of a newer release; the journal keeps it
        return found
