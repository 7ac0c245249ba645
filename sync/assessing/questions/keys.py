"""What is right: the keys of questions, with feedback and rubrics, kept apart from the questions.

``answers_json`` of an assessment's key is an object by question id; what only a grader needs (rubrics and model answers
of essays) is in ``rubric_json`` by question id. A key that this release cannot read is kept, and a person grades.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from sync.assessing.codec import Unreadable, decode, encode
from sync.assessing.rich_text import RichText
from sync.places.locator import Locator


class Credit(StrEnum):
    """How a question of several parts is credited; ``grading`` holds the arithmetic."""

    ALL = "all"
    """All of it right, or nothing."""
    EACH = "each"
    """Each right part counts, each wrong choice takes one away, never below nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What is said after an answer."""

    general: RichText = ""
    """Whatever the answer was."""
    right: RichText = ""
    partly: RichText = ""
    wrong: RichText = ""
    each: Mapping[str, RichText] = field(default_factory=dict)
    """By the id of what was chosen: a choice, ``true`` or ``false``, a premise, a gap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What all keys have."""

    kind: ClassVar[str] = ""
    feedback: Feedback = Feedback()

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form, with ``kind``."""
        return {"kind": self.kind, **encode(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class MultipleChoiceKey(Key):
    """The share of the points that each choice is worth; a choice that is not named is worth nothing."""

    kind: ClassVar[str] = "multiple_choice"
    shares: Mapping[str, float] = field(default_factory=dict)
    """1 for a right choice, less for one that is partly right; below 0 takes points away, never below nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MultipleAnswerKey(Key):
    """The right choices."""

    kind: ClassVar[str] = "multiple_answer"
    right: tuple[str, ...] = ()
    credit: Credit = Credit.EACH


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueFalseKey(Key):
    """Whether it is true."""

    kind: ClassVar[str] = "true_false"
    is_true: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    r"""A text that is accepted; ``*`` stands for any letters, ``\*`` for a star."""

    text: str
    share: float = 1.0
    feedback: RichText = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortTextKey(Key):
    """The accepted texts, the first that fits counts."""

    kind: ClassVar[str] = "short_text"
    variants: tuple[Variant, ...] = ()
    is_case_strict: bool = False
    is_accent_strict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberVariant:
    """A number that is accepted, give or take ``tolerance``: in its own unit, or as a part of the value."""

    value: Decimal
    tolerance: Decimal = Decimal(0)
    is_relative: bool = False
    """Whether 0.05 means five per cent of the value."""
    share: float = 1.0
    feedback: RichText = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumericKey(Key):
    """The accepted numbers, the best that fits counts."""

    kind: ClassVar[str] = "numeric"
    variants: tuple[NumberVariant, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchingKey(Key):
    """The response of each premise, by ids."""

    kind: ClassVar[str] = "matching"
    pairs: Mapping[str, str] = field(default_factory=dict)
    credit: Credit = Credit.EACH


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderingKey(Key):
    """The ids of the items in the right order."""

    kind: ClassVar[str] = "ordering"
    order: tuple[str, ...] = ()
    credit: Credit = Credit.ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class GapKey:
    """What a gap accepts: texts, numbers or choices, whichever the gap's kind asks for."""

    variants: tuple[Variant, ...] = ()
    numbers: tuple[NumberVariant, ...] = ()
    shares: Mapping[str, float] = field(default_factory=dict)
    each: Mapping[str, RichText] = field(default_factory=dict)
    """Feedback by the id of the chosen choice."""
    is_case_strict: bool = False
    is_accent_strict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClozeKey(Key):
    """What each gap accepts, by the gap's id."""

    kind: ClassVar[str] = "cloze"
    gaps: Mapping[str, GapKey] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """A line of a rubric: what is looked at, and how many points it can bring."""

    id: str
    title: str = ""
    text: RichText = ""
    points: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EssayKey(Key):
    """What a grader goes by."""

    kind: ClassVar[str] = "essay"
    rubric: tuple[Criterion, ...] = ()
    model_answer: RichText = ""
    notes: RichText = ""
    """For graders only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindPassageKey(Key):
    """The places that are accepted; one of them is enough."""

    kind: ClassVar[str] = "find_passage"
    passages: tuple[Locator, ...] = ()
    overlap: float = 0.5
    """The part of the passage that must be selected, and the part of the selection that must lie in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherKey(Key):
    """A key that this release cannot read, kept as it came."""

    data: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return what came."""
        return dict(self.data)


KEY_KINDS: Mapping[str, type[Key]] = {
    kind.kind: kind
    for kind in (
        MultipleChoiceKey, MultipleAnswerKey, TrueFalseKey, ShortTextKey, NumericKey, MatchingKey, OrderingKey,
        ClozeKey, EssayKey, FindPassageKey,
    )
}  # fmt: skip
_FOR_GRADERS = ("rubric", "model_answer", "notes")

Keys = Mapping[str, Key]
"""Keys by question id."""


def key_from_json(data: object) -> Key:
    """Read a key; raises Unreadable."""
    if not isinstance(data, Mapping):
        raise Unreadable("a key is an object")
    kind = KEY_KINDS.get(str(data.get("kind")))
    return decode(kind, data) if kind else OtherKey(data=dict(data))


def answers_to_json(keys: Keys) -> dict[str, Any]:
    """Return the object by question id that ``assessment_keys.answers_json`` keeps: all but what graders need."""
    return {
        question: {name: value for name, value in key.to_json().items() if name not in _FOR_GRADERS}
        for question, key in keys.items()
    }


def rubrics_to_json(keys: Keys) -> dict[str, Any]:
    """Return the object by question id that ``assessment_keys.rubric_json`` keeps: what graders need."""
    return {
        question: {name: value for name, value in key.to_json().items() if name in _FOR_GRADERS}
        for question, key in keys.items()
        if isinstance(key, EssayKey)
    }


def keys_from_json(answers: object, rubrics: object = None) -> dict[str, Key]:
    """Read the two objects of an assessment's key; raises Unreadable where they are none."""
    rubrics = {} if rubrics is None else rubrics
    if not isinstance(answers, Mapping) or not isinstance(rubrics, Mapping):
        raise Unreadable("the key of an assessment is an object by question")
    found: dict[str, Key] = {}
    for question, data in answers.items():
        rubric = rubrics.get(question)
        whole = {**data, **(rubric if isinstance(rubric, Mapping) else {})} if isinstance(data, Mapping) else {}
        try:
            found[str(question)] = key_from_json(whole)
        except Unreadable:
            found[str(question)] = OtherKey(data=whole)
    return found
