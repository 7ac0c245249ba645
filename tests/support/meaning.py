"""What a question means, apart from the ids that a format cannot hold and the order that is not told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sync.assessing.assessment import AssessmentDocument
from sync.assessing.codec import encode
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q


def _renamed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {names.get(key, key): _renamed(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, names) for item in value]
    return names.get(value, value) if isinstance(value, str) else value


def meaning(question: q.Question, key: k.Key | None) -> tuple[Any, Any]:
    """Return a question and its key with choices named by their words."""
    names: dict[str, str] = {}
    for part in ("choices", "premises", "responses", "items"):
        for choice in getattr(question, part, ()):
            names[choice.id] = f"{part}:{choice.text}:{choice.media}"
    for gap in getattr(question, "gaps", ()):
        for choice in gap.choices:
            names[choice.id] = f"{gap.id}:{choice.text}"
    if isinstance(question, q.Matching):
        question = replace(question, responses=tuple(sorted(question.responses, key=lambda one: one.text)))
    if isinstance(question, q.Ordering):
        question = replace(question, items=tuple(sorted(question.items, key=lambda one: one.text)))
    for at, criterion in enumerate(getattr(key, "rubric", ())):
        names[criterion.id] = f"criterion {at}"
    if isinstance(key, k.MultipleAnswerKey):
        key = replace(key, right=tuple(sorted(key.right, key=lambda one: names.get(one, one))))
    return (type(question).__name__, _renamed(encode(question), names)), _renamed(encode(key), names)


def meanings(assessment: AssessmentDocument) -> list[tuple[Any, Any]]:
    """Return what each question of an assessment means."""
    return [meaning(question, assessment.keys.get(question.id)) for question in assessment.questions]
