"""What belongs to one device alone and never leaves it."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from sync.schema.base import Base, Free, Moment, Stamp, Yes, one_of
from sync.schema.types import Fixed, Uuid

FILE_STATES = ("present", "missing", "wanted")


class LocalState(Base):
    """Single facts about this library: who it belongs to, which index it goes with, the last clock."""

    __tablename__ = "local_state"
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[Free | None]


class LocalFile(Base):
    """A file by its content hash, and whether this device has it."""

    __tablename__ = "local_files"
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    path: Mapped[str] = mapped_column(String(1000))
    """Relative to the library's folder."""
    file_size: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    state: Mapped[str] = mapped_column(String(10), server_default="present")
    source_path: Mapped[str | None] = mapped_column(Text)
    """Where it was imported from; that file is never touched."""
    added_at: Mapped[Stamp]
    checked_at: Mapped[Moment | None]
    __table_args__ = (one_of("state", FILE_STATES),)


class NotePlacement(Base):
    """Where a note was found in an edition other than the one it was written in; computed again when lost."""

    __tablename__ = "note_placements"
    note_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    edition: Mapped[str] = mapped_column(String(64), primary_key=True)
    placed: Mapped[Yes]
    locator_json: Mapped[Free | None]
    score: Mapped[Decimal | None] = mapped_column(Fixed(5, 4))
    method: Mapped[str] = mapped_column(String(50), server_default="")
    placed_at: Mapped[Stamp]


class OpenAttempt(Base):
    """An attempt at an assessment that is not handed in yet; it becomes a row of ``assessment_attempts``."""

    __tablename__ = "open_attempts"
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    user_id: Mapped[UUID] = mapped_column(Uuid)
    assessment_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    attempt_number: Mapped[int]
    started_at: Mapped[Moment]
    time_limit: Mapped[int | None]
    """Seconds, as they were when it began."""
    elapsed_ms: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    """How long it has lasted at least; a clock that is set back does not make it shorter."""


class AttemptJournal(Base):
    """Every answer of an open attempt, as it was given."""

    __tablename__ = "attempt_journal"
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    attempt_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    question_id: Mapped[str] = mapped_column(Text)
    answer_json: Mapped[Free | None]
    """None where an answer was taken back."""
    elapsed_ms: Mapped[int] = mapped_column(BigInteger)


class CourseVersion(Base):
    """A course of the teacher's own as it was, to compare with and to go back to."""

    __tablename__ = "course_versions"
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    course_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    words: Mapped[str] = mapped_column(Text)
    document_json: Mapped[Free]
    """A CourseDocument, keys included: it never leaves this device."""
    saved_at: Mapped[Moment]


class TakenPack(Base):
    """A course that came in a file: by whose key, and which issue of it is here."""

    __tablename__ = "taken_packs"
    course_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    key: Mapped[str] = mapped_column(Text)
    """The public half of the key that signed it, in hex; another one is not believed without being asked about."""
    number: Mapped[int] = mapped_column(BigInteger)
    author: Mapped[str] = mapped_column(Text)
    made_at: Mapped[Moment]
    opened_at: Mapped[Moment]


class CarriedAttempt(Base):
    """An attempt that a student handed to the teacher in a file."""

    __tablename__ = "carried_attempts"
    attempt_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    course_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    student_id: Mapped[UUID] = mapped_column(Uuid)
    """Who the student was in their own library then; an account gives them another id."""
    taken_at: Mapped[Moment]
    """The attempt was made at this moment here; once a server tells of it, it is as old as its student says."""
