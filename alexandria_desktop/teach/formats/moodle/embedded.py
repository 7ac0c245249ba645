r"""The gaps of Moodle's cloze texts, such as ``{2:SHORTANSWER:=Paris#Yes~%50%Lyon}``, read and written.

They stand inside HTML, so their texts are HTML too, with ``}``, ``#``, ``~``, ``/``, ``"`` and ``\\`` escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from html import escape, unescape

from alexandria_desktop.teach.formats.held import absolute, number_text, percent
from alexandria_desktop.teach.formats.intake import Intake
from alexandria_desktop.teach.formats.naming import drawn_id
from alexandria_desktop.teach.formats.report import Loss, Report
from sync.assessing.exact import exact
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q

_TEXT = frozenset({"SHORTANSWER", "SA", "MW"})
_STRICT = frozenset({"SHORTANSWER_C", "SAC", "MWC"})
_NUMBER = frozenset({"NUMERICAL", "NM"})
_CHOICE = frozenset(
    {"MULTICHOICE", "MC", "MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH", "MULTICHOICE_S", "MCS", "MULTICHOICE_VS",
     "MCVS", "MULTICHOICE_HS", "MCHS"}
)  # fmt: skip
_GAP = re.compile(r"\{(\d{0,6}):([A-Z_]+):((?:\\.|[^}\\])*)\}", re.DOTALL)
_WEIGHT = re.compile(r"^(?:%(-?\d+(?:[.,]\d+)?)%|=)")
_ESCAPES = re.compile(r"[}#~/\"\\]")


@dataclass(frozen=True, slots=True)
class Part:
    """A gap that was read, and its key."""

    gap: q.Gap
    key: k.GapKey


def read_gaps(html: str, intake: Intake, where: str) -> tuple[str, list[Part]]:
    """Return the text with ``[[gap1]]`` and so on in place of the gaps, and the gaps."""
    parts: list[Part] = []

    def replace(found: re.Match[str]) -> str:
        part = _part(f"gap{len(parts) + 1}", found, intake, where)
        if part is None:
            return found.group()
        parts.append(part)
        return f"[[{part.gap.id}]]"

    return _GAP.sub(replace, html), parts


def written_gap(gap: q.Gap, key: k.GapKey, report: Report, where: str) -> str:
    """Return a gap as Moodle wants it; what it cannot hold goes into the report."""
    weight = max(1, round(gap.weight))
    if weight != gap.weight:
        report.add(where, "The weight of a gap was rounded to a whole number.", Loss.SCORING)
    if gap.kind == "choice":
        parts = [
            _answer(key.shares.get(choice.id, 0.0), choice.text, key.each.get(choice.id, "")) for choice in gap.choices
        ]
        return f"{{{weight}:MULTICHOICE:{'~'.join(parts)}}}"
    if gap.kind == "number":
        numbers = [
            _answer(one.share, f"{number_text(one.value)}:{number_text(absolute(one))}", one.feedback)
            for one in key.numbers
        ]
        if any(one.is_relative and one.tolerance for one in key.numbers):
            report.add(where, "A tolerance in per cent was written as a number.", Loss.SCORING)
        return f"{{{weight}:NUMERICAL:{'~'.join(numbers)}}}"
    if not key.is_accent_strict:
        report.add(where, "In Moodle accents always matter in a gap.", Loss.SCORING)
    texts = [_answer(one.share, escape(one.text, quote=False), one.feedback) for one in key.variants]
    return f"{{{weight}:{'SHORTANSWER_C' if key.is_case_strict else 'SHORTANSWER'}:{'~'.join(texts)}}}"


def _answer(share: float, text: str, said: str) -> str:
    sign = "=" if share >= 1.0 else f"%{percent(share)}%" if share else ""
    text = f"&#{ord(text[0])};{text[1:]}" if text[:1] in ("=", "%") and not sign else text
    return sign + _escaped(text) + (f"#{_escaped(said)}" if said else "")


def _escaped(text: str) -> str:
    return _ESCAPES.sub(lambda found: "\\" + found.group(), text)


def _part(name: str, found: re.Match[str], intake: Intake, where: str) -> Part | None:
    kind, answers = found.group(2), list(_answers(found.group(3)))
    weight = float(found.group(1) or 1)
    if kind in _CHOICE:
        choices = tuple(q.Choice(id=drawn_id(), text=intake.rich(text, where)) for _, text, _ in answers)
        shares = {choice.id: one[0] for choice, one in zip(choices, answers, strict=True) if one[0]}
        each = {choice.id: intake.rich(one[2], where) for choice, one in zip(choices, answers, strict=True) if one[2]}
        return Part(
            q.Gap(id=name, kind="choice", weight=weight, choices=choices), k.GapKey(shares=shares, each=each)
        )  # fmt: skip
    if kind in _NUMBER:
        numbers = tuple(one for answer in answers if (one := _number(answer, intake, where)))
        return Part(q.Gap(id=name, kind="number", weight=weight), k.GapKey(numbers=numbers))
    if kind in _TEXT or kind in _STRICT:
        variants = tuple(
            k.Variant(text=unescape(text), share=share, feedback=intake.rich(said, where) if said else "")
            for share, text, said in answers
        )
        key = k.GapKey(variants=variants, is_case_strict=kind in _STRICT, is_accent_strict=True)
        return Part(q.Gap(id=name, weight=weight), key)
    intake.report.add(where, f"A gap of the kind {kind} is left as it stands in the text.", Loss.QUESTION)
    return None


def _answers(text: str) -> Iterator[tuple[float, str, str]]:
    """Give the share, the text and the feedback of each answer of a gap."""
    for part in re.findall(r"(?:\\.|[^~\\])+", text, re.DOTALL):
        weight = _WEIGHT.match(part)
        share = 0.0 if weight is None else 1.0 if weight.group(1) is None else float(weight.group(1).replace(",", "."))
        share = share / 100 if weight and weight.group(1) else share
        body = re.match(r"((?:\\.|[^#\\])*)(?:#(.*))?$", part[weight.end() :] if weight else part, re.DOTALL)
        if body:
            yield share, _unescaped(body.group(1)), _unescaped(body.group(2) or "")


def _number(answer: tuple[float, str, str], intake: Intake, where: str) -> k.NumberVariant | None:
    value, _, tolerance = unescape(answer[1]).partition(":")
    try:
        return k.NumberVariant(
            value=_finite(value), tolerance=abs(_finite(tolerance or "0")), share=answer[0],
            feedback=intake.rich(answer[2], where) if answer[2] else "",
        )  # fmt: skip
    except ValueError:
        intake.report.add(where, f"“{value[:60]}” is no number and was left out.", Loss.SCORING)
        return None


def _finite(text: str) -> Decimal:
    return exact(text.replace(",", "."))


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)
