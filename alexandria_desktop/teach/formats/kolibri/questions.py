"""A row of ExerciseQuestions.csv as a question."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from alexandria_desktop.teach.formats.intake import Intake
from alexandria_desktop.teach.formats.marked import as_html
from alexandria_desktop.teach.formats.naming import drawn_id
from alexandria_desktop.teach.formats.report import Loss
from sync.assessing.exact import exact
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from sync.assessing.questions.sameness import literal, numbers

Found = tuple[q.Question, k.Key]


def question_of(row: dict[str, str], identity: str, where: str, intake: Intake) -> Found | None:
    """Return the question of a row; None, said in the report, where its type is unknown."""
    kind = row.get("question type", "")
    text, media = intake.illustrated(as_html(row.get("question", "")), where)
    facts: dict[str, Any] = {"id": identity, "prompt": text, "media": media}
    right = [row[name] for name in _columns(row, "correct answer")]
    feedback = _hints(row, where, intake)
    if kind == "input_question":
        return _input(facts, right, feedback)
    if kind not in ("single_selection", "multiple_selection"):
        intake.report.add(where, f"It is of the type “{kind}”, so it was left out.", Loss.QUESTION)
        return None
    options = [row[name] for name in _columns(row, "option")]
    choices: list[q.Choice] = []
    chosen: list[str] = []
    for option in options:
        words, shown = intake.illustrated(as_html(option), where)
        choices.append(q.Choice(id=drawn_id(), text=words, media=shown))
        chosen.extend([choices[-1].id] if option in right else [])
    if not chosen:
        intake.report.add(where, "None of its options is the right answer.", Loss.SCORING)
    if kind == "multiple_selection":
        key: k.Key = k.MultipleAnswerKey(right=tuple(chosen), credit=k.Credit.ALL, feedback=feedback)
        return q.MultipleAnswer(**facts, choices=tuple(choices)), key
    key = k.MultipleChoiceKey(shares=dict.fromkeys(chosen[:1], 1.0), feedback=feedback)
    return q.MultipleChoice(**facts, choices=tuple(choices)), key


def _input(facts: dict[str, Any], right: list[str], feedback: k.Feedback) -> Found:
    values = [_number(text) for text in right]
    if values and all(value is not None for value in values):
        variants = tuple(k.NumberVariant(value=value) for value in values if value is not None)
        return q.Numeric(**facts), k.NumericKey(variants=variants, feedback=feedback)
    texts = tuple(k.Variant(text=literal(text)) for text in right)
    return q.ShortText(**facts), k.ShortTextKey(variants=texts, feedback=feedback)


def _number(text: str) -> Decimal | None:
    try:
        return exact(text)
    except ValueError:
        found = numbers(text)
        return next(iter(found)) if len(found) == 1 else None


def _columns(row: dict[str, str], start: str) -> list[str]:
    return [name for name, value in row.items() if name.startswith(start) and value]


def _hints(row: dict[str, str], where: str, intake: Intake) -> k.Feedback:
    hints = [row[name] for name in _columns(row, "hint")]
    if not hints:
        return k.Feedback()
    intake.report.add(where, "Hints now appear after the answer.", Loss.MOVED)
    return k.Feedback(general=intake.rich("".join(as_html(hint) for hint in hints), where))
