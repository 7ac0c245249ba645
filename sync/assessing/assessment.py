"""An assessment in memory, with its questions and, apart from them, their keys; and as its rows hold it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sync.assessing.media import Media, media_in
from sync.assessing.questions.keys import Key, keys_from_json
from sync.assessing.questions.model import Question, questions_from_json
from sync.assessing.rich_text import RichText, sanitised


class Mode(StrEnum):
    """Whether an assessment is for practice, its key going to the student, or graded, its key staying with teachers."""

    PRACTICE = "practice"
    GRADED = "graded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Questions of which each attempt gets only some."""

    id: str
    title: str = ""
    questions: tuple[str, ...] = ()
    """Ids of questions of the same assessment; none stands for all that are in no other pool."""
    draw: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentDocument:
    """An assessment with its questions and, apart from them, their keys."""

    id: str
    lesson_id: str = ""
    title: str = ""
    instructions: RichText = ""
    mode: Mode = Mode.PRACTICE
    passing_score: float = 70.0
    """Percent."""
    time_limit: int | None = None
    """Seconds."""
    max_attempts: int | None = None
    is_shuffled: bool = False
    """Whether each attempt has its own order of questions."""
    pools: tuple[Pool, ...] = ()
    questions: tuple[Question, ...] = ()
    keys: Mapping[str, Key] = field(default_factory=dict)
    """By question id."""

    def drawn_from(self) -> tuple[Pool, ...]:
        """Return the pools with the ids of the questions that each stands for, of those that are there."""
        there = [question.id for question in self.questions]
        named = {question for pool in self.pools for question in pool.questions}
        others = [question for question in there if question not in named]
        return tuple(
            replace(pool, questions=tuple(one for one in dict.fromkeys(pool.questions or others) if one in there))
            for pool in self.pools
        )

    def without_keys(self) -> AssessmentDocument:
        """Return the same assessment as one may see who must not know the answers."""
        return replace(self, keys={})

    def media(self) -> dict[str, Media]:
        """Return every file that its questions show, by SHA-256."""
        return media_in(self)


def assessment_of_row(
    assessment_id: UUID,
    *,
    lesson_id: UUID | None,
    title: str,
    mode: str,
    passing_score: Decimal,
    time_limit: int | None,
    max_attempts: int | None,
    metadata: Mapping[str, Any],
    questions: object,
    answers: object,
    rubrics: object,
) -> AssessmentDocument:
    """Return an assessment from what its row, its item's metadata and its key hold; raises Unreadable.

    Instructions, pools and whether it is shuffled have no column of their own and are in the metadata.
    """
    return AssessmentDocument(
        id=str(assessment_id),
        lesson_id=str(lesson_id or ""),
        title=title,
        instructions=sanitised(str(metadata.get("instructions") or "")),
        mode=Mode(mode),
        passing_score=float(passing_score),
        time_limit=time_limit,
        max_attempts=max_attempts,
        is_shuffled=metadata.get("is_shuffled") is True,
        pools=_pools(metadata.get("pools")),
        questions=questions_from_json(questions),
        keys=keys_from_json(answers or {}, rubrics or {}),
    )


def _pools(data: object) -> tuple[Pool, ...]:
    found: list[tuple[str, Pool]] = []
    for pool_id, one in data.items() if isinstance(data, Mapping) else ():
        if isinstance(one, Mapping):
            draw, named = one.get("draw"), one.get("questions")
            pool = Pool(
                id=str(pool_id),
                title=str(one.get("title") or ""),
                questions=tuple(str(name) for name in named) if isinstance(named, list | tuple) else (),
                draw=draw if isinstance(draw, int) and not isinstance(draw, bool) else 1,
            )
            found.append((str(one.get("order") or ""), pool))
    return tuple(pool for _, pool in sorted(found, key=lambda pair: (pair[0], pair[1].id)))
