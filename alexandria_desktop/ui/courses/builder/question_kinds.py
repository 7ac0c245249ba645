"""Kinds of questions in a teacher's words, and an empty one of each."""

from __future__ import annotations

from alexandria_desktop.teach.authoring.lines import new_id
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q

KINDS: dict[str, str] = {
    "multiple_choice": "Choose one", "multiple_answer": "Choose all that are right", "true_false": "True or false",
    "short_text": "A word or a few", "numeric": "A number", "matching": "Match", "ordering": "Put in order",
    "cloze": "Fill the gaps", "essay": "Essay", "find_passage": "Find the passage",
}  # fmt: skip
"""Every kind of question in a teacher's words."""


def fresh_question(kind: str) -> tuple[q.Question, k.Key]:
    """Return an empty question of a kind and its key."""
    question, name = q.QUESTION_KINDS[kind], new_id()
    if kind in ("multiple_choice", "multiple_answer"):
        made: q.Question = question(id=name, choices=(q.Choice(id=new_id()), q.Choice(id=new_id())))  # type: ignore[call-arg]
    else:
        made = question(id=name)
    return made, k.KEY_KINDS[kind]()
