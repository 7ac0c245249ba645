"""What the store tells of courses, their lessons and assessments; documents are JSON here, ``teach`` reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID


class Status(StrEnum):
    """How far a course is."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class Audience(StrEnum):
    """Who may find a published course."""

    INVITED = "private"
    """Those who were put into it."""
    ORGANIZATION = "organization"
    EVERYBODY = "public"


class Role(StrEnum):
    """What somebody is in a course."""

    AUTHOR = "author"
    TEACHER = "teacher"
    ASSISTANT = "assistant"
    STUDENT = "student"


@dataclass(frozen=True, slots=True)
class CourseSummary:
    """One course in a list."""

    id: UUID
    """The course's own row; ``content_id`` is its item."""
    content_id: UUID
    title: str
    description: str
    status: Status
    role: Role
    difficulty: str
    minutes: int | None
    """What the teacher says it takes, or the sum of what they say of its lessons."""
    lessons: int
    assessments: int
    done: int
    """Lessons that the reader has finished."""
    updated_at: datetime
    """The last change to the course or anything in it."""

    @property
    def is_mine(self) -> bool:
        """Whether the reader made it."""
        return self.role is Role.AUTHOR


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A course without what is in it."""

    id: UUID
    content_id: UUID
    creator_id: UUID | None
    title: str
    description: str
    status: Status
    audience: Audience
    organization_id: UUID | None
    code: str
    difficulty: str
    minutes: int | None
    objectives: tuple[str, ...]
    metadata: Mapping[str, Any] = field(default_factory=dict)
    removed: bool = False


@dataclass(frozen=True, slots=True)
class LessonRow:
    """A lesson with its blocks as JSON."""

    id: UUID
    content_id: UUID
    course_id: UUID
    title: str
    kind: str
    order_key: str
    minutes: int | None
    prerequisites: tuple[str, ...]
    """Ids of lessons."""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    removed: bool = False


@dataclass(frozen=True, slots=True)
class AssessmentRow:
    """An assessment; its key is a row of its own and only here where this person may have it."""

    id: UUID
    content_id: UUID
    lesson_id: UUID | None
    title: str
    mode: str
    passing_score: Decimal
    time_limit: int | None
    """Seconds."""
    max_attempts: int | None
    questions: list[Any]
    metadata: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] | None = None
    rubrics: Mapping[str, Any] | None = None
    removed: bool = False
