"""What could not come over from one format to another: nothing is dropped without a line here."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Loss(StrEnum):
    """What kind of thing could not come over; stable, for scripts."""

    QUESTION = "question"
    """A whole question."""
    SCORING = "scoring"
    """How answers count: weights, tolerances, strictness, points."""
    FEEDBACK = "feedback"
    """Words that were to be said after an answer."""
    MARKUP = "markup"
    """Tables, colours, formulas as pictures: looks of the words."""
    FILE = "file"
    """A picture, sound, film or attached file."""
    MOVED = "moved"
    """It came over, to another place or as something else."""
    LESSON = "lesson"
    """A lesson, or a part of one."""
    SETTING = "setting"
    """Time limits, attempts, pools, shuffling and the like."""
    FACT = "fact"
    """A fact about the course: objectives, language, authors."""
    DAMAGED = "damaged"
    """It could not be read."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that could not come over."""

    where: str
    """The title or number of the lesson or question; empty for the course as a whole."""
    what: str
    """A sentence that a teacher understands."""
    code: Loss


@dataclass(slots=True)
class Report:
    """The lines of one import or export, each said once."""

    lines: list[Line] = field(default_factory=list)

    def add(self, where: str, what: str, code: Loss) -> None:
        """Say that something could not come over."""
        line = Line(where, what, code)
        if line not in self.lines:
            self.lines.append(line)

    def codes(self) -> set[Loss]:
        """Return the kinds of things that could not come over."""
        return {line.code for line in self.lines}
