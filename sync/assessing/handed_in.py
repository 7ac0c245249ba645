"""What a student hands in: the answers, and the journal by which a server or teacher judges how it went.

It comes from another person's machine: what cannot be read is left out, and nothing in it is believed beyond what the
journal bears out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sync.assessing.questions.answers import Answer, answers_from_json, answers_to_json

VERSION = 1
GRACE = 10.0
"""Seconds beyond the limit within which the last answer still counts: the screen needs them to close."""


class Ending(StrEnum):
    """Why an attempt ended."""

    HANDED_IN = "handed_in"
    TIME_OVER = "time_over"


@dataclass(frozen=True, slots=True)
class Entry:
    """That a question was answered, or an answer taken back."""

    elapsed: float
    """Seconds after the attempt began."""
    question: str


@dataclass(frozen=True, slots=True)
class HandedIn:
    """The answers of an attempt and how they came about."""

    answers: Mapping[str, Answer] = field(default_factory=dict)
    """The last answer to each question, by its id."""
    journal: tuple[Entry, ...] = ()
    elapsed: float = 0.0
    """Seconds that the attempt took."""
    ending: Ending = Ending.HANDED_IN

    def to_json(self) -> dict[str, Any]:
        """Return what ``assessment_attempts.answers_json`` keeps."""
        return {
            "v": VERSION,
            "answers": answers_to_json(self.answers),
            "journal": [[round(entry.elapsed, 3), entry.question] for entry in self.journal],
            "elapsed": round(self.elapsed, 3),
            "ending": self.ending.value,
        }

    @staticmethod
    def from_json(data: object) -> HandedIn:
        """Read it; what is no attempt at all is one without answers."""
        if not isinstance(data, Mapping):
            return HandedIn()
        journal = data.get("journal")
        entries = tuple(
            Entry(float(item[0]), item[1])
            for item in (journal if isinstance(journal, list) else ())
            if isinstance(item, list) and len(item) == 2 and _is_number(item[0]) and isinstance(item[1], str)
        )
        elapsed, ending = data.get("elapsed"), data.get("ending")
        return HandedIn(
            answers_from_json(data.get("answers")),
            entries,
            float(elapsed) if _is_number(elapsed) else 0.0,  # type: ignore[arg-type]
            Ending.TIME_OVER if ending == Ending.TIME_OVER else Ending.HANDED_IN,
        )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e12
