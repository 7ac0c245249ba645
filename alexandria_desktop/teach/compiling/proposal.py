"""What is proposed to a teacher: lessons with passages and why they are there, and items tied each to its sentence."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from alexandria_desktop.teach.blocks import BookPlace
from sync.assessing.questions.keys import Key
from sync.assessing.questions.model import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedPassage:
    """A stretch of a book to read."""

    id: str
    place: BookPlace
    text: str
    chapter: str
    score: float
    """How well it fits the objective, 0 to 1."""
    shared: tuple[str, ...]
    """Words of the objective that stand in it."""
    meaning: float
    """How near it is in meaning, 0 to 1."""
    difficulty: float
    """LIX and the share of rare words; see ``readability``."""
    minutes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedItem:
    """A question with its key, and the sentence that it comes from."""

    id: str
    question: Question
    key: Key
    sentence: str
    place: BookPlace
    chapter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedLesson:
    """A lesson."""

    id: str
    title: str
    objective: str
    minutes: int
    after: tuple[str, ...] = ()
    """Ids of the lessons that come first."""
    passages: tuple[ProposedPassage, ...] = ()
    items: tuple[ProposedItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Gone:
    """An objective or a book of which nothing came, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """All that is proposed; nothing of it is written until it is accepted."""

    lessons: tuple[ProposedLesson, ...] = ()
    unmet: tuple[Gone, ...] = ()
    """Objectives."""
    unread: tuple[Gone, ...] = ()
    """Books."""

    @property
    def ids(self) -> frozenset[str]:
        """The ids of all passages and items."""
        return frozenset(
            name
            for lesson in self.lessons
            for name in (*(one.id for one in lesson.passages), *(one.id for one in lesson.items))
        )

    def only(self, chosen: Collection[str]) -> Proposal:
        """Return what was chosen: passages and items by their ids; a lesson left empty is left out.

        A lesson that waited for one that is left out waits for what that one waited for.
        """
        kept: list[ProposedLesson] = []
        left_out: dict[str, tuple[str, ...]] = {}
        for lesson in self.lessons:
            after = tuple(dict.fromkeys(one for first in lesson.after for one in left_out.get(first, (first,))))
            passages = tuple(one for one in lesson.passages if one.id in chosen)
            items = tuple(one for one in lesson.items if one.id in chosen)
            if passages or items:
                kept.append(replace(lesson, passages=passages, items=items, after=after))
            else:
                left_out[lesson.id] = after
        return replace(self, lessons=tuple(kept))
