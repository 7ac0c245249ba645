"""The answers of GIFT, between the braces: which kind of question they make, and its key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from alexandria_desktop.teach.formats.gift.signs import answers, cut, find, unescaped
from alexandria_desktop.teach.formats.held import from_shares
from alexandria_desktop.teach.formats.intake import Intake
from alexandria_desktop.teach.formats.naming import drawn_id
from alexandria_desktop.teach.formats.report import Loss
from sync.assessing.exact import exact
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from sync.assessing.questions.shuffling import scattered
from sync.assessing.rich_text import from_plain, sanitised

_WEIGHT = re.compile(r"^\s*%(-?[0-9]+(?:[.,][0-9]+)?)%")
_TRUE_FALSE = re.compile(r"^\s*(T|F|TRUE|FALSE)\s*(#.*)?$", re.IGNORECASE | re.DOTALL)

Found = tuple[q.Question, k.Key]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question whose answers are being read."""

    id: str
    title: str
    where: str
    intake: Intake
    kind: str
    """The form of its texts: ``html``, ``plain``, ``markdown``, or ``moodle`` for either."""

    def rich(self, text: str) -> str:
        """Return a text of the file in our form."""
        plain = unescaped(text).strip()
        if self.kind == "plain":
            return from_plain(plain)
        if self.kind == "markdown":
            from markdown_it import MarkdownIt

            return self.intake.rich(MarkdownIt("commonmark").render(plain), self.where)
        return self.intake.rich(plain, self.where) if self.kind == "html" else self.intake.auto(plain, self.where)

    def facts(self, prompt: str) -> dict[str, Any]:
        """Return what every question has."""
        return {"id": self.id, "title": self.title, "prompt": prompt}


@dataclass(frozen=True, slots=True)
class _Answer:
    """One answer, cut into its parts."""

    text: str
    share: float | None
    """None where nothing says."""
    feedback: str
    is_right: bool
    """Whether it starts with ``=``."""


def answer_of(asked: Asked, prompt: str, inner: str) -> Found | None:
    """Return the question that the answers make; None, said in the report, where they make none."""
    inner, general = cut(inner, "####")
    feedback = k.Feedback(general=asked.rich(general) if general.strip() else "")
    facts = asked.facts(prompt)
    if not inner.strip():
        return q.Essay(**facts), k.EssayKey(feedback=feedback)
    if _TRUE_FALSE.match(inner):
        return q.TrueFalse(**facts), _true_false(asked, inner, feedback)
    if inner.lstrip().startswith("#"):
        variants = _numbers(asked, inner.lstrip()[1:])
        return q.Numeric(**facts), k.NumericKey(variants=variants, feedback=feedback)
    found = [_answer(asked, sign, text) for sign, text in answers(inner)]
    if not found:
        asked.intake.report.add(asked.where, "Its answers could not be read, so it was left out.", Loss.DAMAGED)
        return None
    if all(_is_pair(one) for one in found):
        return _matching(asked, facts, found, feedback)
    if all(one.is_right for one in found):
        return q.ShortText(**facts), k.ShortTextKey(variants=_variants(found), feedback=feedback)
    return _choices(asked, facts, found, feedback)


def _is_pair(one: _Answer) -> bool:
    """Whether it is a premise and its response; an arrow after a weight is part of a text."""
    return one.is_right and one.share is None and "->" in one.text


def gap_of(asked: Asked, inner: str) -> tuple[q.Gap, k.GapKey, k.Feedback]:
    """Return the gap that answers in the middle of a text make, its key, and the feedback to everybody."""
    inner, general = cut(inner, "####")
    feedback = k.Feedback(general=asked.rich(general) if general.strip() else "")
    if inner.lstrip().startswith("#"):
        return (
            q.Gap(id="gap1", kind="number"),
            k.GapKey(numbers=_numbers(asked, inner.lstrip()[1:])),
            feedback,
        )
    found = [_answer(asked, sign, text) for sign, text in answers(inner)]
    if all(one.is_right for one in found):
        return q.Gap(id="gap1"), k.GapKey(variants=_variants(found)), feedback
    choices, shares, each = _weighed(asked, found)
    return q.Gap(id="gap1", kind="choice", choices=choices), k.GapKey(shares=shares, each=each), feedback


def _answer(asked: Asked, sign: str, text: str) -> _Answer:
    text, said = cut(text, "#")
    weight = _WEIGHT.match(text)
    share = float(weight.group(1).replace(",", ".")) / 100 if weight else None
    body = text[weight.end() :] if weight else text
    return _Answer(body.strip(), share, asked.rich(said) if said.strip() else "", sign == "=")


def _true_false(asked: Asked, inner: str, feedback: k.Feedback) -> k.TrueFalseKey:
    said, rest = cut(inner, "#")
    wrong, right = cut(rest, "#")
    is_true = said.strip().upper().startswith("T")
    names = ("true", "false") if is_true else ("false", "true")
    each = {
        name: asked.rich(text) for name, text in zip(names, (right, wrong), strict=True) if text.strip()
    }  # fmt: skip
    return k.TrueFalseKey(is_true=is_true, feedback=replace(feedback, each=each))


def _variants(found: list[_Answer]) -> tuple[k.Variant, ...]:
    return tuple(
        k.Variant(text=unescaped(one.text), share=1.0 if one.share is None else one.share, feedback=one.feedback)
        for one in found
    )


def _numbers(asked: Asked, inner: str) -> tuple[k.NumberVariant, ...]:
    parts = answers(inner) if find(inner, "=") >= 0 or find(inner, "~") >= 0 else [("=", inner)]
    found: list[k.NumberVariant] = []
    for sign, text in parts:
        one = _answer(asked, sign, text)
        share = one.share if one.share is not None else 1.0 if one.is_right else 0.0
        try:
            value, tolerance = _range(unescaped(one.text))
        except ValueError:
            asked.intake.report.add(asked.where, f"“{one.text[:60]}” is no number and was left out.", Loss.SCORING)
            continue
        found.append(k.NumberVariant(value=value, tolerance=tolerance, share=share, feedback=one.feedback))
    return tuple(found)


def _range(text: str) -> tuple[Decimal, Decimal]:
    low, dots, high = text.partition("..")
    if dots:
        ends = _decimal(low), _decimal(high)
        return (ends[0] + ends[1]) / 2, abs(ends[1] - ends[0]) / 2
    value, _, tolerance = text.partition(":")
    return _decimal(value), abs(_decimal(tolerance)) if tolerance.strip() else Decimal(0)


def _decimal(text: str) -> Decimal:
    return exact(text.replace(",", "."))


def _matching(asked: Asked, facts: Mapping[str, Any], found: list[_Answer], feedback: k.Feedback) -> Found:
    premises: list[q.Choice] = []
    responses: dict[str, q.Choice] = {}
    pairs: dict[str, str] = {}
    for one in found:
        left, right = cut(one.text, "->")
        text = from_plain(unescaped(right).strip())
        response = responses.setdefault(text, q.Choice(id=drawn_id(), text=text))
        if left.strip():
            premises.append(q.Choice(id=drawn_id(), text=asked.rich(left)))
            pairs[premises[-1].id] = response.id
    question = q.Matching(**facts, premises=tuple(premises), responses=scattered(responses.values()))
    return question, k.MatchingKey(pairs=pairs, feedback=feedback)


def _choices(asked: Asked, facts: Mapping[str, Any], found: list[_Answer], feedback: k.Feedback) -> Found:
    choices, shares, each = _weighed(asked, found)
    feedback = replace(feedback, each=each)
    if any(one.is_right for one in found):
        key: k.Key = k.MultipleChoiceKey(shares=shares, feedback=feedback)
        return q.MultipleChoice(**facts, choices=choices), key
    whole = {choice.id: shares.get(choice.id, 0.0) for choice in choices}
    key = replace(from_shares(whole, asked.intake.report, asked.where), feedback=feedback)
    return q.MultipleAnswer(**facts, choices=choices), key


def _weighed(asked: Asked, found: list[_Answer]) -> tuple[tuple[q.Choice, ...], dict[str, float], dict[str, str]]:
    choices = tuple(q.Choice(id=drawn_id(), text=sanitised(asked.rich(one.text))) for one in found)
    shares = {
        choice.id: 1.0 if one.is_right and one.share is None else one.share or 0.0
        for choice, one in zip(choices, found, strict=True)
    }
    each = {choice.id: one.feedback for choice, one in zip(choices, found, strict=True) if one.feedback}
    return choices, {name: share for name, share in shares.items() if share}, each
