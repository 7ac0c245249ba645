"""The questions of one attempt: some of each pool, in the attempt's own order."""

from __future__ import annotations

from sync.assessing.assessment import AssessmentDocument
from sync.assessing.questions.model import Question
from sync.assessing.questions.shuffling import shown, shuffled


def paper(assessment: AssessmentDocument, attempt_id: str) -> tuple[Question, ...]:
    """Return what an attempt asks, with choices in the order to show; the same for the same attempt everywhere.

    A question in no pool is always asked. Of a pool, ``draw`` are asked, in the places where its questions stand; one
    that names no questions is a pool of all that no other names.
    """
    pooled: set[str] = set()
    drawn: set[str] = set()
    for pool in assessment.drawn_from():
        pooled.update(pool.questions)
        ids = shuffled(pool.questions, f"{attempt_id}/{pool.id}", str)
        drawn.update(ids[: max(0, pool.draw)])
    asked = tuple(one for one in assessment.questions if one.id not in pooled or one.id in drawn)
    if assessment.is_shuffled:
        asked = shuffled(asked, attempt_id, lambda question: question.id)
    return tuple(shown(question, attempt_id) for question in asked)
