"""Write the questions of a course as GIFT."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from alexandria_desktop.teach.document import CourseDocument
from alexandria_desktop.teach.formats.gift.signs import escaped
from alexandria_desktop.teach.formats.held import (
    Holds,
    absolute,
    equal_shares,
    name_of,
    number_text,
    percent,
    tell_only_questions,
    tell_unheld,
    tell_unheld_kind,
)
from alexandria_desktop.teach.formats.report import Loss, Report
from alexandria_desktop.teach.media import Files
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from sync.assessing.rich_text import as_blocks, from_plain, to_plain

NAME = "GIFT"
_PLAIN = Holds(points=False, media=False)
_CHOICES = Holds(points=False, media=False, each=True)


def write(course: CourseDocument, path: Path, _files: Files) -> Report:
    """Write a GIFT file and return what it cannot hold."""
    text, report = as_gift(course)
    path.write_text(text, encoding="utf-8", newline="\n")
    return report


def as_gift(course: CourseDocument) -> tuple[str, Report]:
    """Return the questions of a course as GIFT, and what it cannot hold."""
    report = Report()
    tell_only_questions(report, course, NAME)
    if len(course.assessments) > 1:
        report.add("", "GIFT is one list of questions, so all assessments are in one.", Loss.SETTING)
    parts = [f"// {_one_line(course.title)}\n"] if course.title else []
    number = 0
    for assessment in course.assessments:
        for question in assessment.questions:
            number += 1
            where = name_of(question, number)
            part = _question(question, assessment.keys.get(question.id), where, report)
            parts.extend([part] if part else [])
    return "\n".join(parts), report


def _question(question: q.Question, key: k.Key | None, where: str, report: Report) -> str:
    title = f"::{escaped(_one_line(question.title))}::" if question.title else ""
    start = f"// [id:{question.id}]\n{title}[html]"
    if isinstance(question, q.Cloze):
        body = _cloze(question, key, where, report)
        return f"{start}{body}\n" if body else ""
    answer = _answer(question, key, where, report)
    if answer is None:
        tell_unheld_kind(report, where, question, NAME)
        return ""
    return f"{start}{escaped(as_blocks(question.prompt))}{{{answer}{_general(key)}}}\n"


def _answer(question: q.Question, key: k.Key | None, where: str, report: Report) -> str | None:
    holds = _CHOICES if isinstance(question, q.MultipleChoice | q.MultipleAnswer | q.TrueFalse) else _PLAIN
    match question:
        case q.MultipleChoice():
            answer = _choice(question, key, where, report)
        case q.MultipleAnswer():
            answer = _answers(question, key, where, report)
        case q.TrueFalse():
            answer = _true_false(key)
        case q.ShortText():
            answer = _short(key, where, report)
        case q.Numeric():
            answer = _numeric(question, key, where, report)
        case q.Matching():
            answer = _matching(question, key, where, report)
        case q.Essay():
            answer = ""
            if question.min_words or question.max_words or _has_more(key):
                report.add(where, "GIFT does not hold limits of words, rubrics and model answers.", Loss.SCORING)
        case _:
            return None
    tell_unheld(report, where, question, key, holds, NAME)
    return answer


def _choice(question: q.MultipleChoice, key: k.Key | None, where: str, report: Report) -> str:
    shares = key.shares if isinstance(key, k.MultipleChoiceKey) else {}
    if not question.is_shuffled:
        report.add(where, "GIFT does not hold that the choices keep their order.", Loss.SETTING)
    if shares and max(shares.values()) < 1.0:
        report.add(where, "In GIFT one choice must be wholly right.", Loss.SCORING)
    return _weighed(question.choices, dict(shares), key, is_single=True)


def _answers(question: q.MultipleAnswer, key: k.Key | None, where: str, report: Report) -> str:
    shares: dict[str, float] = {}
    if isinstance(key, k.MultipleAnswerKey):
        shares = equal_shares(key, [choice.id for choice in question.choices])
        if key.credit is k.Credit.ALL:
            report.add(where, "GIFT does not hold “all or nothing”, so each right choice counts.", Loss.SCORING)
    if not question.is_shuffled:
        report.add(where, "GIFT does not hold that the choices keep their order.", Loss.SETTING)
    return _weighed(question.choices, shares, key, is_single=False)


def _weighed(choices: Iterable[q.Choice], shares: dict[str, float], key: k.Key | None, *, is_single: bool) -> str:
    lines = []
    for choice in choices:
        share = shares.get(choice.id, 0.0)
        sign = "=" if is_single and share >= 1.0 else "~"
        if share and sign == "~":
            sign += f"%{percent(share)}%"
        said = key.feedback.each.get(choice.id, "") if key else ""
        lines.append(f"\n\t{sign}{_text(choice.text)}{_said(said)}")
    return "".join(lines) + "\n"


def _true_false(key: k.Key | None) -> str:
    if not isinstance(key, k.TrueFalseKey):
        return "T"
    right, wrong = ("true", "false") if key.is_true else ("false", "true")
    each = key.feedback.each
    said = f"#{_text(each.get(wrong, ''))}#{_text(each.get(right, ''))}"
    return ("T" if key.is_true else "F") + said.rstrip("#")


def _short(key: k.Key | None, where: str, report: Report) -> str:
    if not isinstance(key, k.ShortTextKey):
        return "=*"
    if key.is_case_strict or key.is_accent_strict:
        report.add(where, "GIFT does not hold that case or accents matter.", Loss.SCORING)
    return _variants(key.variants)


def _variants(variants: Iterable[k.Variant]) -> str:
    return (
        "".join(f"\n\t{_right(one.share, one.text)}{escaped(one.text)}{_said(one.feedback)}" for one in variants) + "\n"
    )


def _numeric(question: q.Numeric, key: k.Key | None, where: str, report: Report) -> str:
    if question.unit:
        report.add(where, "GIFT does not hold the unit of a number.", Loss.SCORING)
    return "#" + _numbers(key.variants if isinstance(key, k.NumericKey) else (), where, report)


def _numbers(variants: Iterable[k.NumberVariant], where: str, report: Report) -> str:
    lines = []
    for one in variants:
        if one.is_relative and one.tolerance:
            report.add(where, "A tolerance in per cent was written as a number.", Loss.SCORING)
        lines.append(
            f"\n\t{_right(one.share)}{number_text(one.value)}:{number_text(absolute(one))}{_said(one.feedback)}"
        )
    return "".join(lines) + "\n"


def _matching(question: q.Matching, key: k.Key | None, where: str, report: Report) -> str:
    pairs = key.pairs if isinstance(key, k.MatchingKey) else {}
    if isinstance(key, k.MatchingKey) and key.credit is k.Credit.ALL:
        report.add(where, "GIFT does not hold “all or nothing”, so each right pair counts.", Loss.SCORING)
    texts = {one.id: _one_line(to_plain(one.text)) for one in question.responses}
    if any(from_plain(texts[one.id]) != one.text for one in question.responses):
        report.add(where, "GIFT holds responses as plain text only.", Loss.MARKUP)
    lines = [f"\n\t={_text(one.text)} -> {escaped(texts.get(pairs.get(one.id, ''), ''))}" for one in question.premises]
    used = set(pairs.values())
    lines += [f"\n\t= -> {escaped(texts[one.id])}" for one in question.responses if one.id not in used]
    return "".join(lines) + "\n"


def _cloze(question: q.Cloze, key: k.Key | None, where: str, report: Report) -> str:
    if len(question.gaps) != 1 or question.prompt.count(f"[[{question.gaps[0].id}]]") != 1:
        report.add(where, "GIFT holds texts with one gap only, so it was left out.", Loss.QUESTION)
        return ""
    gap = question.gaps[0]
    found = key.gaps.get(gap.id) if isinstance(key, k.ClozeKey) else None
    found = found or k.GapKey()
    before, _, after = as_blocks(question.prompt).partition(f"[[{gap.id}]]")
    if gap.kind == "choice":
        inner = _weighed(gap.choices, dict(found.shares), k.Key(feedback=k.Feedback(each=found.each)), is_single=True)
    else:
        inner = "#" + _numbers(found.numbers, where, report) if gap.kind == "number" else _variants(found.variants)
    if found.is_case_strict or found.is_accent_strict:
        report.add(where, "GIFT does not hold that case or accents matter.", Loss.SCORING)
    tell_unheld(report, where, question, key, _PLAIN, NAME)
    return f"{escaped(before)}{{{inner}{_general(key)}}}{escaped(after)}"


def _has_more(key: k.Key | None) -> bool:
    return isinstance(key, k.EssayKey) and bool(key.rubric or key.model_answer or key.notes)


def _general(key: k.Key | None) -> str:
    return f"####{_text(key.feedback.general)}" if key and key.feedback.general else ""


def _right(share: float, text: str = "") -> str:
    """Return the start of an answer; a text must not be taken for a weight or for a pair."""
    is_plain = share >= 1.0 and not text.startswith("%") and "->" not in text
    return "=" if is_plain else f"=%{percent(share)}%"


def _said(html: str) -> str:
    return f"#{_text(html)}" if html else ""


def _text(html: str) -> str:
    """Return HTML whose first letter is not taken for the start of a weight."""
    return escaped("&#37;" + html[1:] if html.startswith("%") else html)


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
