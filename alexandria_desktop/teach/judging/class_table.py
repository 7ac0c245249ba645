"""A class at a glance: who is where, who is stuck, and the same as a file for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

STUCK_AFTER = timedelta(days=7)
"""Without a step in a lesson that was begun."""
STUCK_TRIES = 2
"""Attempts at one assessment that were not passed."""
_RISKY = ("=", "+", "-", "@", "\t", "\r")


class Step(StrEnum):
    """How far a student is in a lesson."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Cell:
    """One student in one lesson."""

    step: Step = Step.NOT_STARTED
    seconds: int = 0
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """One student in one assessment."""

    best: float | None = None
    """Percent; None as long as nothing is graded."""
    passed: bool = False
    tried: int = 0
    waiting: int = 0
    """Attempts that wait to be graded."""


@dataclass(frozen=True, slots=True)
class StudentRow:
    """One student."""

    student: str
    name: str
    lessons: Mapping[str, Cell] = field(default_factory=dict)
    scores: Mapping[str, Score] = field(default_factory=dict)

    def done(self) -> int:
        """Return how many lessons are done."""
        return sum(cell.step is Step.COMPLETED for cell in self.lessons.values())

    def seconds(self) -> int:
        """Return the time spent in all lessons."""
        return sum(cell.seconds for cell in self.lessons.values())

    def stuck_in(self, now: datetime) -> tuple[str, ...]:
        """Return the ids of lessons and assessments in which the student does not get on."""
        lessons = [
            lesson
            for lesson, cell in self.lessons.items()
            if cell.step in (Step.IN_PROGRESS, Step.FAILED)
            and cell.changed_at is not None
            and now - cell.changed_at >= STUCK_AFTER
        ]
        tried = [
            one for one, score in self.scores.items() if not score.passed and score.tried - score.waiting >= STUCK_TRIES
        ]
        return (*lessons, *tried)


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: a lesson or an assessment."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class ClassTable:
    """All students of a course, by name."""

    lessons: Sequence[Heading] = ()
    assessments: Sequence[Heading] = ()
    students: Sequence[StudentRow] = ()

    def to_csv(self) -> str:
        """Return the table as RFC 4180 says, with a mark at its head by which spreadsheets know UTF-8.

        A cell that a spreadsheet would take for a formula begins with an apostrophe: names are other people's words.
        """
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        titles = [*(one.title for one in self.lessons), *(f"{one.title} (%)" for one in self.assessments)]
        writer.writerow(_safe(["Name", "Lessons done", "Minutes", *titles]))
        for row in self.students:
            cells = [row.lessons.get(one.id, Cell()).step.value.replace("_", " ") for one in self.lessons]
            scores = [_percent(row.scores.get(one.id, Score()).best) for one in self.assessments]
            writer.writerow(_safe([row.name, str(row.done()), str(round(row.seconds() / 60)), *cells, *scores]))
        return "\ufeff" + out.getvalue()


def _safe(cells: Iterable[str]) -> list[str]:
    return [f"'{cell}" if cell.startswith(_RISKY) else cell for cell in cells]


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")
