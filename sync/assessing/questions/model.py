"""What is asked. Nothing here says what is right: keys are apart from the first line on, see ``keys``.

A question's JSON form is an object with ``kind``; an assessment keeps a list of them. The order of ``choices``,
``responses`` and ``items`` is the one that is shown where nothing is shuffled, so it must not be the right one: writers
of questions use ``shuffling.scattered``. A kind that this release does not know is kept as it came.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from sync.assessing.codec import Unreadable, decode, encode
from sync.assessing.media import Media
from sync.assessing.rich_text import RichText


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A thing that can be chosen, matched or put in order."""

    id: str
    text: RichText = ""
    media: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What all questions have."""

    kind: ClassVar[str] = ""
    id: str
    prompt: RichText = ""
    points: float = 1.0
    title: str = ""
    """A short name for the teacher's lists; students see the prompt."""
    media: tuple[Media, ...] = ()
    """Pictures, sounds and films, shown after the prompt."""

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form, with ``kind``."""
        return {"kind": self.kind, **encode(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class MultipleChoice(Question):
    """Choose one."""

    kind: ClassVar[str] = "multiple_choice"
    choices: tuple[Choice, ...] = ()
    is_shuffled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MultipleAnswer(Question):
    """Choose all that are right."""

    kind: ClassVar[str] = "multiple_answer"
    choices: tuple[Choice, ...] = ()
    is_shuffled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueFalse(Question):
    """Say whether it is true."""

    kind: ClassVar[str] = "true_false"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortText(Question):
    """Write a word or a few."""

    kind: ClassVar[str] = "short_text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Numeric(Question):
    """Write a number; ``unit`` stands behind the field and may be written too."""

    kind: ClassVar[str] = "numeric"
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching(Question):
    """Give each premise its response; there may be more responses than premises."""

    kind: ClassVar[str] = "matching"
    premises: tuple[Choice, ...] = ()
    responses: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordering(Question):
    """Put in order."""

    kind: ClassVar[str] = "ordering"
    items: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A gap of a cloze text; it stands in the prompt as ``[[id]]``."""

    id: str
    kind: str = "text"
    """``text``, ``number`` or ``choice``."""
    weight: float = 1.0
    """Its part of the question's points, beside the other gaps' weights."""
    choices: tuple[Choice, ...] = ()
    """Of a gap of kind ``choice``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloze(Question):
    """Fill the gaps of the prompt."""

    kind: ClassVar[str] = "cloze"
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Essay(Question):
    """Write at length; a person grades it."""

    kind: ClassVar[str] = "essay"
    min_words: int | None = None
    max_words: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindPassage(Question):
    """Answer by selecting words in a book."""

    kind: ClassVar[str] = "find_passage"
    book_id: str = ""
    book_title: str = ""
    book_author: str = ""
    edition: str = ""
    """SHA-256 of the file that the teacher had; a student's row of the same book has another id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherQuestion(Question):
    """A question of a kind that this release does not know, kept as it came; a person grades it."""

    data: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return what came."""
        return {**self.data, "id": self.id}


QUESTION_KINDS: Mapping[str, type[Question]] = {
    kind.kind: kind
    for kind in (
        MultipleChoice, MultipleAnswer, TrueFalse, ShortText, Numeric, Matching, Ordering, Cloze, Essay, FindPassage,
    )
}  # fmt: skip


def question_from_json(data: object) -> Question:
    """Read a question; raises Unreadable."""
    if not isinstance(data, Mapping) or not isinstance(data.get("id"), str):
        raise Unreadable("a question is an object with an id")
    kind = QUESTION_KINDS.get(str(data.get("kind")))
    return decode(kind, data) if kind else _other(data)


def questions_to_json(questions: Iterable[Question]) -> list[dict[str, Any]]:
    """Return the list that an assessment keeps; it holds no answer."""
    return [question.to_json() for question in questions]


def questions_from_json(data: object) -> tuple[Question, ...]:
    """Read the list that an assessment keeps; a question that cannot be read stays in it as it came."""
    if not isinstance(data, list | tuple):
        raise Unreadable("the questions of an assessment are a list")
    found: list[Question] = []
    for item in data:
        try:
            found.append(question_from_json(item))
        except Unreadable:
            if isinstance(item, Mapping) and isinstance(item.get("id"), str):
                found.append(_other(item))
    return tuple(found)


def _other(data: Mapping[str, Any]) -> OtherQuestion:
    points = data.get("points")
    if isinstance(points, bool) or not isinstance(points, int | float) or not 0 <= points < 1e9:
        points = 1.0
    return OtherQuestion(id=data["id"], title=str(data.get("title") or ""), points=float(points), data=dict(data))
