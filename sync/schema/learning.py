"""Teaching: courses, lessons, assessments and their keys, enrolments, attempts, grades, progress."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from sync.schema.base import (
    Base,
    Dated,
    Document,
    Free,
    Items,
    Key,
    Moment,
    Pulled,
    Stamp,
    Synced,
    between,
    default_of,
    one_of,
    person,
    reference,
)
from sync.schema.types import Fixed

LESSON_TYPES = ("text", "video", "interactive", "assessment")
ASSESSMENT_MODES = ("practice", "graded")
PROGRESS_STATES = ("not_started", "in_progress", "completed", "failed")
ENROLLMENT_ROLES = ("student", "teacher", "assistant")
ENROLLMENT_STATES = ("active", "completed", "left", "removed")
ATTEMPT_STATES = ("submitted", "abandoned")
GRADERS = ("server", "teacher", "device")


class Course(Dated, Synced, Base):
    """An item that is a course."""

    __tablename__ = "courses"
    id: Mapped[Key]
    content_id: Mapped[UUID] = reference("content_items.id", ondelete="CASCADE", index=False)
    course_code: Mapped[str | None] = mapped_column(String(50))
    difficulty_level: Mapped[str | None] = mapped_column(String(50))
    estimated_duration: Mapped[int | None]
    prerequisites: Mapped[Items]
    learning_objectives: Mapped[Items]
    __table_args__ = (UniqueConstraint("content_id"), *between("estimated_duration", 0, None))


class Lesson(Dated, Synced, Base):
    """An item that is a lesson of a course; ``order_key`` orders, ``order_index`` is counted from it."""

    __tablename__ = "lessons"
    id: Mapped[Key]
    content_id: Mapped[UUID] = reference("content_items.id", ondelete="CASCADE", index=False)
    course_id: Mapped[UUID] = reference("courses.id", ondelete="CASCADE", index=False)
    root_id: Mapped[UUID | None] = reference("content_items.id", ondelete="SET NULL", nullable=True, loose=True)
    order_key: Mapped[str] = mapped_column(String(255), server_default="")
    order_index: Mapped[int]
    lesson_type: Mapped[str | None] = mapped_column(String(50))
    duration: Mapped[int | None]
    prerequisites: Mapped[Items]
    __table_args__ = (
        UniqueConstraint("content_id"),
        Index("idx_lessons_course_id_order_key", "course_id", "order_key"),
        one_of("lesson_type", LESSON_TYPES),
        *between("duration", 0, None),
    )


class Assessment(Dated, Synced, Base):
    """An item that asks questions; the answers are in ``assessment_keys``."""

    __tablename__ = "assessments"
    id: Mapped[Key]
    content_id: Mapped[UUID] = reference("content_items.id", ondelete="CASCADE", index=False)
    lesson_id: Mapped[UUID | None] = reference("lessons.id", ondelete="CASCADE", nullable=True)
    root_id: Mapped[UUID | None] = reference("content_items.id", ondelete="SET NULL", nullable=True, loose=True)
    mode: Mapped[str] = mapped_column(String(20), server_default="practice")
    questions_json: Mapped[Free]
    passing_score: Mapped[Decimal] = mapped_column(Fixed(5, 2), server_default=default_of("70", 2))
    time_limit: Mapped[int | None]
    max_attempts: Mapped[int | None] = mapped_column(server_default=text("3"))
    __table_args__ = (
        UniqueConstraint("content_id"),
        one_of("mode", ASSESSMENT_MODES),
        *between("passing_score", 0, 100, scale=2),
        *between("time_limit", 1, None),
        *between("max_attempts", 1, None),
    )


class AssessmentKey(Dated, Synced, Base):
    """The right answers and rubrics of an assessment; with a graded one they travel to teachers alone."""

    __tablename__ = "assessment_keys"
    id: Mapped[Key]
    assessment_id: Mapped[UUID] = reference("assessments.id", ondelete="CASCADE", index=False)
    root_id: Mapped[UUID | None] = reference("content_items.id", ondelete="SET NULL", nullable=True, loose=True)
    answers_json: Mapped[Document]
    rubric_json: Mapped[Document]
    __table_args__ = (UniqueConstraint("assessment_id"),)


class CourseEnrollment(Dated, Pulled, Base):
    """Who takes or teaches which course."""

    __tablename__ = "course_enrollments"
    id: Mapped[Key]
    user_id: Mapped[UUID] = person(index=False)
    course_id: Mapped[UUID] = reference("courses.id", ondelete="RESTRICT", loose=True)
    role: Mapped[str] = mapped_column(String(20), server_default="student")
    status: Mapped[str] = mapped_column(String(20), server_default="active")
    enrolled_at: Mapped[Stamp]
    completed_at: Mapped[Moment | None]
    deleted_at: Mapped[Moment | None]
    __table_args__ = (
        UniqueConstraint("user_id", "course_id"),
        one_of("role", ENROLLMENT_ROLES),
        one_of("status", ENROLLMENT_STATES),
    )


class AssessmentAttempt(Base):
    """One try at an assessment, as the student handed it in."""

    __tablename__ = "assessment_attempts"
    id: Mapped[Key]
    user_id: Mapped[UUID] = person()
    assessment_id: Mapped[UUID] = reference("assessments.id", ondelete="RESTRICT", loose=True, index=False)
    attempt_number: Mapped[int]
    answers_json: Mapped[Document]
    status: Mapped[str] = mapped_column(String(20), server_default="submitted")
    started_at: Mapped[Moment]
    submitted_at: Mapped[Moment | None]
    created_at: Mapped[Stamp]
    device_id: Mapped[UUID | None] = reference("devices.id", ondelete="SET NULL", nullable=True, loose=True)
    __table_args__ = (
        Index("idx_assessment_attempts_assessment_user", "assessment_id", "user_id"),
        one_of("status", ATTEMPT_STATES),
        *between("attempt_number", 1, None),
    )


class AttemptGrade(Dated, Synced, Base):
    """What an attempt was worth, by the server or a teacher; ``device`` for practice on the spot."""

    __tablename__ = "attempt_grades"
    id: Mapped[Key]
    attempt_id: Mapped[UUID] = reference("assessment_attempts.id", ondelete="CASCADE", loose=True, index=False)
    user_id: Mapped[UUID] = person()
    grader_id: Mapped[UUID | None] = person(ondelete="SET NULL", nullable=True)
    graded_by: Mapped[str] = mapped_column(String(20), server_default="server")
    score: Mapped[Decimal] = mapped_column(Fixed(5, 2))
    passed: Mapped[bool]
    feedback_json: Mapped[Document]
    __table_args__ = (
        UniqueConstraint("attempt_id"),
        one_of("graded_by", GRADERS),
        *between("score", 0, 100, scale=2),
    )


class StudentProgress(Dated, Synced, Base):
    """How far a student is in a lesson."""

    __tablename__ = "student_progress"
    id: Mapped[Key]
    user_id: Mapped[UUID] = person(index=False)
    course_id: Mapped[UUID] = reference("courses.id", ondelete="RESTRICT", loose=True)
    lesson_id: Mapped[UUID] = reference("lessons.id", ondelete="RESTRICT", loose=True)
    status: Mapped[str] = mapped_column(String(50), server_default="not_started")
    score: Mapped[Decimal | None] = mapped_column(Fixed(5, 2))
    time_spent: Mapped[int | None]
    completed_at: Mapped[Moment | None]
    started_at: Mapped[Stamp]
    __table_args__ = (
        UniqueConstraint("user_id", "lesson_id"),
        one_of("status", PROGRESS_STATES),
        *between("score", 0, 100, scale=2),
        *between("time_spent", 0, None),
        CheckConstraint("completed_at IS NULL OR completed_at >= started_at", name="completed_after_started"),
    )
