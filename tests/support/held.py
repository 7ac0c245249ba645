"""Courses cut down to what a format of questions can hold, so that its round trip must be the identity."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from alexandria_desktop.teach.document import CourseDocument
from sync.assessing.assessment import AssessmentDocument
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from sync.assessing.rich_text import from_plain, to_plain
from tests.support.courses import Pair


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a format can hold."""

    points: bool = True
    media: bool = True
    unit: bool = True
    order_kept: bool = True
    strictness: str = "both"
    """``both``, ``case`` (accents always matter), or ``none``."""
    credit_all: frozenset[str] = frozenset()
    """Kinds of question with all or nothing."""
    feedback: dict[str, str] | None = None
    """By kind: the parts of feedback that are held, ``*`` for the kinds that are not named."""
    shares: bool = True
    words: bool = True
    rubric: bool = True
    model_answer: bool = True
    rich_responses: bool = True


def within(pair: Pair, limits: Limits) -> Pair:
    """Return a question and its key without what the format cannot hold."""
    question, key = pair
    change: dict[str, Any] = {}
    if not limits.points:
        change["points"] = 1.0
    if not limits.media:
        change["media"] = ()
    if not limits.unit and isinstance(question, q.Numeric):
        change["unit"] = ""
    if not limits.order_kept and isinstance(question, q.MultipleChoice | q.MultipleAnswer):
        change["is_shuffled"] = True
    if not limits.words and isinstance(question, q.Essay):
        change |= {"min_words": None, "max_words": None}
    if not limits.rich_responses and isinstance(question, q.Matching):
        change["responses"] = tuple(
            replace(one, text=from_plain(" ".join(to_plain(one.text).split()))) for one in question.responses
        )
    return replace(question, **change), _key(question, key, limits)


def _key(question: q.Question, key: k.Key, limits: Limits) -> k.Key:
    change: dict[str, Any] = {}
    held = (limits.feedback or {}).get(question.kind, (limits.feedback or {}).get("*", "")).split()
    change["feedback"] = k.Feedback(**{name: getattr(key.feedback, name) for name in held})
    if hasattr(key, "credit") and question.kind not in limits.credit_all:
        change["credit"] = k.Credit.ALL if isinstance(key, k.OrderingKey) else k.Credit.EACH
    change |= _strictness(key, limits) if isinstance(key, k.ShortTextKey) else {}
    if isinstance(key, k.ClozeKey):
        change["gaps"] = {name: replace(gap, **_strictness(gap, limits)) for name, gap in key.gaps.items()}
    if isinstance(key, k.EssayKey):
        change |= {} if limits.rubric else {"rubric": (), "notes": ""}
        change |= {} if limits.model_answer else {"model_answer": ""}
    return replace(key, **change)


def _strictness(key: k.ShortTextKey | k.GapKey, limits: Limits) -> dict[str, bool]:
    if not key.variants:
        return {}
    if limits.strictness == "none":
        return {"is_case_strict": False, "is_accent_strict": False}
    return {"is_accent_strict": True} if limits.strictness == "case" else {}


def course_of(*pairs: Pair, title: str = "Test") -> CourseDocument:
    """Return a course of one assessment with these questions."""
    one = AssessmentDocument(
        id="7b2fa6c6-58f5-4d8e-9d77-0e7c1d6a5a11", title=title, questions=tuple(pair[0] for pair in pairs),
        keys={pair[0].id: pair[1] for pair in pairs},
    )  # fmt: skip
    return CourseDocument(id="0c5b8a52-9f0e-4b7e-8f5b-1f0a54a0f7a2", title=title, assessments=(one,))
