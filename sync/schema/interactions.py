"""What people do with content: shelves, notes, collections, reading, questions, activity."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index, String, Text, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from sync.schema.base import (
    Base,
    Dated,
    Document,
    Free,
    Key,
    Moment,
    No,
    Score,
    Stamp,
    Synced,
    between,
    default_of,
    one_of,
    person,
    reference,
    server_index,
)
from sync.schema.types import Fixed, Inet, Uuid

NOTE_TYPES = ("highlight", "comment", "question", "general", "bookmark")
CONTENT_INTERACTIONS = ("view", "query", "bookmark", "rate", "complete", "share")
USER_INTERACTIONS = ("view", "like", "share", "read", "purchase", "dismiss")
ACCESS_METHODS = ("web", "mobile", "api", "desktop")


class UserLibrary(Dated, Synced, Base):
    """A book on somebody's shelf, and where they are in it."""

    __tablename__ = "user_libraries"
    id: Mapped[Key]
    user_id: Mapped[UUID] = person(index=False)
    content_id: Mapped[UUID] = reference("content_items.id", ondelete="RESTRICT", loose=True)
    progress: Mapped[Decimal] = mapped_column(Fixed(5, 2), server_default=default_of("0", 2))
    """Percent of the book before the present place."""
    current_position: Mapped[Free | None]
    """A Locator in its JSON form."""
    position_at: Mapped[Moment | None]
    """The last act of reading, which decides between two devices."""
    furthest_position: Mapped[Free | None]
    furthest_progress: Mapped[Decimal] = mapped_column(Fixed(5, 2), server_default=default_of("0", 2))
    notes: Mapped[str | None] = mapped_column(Text)
    rating: Mapped[int | None]
    added_at: Mapped[Stamp]
    last_accessed: Mapped[Moment | None]
    """NULL until the book is opened."""
    finished_at: Mapped[Moment | None]
    __table_args__ = (
        UniqueConstraint("user_id", "content_id"),
        *between("progress", 0, 100, scale=2),
        *between("furthest_progress", 0, 100, scale=2),
        *between("rating", 1, 5),
    )


Index(
    "idx_user_libraries_progress",
    UserLibrary.user_id,
    UserLibrary.progress.desc(),
    UserLibrary.last_accessed.desc(),
)


class UserNote(Dated, Synced, Base):
    """A highlight, a bookmark or words of the reader's own; it outlives the book."""

    __tablename__ = "user_notes"
    id: Mapped[Key]
    user_id: Mapped[UUID] = person()
    content_id: Mapped[UUID] = reference("content_items.id", ondelete="RESTRICT", loose=True, index=False)
    note_text: Mapped[str] = mapped_column(Text)
    note_type: Mapped[str] = mapped_column(String(50), server_default="general")
    location_data: Mapped[Free | None]
    """A Locator in its JSON form."""
    edition: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of the file it was written in."""
    color: Mapped[str | None] = mapped_column(String(20))
    attributes_json: Mapped[Document]
    """What else belongs to it: style, tags, where it was imported from."""
    is_public: Mapped[No]
    __table_args__ = (
        Index("idx_user_notes_content_id_created_at", "content_id", "created_at"),
        one_of("note_type", NOTE_TYPES),
    )


class ReadingSession(Dated, Synced, Base):
    """One sitting with one book."""

    __tablename__ = "reading_sessions"
    id: Mapped[Key]
    user_id: Mapped[UUID] = person()
    content_id: Mapped[UUID] = reference("content_items.id", ondelete="RESTRICT", loose=True)
    device_id: Mapped[UUID | None] = reference("devices.id", ondelete="SET NULL", nullable=True, loose=True)
    started_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    seconds_read: Mapped[int] = mapped_column(server_default=text("0"))
    pages_turned: Mapped[int] = mapped_column(server_default=text("0"))
    start_progress: Mapped[Decimal | None] = mapped_column(Fixed(5, 2))
    end_progress: Mapped[Decimal | None] = mapped_column(Fixed(5, 2))
    theme_key: Mapped[str | None] = mapped_column(String(100))
    __table_args__ = (*between("seconds_read", 0, None), *between("pages_turned", 0, None))


class UserCollection(Dated, Synced, Base):
    """A shelf that the reader made."""

    __tablename__ = "user_collections"
    id: Mapped[Key]
    user_id: Mapped[UUID] = person()
    name: Mapped[str] = mapped_column(String(255))
    description: Mapped[str | None] = mapped_column(Text)
    order_key: Mapped[str] = mapped_column(String(255), server_default="")
    attributes_json: Mapped[Document]


class CollectionItem(Dated, Synced, Base):
    """A book in a collection."""

    __tablename__ = "collection_items"
    id: Mapped[Key]
    collection_id: Mapped[UUID] = reference("user_collections.id", ondelete="CASCADE", index=False)
    user_id: Mapped[UUID] = person()
    content_id: Mapped[UUID] = reference("content_items.id", ondelete="RESTRICT", loose=True)
    order_key: Mapped[str] = mapped_column(String(255), server_default="")
    added_at: Mapped[Stamp]
    __table_args__ = (UniqueConstraint("collection_id", "content_id"),)


class UserQuery(Dated, Synced, Base):
    """A question that was asked, the answer that was given, and what the reader thought of it."""

    __tablename__ = "user_queries"
    id: Mapped[Key]
    user_id: Mapped[UUID] = person()
    content_id: Mapped[UUID | None] = reference(
        "content_items.id", ondelete="SET NULL", nullable=True, loose=True, index=False
    )
    query_text: Mapped[str] = mapped_column(Text)
    response: Mapped[str | None] = mapped_column(Text)
    context_used: Mapped[Free | None]
    response_quality: Mapped[Score | None]
    processing_time: Mapped[int | None]
    __table_args__ = (*between("response_quality", 0, 1, scale=4), *between("processing_time", 0, None))


server_index(
    "idx_user_notes_fts", func.to_tsvector(text("'simple'::regconfig"), UserNote.note_text), postgresql_using="gin"
)
Index("idx_user_queries_content_time", UserQuery.content_id, UserQuery.created_at.desc())


class UserActivity(Base):
    """Something that somebody did, for the account's history."""

    __tablename__ = "user_activity"
    id: Mapped[Key]
    user_id: Mapped[UUID] = person()
    action_type: Mapped[str] = mapped_column(String(50))
    resource_id: Mapped[UUID | None] = mapped_column(Uuid)
    resource_type: Mapped[str | None] = mapped_column(String(50))
    metadata_json: Mapped[Document]
    ip_address: Mapped[str | None] = mapped_column(Inet)
    user_agent: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[Stamp] = mapped_column(index=True)


class UserContentInteraction(Base):
    """Telemetry of reading, kept for two years."""

    __tablename__ = "user_content_interactions"
    id: Mapped[Key]
    user_id: Mapped[UUID] = person(index=False)
    content_id: Mapped[UUID] = reference("content_items.id", ondelete="CASCADE", loose=True, index=False)
    interaction_type: Mapped[str] = mapped_column(String(50))
    interaction_data: Mapped[Document]
    interaction_quality: Mapped[Score | None]
    session_id: Mapped[str | None] = mapped_column(String(100))
    device_type: Mapped[str | None] = mapped_column(String(20))
    access_method: Mapped[str | None] = mapped_column(String(20))
    interaction_duration: Mapped[int | None]
    created_at: Mapped[Stamp] = mapped_column(index=True)
    __table_args__ = (
        Index("idx_user_interactions_content", "content_id", "interaction_type"),
        one_of("interaction_type", CONTENT_INTERACTIONS),
        one_of("access_method", ACCESS_METHODS),
        *between("interaction_quality", 0, 1, scale=4),
        *between("interaction_duration", 0, None),
    )


Index("idx_user_interactions_user_time", UserContentInteraction.user_id, UserContentInteraction.created_at.desc())
Index(
    "idx_user_interactions_quality",
    UserContentInteraction.interaction_quality.desc(),
    UserContentInteraction.created_at.desc(),
)


class UserInteraction(Base):
    """An event that recommendations learn from; ``user_content_interactions`` is the telemetry."""

    __tablename__ = "user_interactions"
    id: Mapped[Key]
    user_id: Mapped[UUID] = person()
    content_id: Mapped[UUID] = reference("content_items.id", ondelete="CASCADE", loose=True)
    interaction_type: Mapped[str] = mapped_column(String(50))
    interaction_data: Mapped[Document]
    context_data: Mapped[Document]
    created_at: Mapped[Stamp]
    __table_args__ = (one_of("interaction_type", USER_INTERACTIONS),)
