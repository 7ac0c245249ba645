"""Judge the attempts that wait for it, by the rules that a teacher's program has too, and write their grades."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import orjson
import psycopg
from psycopg_pool import PoolTimeout

from sync.assessing.assessment import AssessmentDocument, assessment_of_row
from sync.assessing.codec import Unreadable
from sync.assessing.handed_in import HandedIn
from sync.assessing.judging import KEY, Attempted, is_by_machine, judge, key_digest, needs_grading
from sync.schema import natural
from sync.server.gateway.database import Database, fetch_all
from sync.server.gateway.logs import fault_place, get_logger
from sync.server.gateway.routing import Core

BATCH: Final = 50
AT_ONCE: Final = 50
"""Attempts of one push that are graded before its answer goes out; the job takes those beyond."""

_log = get_logger(__name__)
_By = tuple[AssessmentDocument, dict[str, Any], str]
"""An assessment with its keys, the settings of its course, and the digest of its key."""


async def grade_attempts(core: Core) -> str:
    """Do the job once."""
    return f"{await grade_waiting(core.database)} attempts"


async def grade_at_once(database: Database, attempts: Sequence[UUID]) -> None:
    """Grade attempts that were handed in just now, so that the same round may fetch their grades.

    They are handed in already, so this never fails: what does not come about now is done by the job.
    """
    try:
        await _grade_batch(database, attempts[:AT_ONCE])
    except (psycopg.Error, PoolTimeout) as fault:
        _log.warning("attempts wait for the job", **fault_place(fault))


async def grade_waiting(database: Database, *, most: int = 100_000) -> int:
    """Look at attempts that wait, batch by batch, and return how many; two gateways share the work."""
    done = 0
    while done < most:
        looked_at = await _grade_batch(database)
        if looked_at == 0:
            break
        done += looked_at
    return done


async def _grade_batch(database: Database, named: Sequence[UUID] | None = None) -> int:
    async with database.as_gateway() as connection:
        attempts = await fetch_all(
            connection,
            "select * from gateway.attempts_to_grade(%(most)s, %(named)s)",
            most=BATCH,
            named=None if named is None else list(named),
        )
        if not attempts:
            return 0
        ids = list({row["assessment_id"] for row in attempts})
        rows = await fetch_all(connection, "select * from gateway.assessments_to_grade_by(%(ids)s)", ids=ids)
        # Grading is arithmetic on what strangers sent; meanwhile others are served.
        grades = await asyncio.to_thread(_judged, attempts, rows)
        await connection.execute(
            "select gateway.put_grades(%s::jsonb, %s)",
            (orjson.dumps(grades).decode(), [row["id"] for row in attempts]),
        )
        return len(attempts)


def _judged(attempts: Sequence[dict[str, Any]], rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the grades to write of those attempts that a machine can judge and that have none by this key."""
    by = {row["id"]: found for row in rows if (found := _by(row)) is not None}
    grades = []
    for attempt in attempts:
        if attempt["answers"] is None or attempt["assessment_id"] not in by:
            continue
        try:
            grade = _grade(attempt, by[attempt["assessment_id"]])
        except Exception as fault:  # noqa: BLE001 - one attempt that trips us must not keep a class from its grades
            _log.error("an attempt is left to its teacher", attempt=str(attempt["id"]), **fault_place(fault))
            continue
        if grade is not None:
            grades.append(grade)
    return grades


def _by(row: dict[str, Any]) -> _By | None:
    """Return what to grade by; None where nothing can be graded by it, which leaves it to the teacher."""
    try:
        found = assessment_of_row(
            row["id"],
            lesson_id=None,
            title="",
            mode=row["mode"],
            passing_score=row["passing_score"],
            time_limit=row["time_limit"],
            max_attempts=row["max_attempts"],
            metadata=row["metadata"] or {},
            questions=row["questions"],
            answers=row["answers"],
            rubrics=row["rubrics"],
        )
    except Unreadable as fault:
        _log.warning("an assessment cannot be read", assessment=str(row["id"]), **fault_place(fault))
        return None
    if not found.keys:
        return None
    settings = row["settings"]
    return found, settings if isinstance(settings, dict) else {}, key_digest(found)


def _grade(attempt: dict[str, Any], by: _By) -> dict[str, Any] | None:
    """Return the row of a grade; None where the one that is there stays."""
    assessment, settings, digest = by
    known = attempt["feedback"]
    if not needs_grading(known, assessment, digest, attempt["earlier"]):
        return None
    if known is not None and not is_by_machine(known):
        return None
    handed = HandedIn.from_json(attempt["answers"])
    one = Attempted(attempt["id"], handed, attempt["started_at"], attempt["submitted_at"], attempt["earlier"])
    found = judge(settings, assessment, one)
    return {
        "id": str(natural.attempt_grade(one.id)),
        "attempt_id": str(one.id),
        "score": str(found.score),
        "passed": found.passed,
        "feedback": {**found.to_json(), KEY: digest},
    }
