"""What an answer is worth: question + key + answer -> points, feedback, and whether a person has to look.

The rules of partial credit, all of them (a *share* is a part of the question's points, 0 to 1):

* multiple choice: the share of the chosen choice; two choices are no choice.
* true/false: 1 or 0.
* multiple answer: ``all``: 1 for exactly the right choices, else 0. ``each``: (right ones chosen - wrong ones chosen)
  / right ones there are. With no right choice at all, choosing nothing is right.
* short text: the share of the first variant that fits. Numeric: the greatest share of the variants that fit.
* matching: ``each``: right pairs / pairs; ``all``: 1 if all are right, else 0.
* ordering: ``all``: 1 for the right order, else 0. ``each``: the part of the right order's neighbours (this one
  directly before that one) that the answer has.
* cloze: the mean of the gaps' shares by their weights.
* essay: a person grades it; an empty one is worth nothing.
* find the passage: 1 if the selection and one of the passages cover each other by the key's ``overlap``, else 0.

A share below 0 counts as 0. No answer is worth nothing. Without a key, or with one of another kind, a person grades.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sync.assessing.questions import keys, model
from sync.assessing.questions.answers import Answer, Chosen, Filled, Matched, Ordered, Selected, Written
from sync.assessing.questions.sameness import fits, numbers, overlap

_PLACES = 4


class Verdict(StrEnum):
    """How an answer was judged."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"
    UNANSWERED = "unanswered"
    WAITING = "waiting"
    """A person has to grade it."""


@dataclass(frozen=True, slots=True)
class Grade:
    """What an answer is worth."""

    points: float
    out_of: float
    verdict: Verdict
    feedback: tuple[str, ...] = ()
    """Rich texts to show, in this order."""
    parts: Mapping[str, float] = field(default_factory=dict)
    """The share of each part (premise, gap) by its id, where a question has parts."""

    @property
    def needs_person(self) -> bool:
        """Whether a person has to grade it."""
        return self.verdict is Verdict.WAITING


@dataclass(frozen=True, slots=True)
class _Judged:
    share: float
    feedback: tuple[str, ...] = ()
    parts: Mapping[str, float] = field(default_factory=dict)


def grade(question: model.Question, key: keys.Key | None, answer: Answer | None) -> Grade:
    """Return what an answer to a question is worth."""
    if (answer is None or _is_empty(answer)) and not _is_nothing_right(question, key, answer):
        return Grade(0.0, question.points, Verdict.UNANSWERED, _said(key.feedback.general) if key else ())
    rule = _RULES.get(type(question))
    if rule is None or not isinstance(key, rule[0]):
        return Grade(0.0, question.points, Verdict.WAITING)
    judged = rule[1](question, key, answer)
    share = min(1.0, max(0.0, round(judged.share, 9)))
    verdict = Verdict.RIGHT if share >= 1.0 else Verdict.PARTLY if share > 0.0 else Verdict.WRONG
    return Grade(
        round(share * question.points, _PLACES), question.points, verdict,
        _said(*judged.feedback, _overall(key.feedback, verdict), key.feedback.general), judged.parts,
    )  # fmt: skip


def total(grades: Iterable[Grade]) -> tuple[float, float]:
    """Return the points of a whole attempt, and out of how many."""
    found = list(grades)
    return round(sum(one.points for one in found), _PLACES), round(sum(one.out_of for one in found), _PLACES)


def number_fits(variant: keys.NumberVariant, value: Decimal) -> bool:
    """Whether a number lies within the tolerance of a variant, its ends included."""
    allowed = abs(variant.tolerance * variant.value) if variant.is_relative else abs(variant.tolerance)
    return abs(value - variant.value) <= allowed


def _is_empty(answer: Answer) -> bool:
    match answer:
        case Chosen(choices):
            return not choices
        case Written(text):
            return not text.strip()
        case Matched(pairs):
            return not any(pairs.values())
        case Filled(gaps):
            return not any(text.strip() for text in gaps.values())
        case Ordered(order):
            return not order
    return False


def _is_nothing_right(question: model.Question, key: keys.Key | None, answer: Answer | None) -> bool:
    """Whether choosing nothing was an answer: the student said so, and no choice is right."""
    return (
        isinstance(question, model.MultipleAnswer)
        and isinstance(key, keys.MultipleAnswerKey)
        and not key.right
        and isinstance(answer, Chosen)
    )


def _choice(question: model.MultipleChoice, key: keys.MultipleChoiceKey, answer: Answer) -> _Judged:
    if not isinstance(answer, Chosen) or len(answer.choices) != 1:
        return _Judged(0.0)
    chosen = answer.choices[0]
    if chosen not in {choice.id for choice in question.choices}:
        return _Judged(0.0)
    return _Judged(key.shares.get(chosen, 0.0), (key.feedback.each.get(chosen, ""),))


def _answers(question: model.MultipleAnswer, key: keys.MultipleAnswerKey, answer: Answer) -> _Judged:
    if not isinstance(answer, Chosen):
        return _Judged(0.0)
    there = {choice.id for choice in question.choices}
    chosen, right = set(answer.choices) & there, set(key.right) & there
    said = tuple(key.feedback.each.get(choice.id, "") for choice in question.choices if choice.id in chosen)
    if key.credit is keys.Credit.ALL or not right:
        return _Judged(float(chosen == right), said)
    return _Judged((len(chosen & right) - len(chosen - right)) / len(right), said)


def _true_false(_question: model.TrueFalse, key: keys.TrueFalseKey, answer: Answer) -> _Judged:
    if not isinstance(answer, Chosen) or answer.choices not in (("true",), ("false",)):
        return _Judged(0.0)
    chosen = answer.choices[0]
    return _Judged(float((chosen == "true") == key.is_true), (key.feedback.each.get(chosen, ""),))


def _short_text(_question: model.ShortText, key: keys.ShortTextKey, answer: Answer) -> _Judged:
    if not isinstance(answer, Written):
        return _Judged(0.0)
    return _text(key.variants, answer.text, is_case=key.is_case_strict, is_accent=key.is_accent_strict)


def _text(variants: Iterable[keys.Variant], text: str, *, is_case: bool, is_accent: bool) -> _Judged:
    for variant in variants:
        if fits(variant.text, text, is_case_strict=is_case, is_accent_strict=is_accent):
            return _Judged(variant.share, (variant.feedback,))
    return _Judged(0.0)


def _numeric(question: model.Numeric, key: keys.NumericKey, answer: Answer) -> _Judged:
    return _number(key.variants, answer.text, question.unit) if isinstance(answer, Written) else _Judged(0.0)


def _number(variants: Iterable[keys.NumberVariant], text: str, unit: str = "") -> _Judged:
    given = numbers(text, unit)
    fitting = [variant for variant in variants if any(number_fits(variant, value) for value in given)]
    if not fitting:
        return _Judged(0.0)
    best = max(fitting, key=lambda variant: variant.share)
    return _Judged(best.share, (best.feedback,))


def _matching(question: model.Matching, key: keys.MatchingKey, answer: Answer) -> _Judged:
    if not isinstance(answer, Matched):
        return _Judged(0.0)
    there = [premise.id for premise in question.premises if premise.id in key.pairs]
    parts = {premise: float(answer.pairs.get(premise) == key.pairs[premise]) for premise in there}
    said = tuple(key.feedback.each.get(premise, "") for premise in there if answer.pairs.get(premise))
    return _Judged(_credited(parts.values(), key.credit), said, parts)


def _ordering(question: model.Ordering, key: keys.OrderingKey, answer: Answer) -> _Judged:
    if not isinstance(answer, Ordered) or sorted(answer.order) != sorted(item.id for item in question.items):
        return _Judged(0.0)
    if key.credit is keys.Credit.ALL or len(key.order) < 2:
        return _Judged(float(answer.order == key.order))
    wanted = list(zip(key.order, key.order[1:], strict=False))
    given = set(zip(answer.order, answer.order[1:], strict=False))
    return _Judged(sum(pair in given for pair in wanted) / len(wanted))


def _cloze(question: model.Cloze, key: keys.ClozeKey, answer: Answer) -> _Judged:
    if not isinstance(answer, Filled):
        return _Judged(0.0)
    judged = {gap.id: _gap(gap, key.gaps.get(gap.id), answer.gaps.get(gap.id, "")) for gap in question.gaps}
    weights = {gap.id: max(0.0, gap.weight) for gap in question.gaps}
    whole = sum(weights.values())
    shares = {gap: min(1.0, max(0.0, one.share)) for gap, one in judged.items()}
    said = tuple(text for gap, one in judged.items() for text in (*one.feedback, key.feedback.each.get(gap, "")))
    return _Judged(sum(shares[gap] * weights[gap] for gap in shares) / whole if whole else 0.0, said, shares)


def _gap(gap: model.Gap, key: keys.GapKey | None, text: str) -> _Judged:
    if key is None or not text.strip():
        return _Judged(0.0)
    if gap.kind == "number":
        return _number(key.numbers, text)
    if gap.kind == "choice":
        return _Judged(key.shares.get(text, 0.0), (key.each.get(text, ""),))
    return _text(key.variants, text, is_case=key.is_case_strict, is_accent=key.is_accent_strict)


def _passage(_question: model.FindPassage, key: keys.FindPassageKey, answer: Answer) -> _Judged:
    if not isinstance(answer, Selected):
        return _Judged(0.0)
    best = max((overlap(passage, answer.place) for passage in key.passages), default=0.0)
    return _Judged(float(best > 0.0 and best >= key.overlap))


def _credited(shares: Iterable[float], credit: keys.Credit) -> float:
    found = list(shares)
    if not found:
        return 0.0
    return float(all(share >= 1.0 for share in found)) if credit is keys.Credit.ALL else sum(found) / len(found)


def _overall(feedback: keys.Feedback, verdict: Verdict) -> str:
    return {Verdict.RIGHT: feedback.right, Verdict.PARTLY: feedback.partly}.get(verdict, feedback.wrong)


def _said(*texts: str) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


_RULES: Mapping[type[model.Question], tuple[type[keys.Key], Callable[[Any, Any, Any], _Judged]]] = {
    model.MultipleChoice: (keys.MultipleChoiceKey, _choice),
    model.MultipleAnswer: (keys.MultipleAnswerKey, _answers),
    model.TrueFalse: (keys.TrueFalseKey, _true_false),
    model.ShortText: (keys.ShortTextKey, _short_text),
    model.Numeric: (keys.NumericKey, _numeric),
    model.Matching: (keys.MatchingKey, _matching),
    model.Ordering: (keys.OrderingKey, _ordering),
    model.Cloze: (keys.ClozeKey, _cloze),
    model.FindPassage: (keys.FindPassageKey, _passage),
}
