"""What a student gives as an answer, in memory and as JSON.

``assessment_attempts.answers_json`` keeps an object by question id. An answer is untrusted: what cannot be read is no
answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from sync.assessing.codec import Unreadable, decode, encode
from sync.places.locator import Locator

MAX_TEXT = 200_000
"""Characters of a written answer that are kept."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What all answers have."""

    kind: ClassVar[str] = ""

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form, with ``kind``."""
        return {"kind": self.kind, **encode(self)}


@dataclass(frozen=True, slots=True)
class Chosen(Answer):
    """Choices, by their ids: one for multiple choice, ``true`` or ``false`` for true/false."""

    kind: ClassVar[str] = "chosen"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written(Answer):
    """Words or a number, as typed."""

    kind: ClassVar[str] = "written"
    text: str = ""


@dataclass(frozen=True, slots=True)
class Matched(Answer):
    """The response given to each premise, by ids."""

    kind: ClassVar[str] = "matched"
    pairs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ordered(Answer):
    """The ids of the items as they were put."""

    kind: ClassVar[str] = "ordered"
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filled(Answer):
    """What was put into each gap, by the gap's id: words as typed, or the id of a choice."""

    kind: ClassVar[str] = "filled"
    gaps: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Selected(Answer):
    """Words selected in a book."""

    kind: ClassVar[str] = "selected"
    place: Locator


ANSWER_KINDS: Mapping[str, type[Answer]] = {
    kind.kind: kind for kind in (Chosen, Written, Matched, Ordered, Filled, Selected)
}


def answer_from_json(data: object) -> Answer:
    """Read an answer; raises Unreadable."""
    kind = ANSWER_KINDS.get(str(data.get("kind"))) if isinstance(data, Mapping) else None
    if kind is None:
        raise Unreadable("an answer is an object of a known kind")
    answer = decode(kind, data)
    return Written(answer.text[:MAX_TEXT]) if isinstance(answer, Written) else answer


def answers_to_json(answers: Mapping[str, Answer]) -> dict[str, Any]:
    """Return the object by question id that an attempt keeps."""
    return {question: answer.to_json() for question, answer in answers.items()}


def answers_from_json(data: object) -> dict[str, Answer]:
    """Read the object by question id that an attempt keeps; what cannot be read is left out."""
    found: dict[str, Answer] = {}
    for question, value in data.items() if isinstance(data, Mapping) else ():
        try:
            found[str(question)] = answer_from_json(value)
        except Unreadable:
            continue
    return found
