"""A proposal for people and for programs: questions as they read, answers, reasons."""

from __future__ import annotations

from typing import Any

from alexandria_desktop.teach.compiling.proposal import ProposedItem, ProposedLesson, ProposedPassage
from sync.assessing.questions.keys import ClozeKey, FindPassageKey
from sync.assessing.questions.model import Cloze
from sync.assessing.rich_text import to_plain

GAP = "_____"


def prompt_of(item: ProposedItem) -> str:
    """Return a question as it reads."""
    words = to_plain(item.question.prompt)
    for gap in item.question.gaps if isinstance(item.question, Cloze) else ():
        words = words.replace(f"[[{gap.id}]]", GAP)
    return words


def right_of(item: ProposedItem) -> tuple[str, ...]:
    """Return the words that are right; none where the answer is a place."""
    if not isinstance(item.question, Cloze) or not isinstance(item.key, ClozeKey):
        return ()
    found: list[str] = []
    for gap in item.question.gaps:
        key = item.key.gaps[gap.id]
        found += [to_plain(choice.text) for choice in gap.choices if choice.id in key.shares]
        found += [variant.text for variant in key.variants]
    return tuple(found)


def wrong_of(item: ProposedItem) -> tuple[str, ...]:
    """Return the words that are offered beside the right one."""
    if not isinstance(item.question, Cloze):
        return ()
    right = set(right_of(item))
    texts = (to_plain(choice.text) for gap in item.question.gaps for choice in gap.choices)
    return tuple(text for text in texts if text not in right)


def answer_of(item: ProposedItem) -> str:
    """Return in words what is right, and what is offered beside it."""
    if isinstance(item.key, FindPassageKey):
        number = len(item.key.passages)
        return f"any of {number} sentences" if number > 1 else ""
    right, wrong = " or ".join(right_of(item)), ", ".join(wrong_of(item))
    return f"{right}; offered beside it: {wrong}" if wrong else right


def why(passage: ProposedPassage) -> str:
    """Return in words why a passage was chosen."""
    parts = [f"It fits the objective at {passage.score:.0%}"]
    if passage.shared:
        parts.append(f"has its words {', '.join(f'“{word}”' for word in passage.shared)}")
    if passage.meaning > 0:
        parts.append(f"is near it in meaning at {passage.meaning:.0%}")
    *others, last = parts
    return f"{', '.join(others)}, and {last}." if others else f"{last}."


def as_data(lesson: ProposedLesson) -> dict[str, Any]:
    """Return a lesson as JSON values."""
    return {
        "title": lesson.title,
        "objective": lesson.objective,
        "minutes": lesson.minutes,
        "passages": [
            {
                "book": one.place.book_id,
                "book_title": one.place.book_title,
                "chapter": one.chapter,
                "text": one.text,
                "locator": one.place.locator.to_json(),
                "score": one.score,
                "shared_words": list(one.shared),
                "meaning": one.meaning,
                "difficulty": one.difficulty,
                "minutes": one.minutes,
            }
            for one in lesson.passages
        ],
        "items": [
            {
                "kind": one.question.kind,
                "prompt": prompt_of(one),
                "right": list(right_of(one)),
                "wrong": list(wrong_of(one)),
                "sentence": one.sentence,
                "locator": one.place.locator.to_json(),
            }
            for one in lesson.items
        ],
    }


def as_words(lesson: ProposedLesson) -> str:
    """Return a lesson as lines for people."""
    lines = [f"{lesson.title} ({lesson.minutes} min): {lesson.objective}"]
    for passage in lesson.passages:
        text = " ".join(passage.text.split())
        cut = text if len(text) <= 160 else f"{text[:159].rstrip()}…"
        lines.append(f"  read  {passage.place.book_title}, {passage.chapter}: {cut}")
    for item in lesson.items:
        answer = answer_of(item)
        lines.append(f"  ask   {prompt_of(item)}" + (f"  [{answer}]" if answer else ""))
    return "\n".join(lines)
