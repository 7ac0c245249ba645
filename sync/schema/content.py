"""Content: every item, what kind of thing it is, and the files it consists of."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, Index, String, Text, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from sync.schema.base import (
    Base,
    Dated,
    Document,
    Items,
    Key,
    Moment,
    No,
    Synced,
    Yes,
    between,
    one_of,
    person,
    reference,
    server_index,
)
from sync.schema.types import Fixed, StringArray

CONTENT_TYPES = ("book", "course", "lesson", "assessment", "marketplace_item")
MODULES = ("library", "lms", "marketplace")
VISIBILITIES = ("public", "private", "organization", "marketplace")
STATUSES = ("draft", "published", "archived", "deleted")
READING_LEVELS = ("beginner", "intermediate", "advanced")
FILE_KINDS = ("original", "cover", "attachment", "pack")


class ContentItem(Dated, Synced, Base):
    """Anything that can be read, taught or sold."""

    __tablename__ = "content_items"
    id: Mapped[Key]
    title: Mapped[str] = mapped_column(String(500))
    content_type: Mapped[str] = mapped_column(String(50))
    module_name: Mapped[str] = mapped_column(String(20))
    creator_id: Mapped[UUID | None] = person(ondelete="SET NULL", nullable=True)
    organization_id: Mapped[UUID | None] = reference("organizations.id", ondelete="SET NULL", nullable=True, loose=True)
    root_id: Mapped[UUID | None] = reference("content_items.id", ondelete="SET NULL", nullable=True, loose=True)
    """The shared item that this one came with: a course for its lessons."""
    description: Mapped[str | None] = mapped_column(Text)
    metadata_json: Mapped[Document]
    tags: Mapped[list[str] | None] = mapped_column(StringArray)
    visibility: Mapped[str] = mapped_column(String(20), server_default="private")
    access_permissions: Mapped[Document]
    file_path: Mapped[str | None] = mapped_column(String(1000))
    file_size: Mapped[int | None] = mapped_column(BigInteger)
    file_format: Mapped[str | None] = mapped_column(String(50))
    edition: Mapped[str | None] = mapped_column(String(64), index=True)
    """SHA-256 of the file that is read now."""
    status: Mapped[str] = mapped_column(String(50), server_default="draft")
    is_stub: Mapped[No]
    """What is left of an item that went out of sight while the reader's notes on it stay."""
    __table_args__ = (
        one_of("content_type", CONTENT_TYPES),
        one_of("module_name", MODULES),
        one_of("visibility", VISIBILITIES),
        one_of("status", STATUSES),
        *between("file_size", 0, None),
    )


Index(
    "idx_content_items_module_visibility",
    ContentItem.module_name,
    ContentItem.visibility,
    ContentItem.created_at.desc(),
)
Index(
    "idx_published_content",
    ContentItem.created_at.desc(),
    postgresql_where=text("status = 'published'"),
    sqlite_where=text("status = 'published'"),
)
Index(
    "idx_public_content",
    ContentItem.title,
    postgresql_where=text("visibility = 'public'"),
    sqlite_where=text("visibility = 'public'"),
)
server_index(
    "idx_content_items_fts",
    func.to_tsvector(
        text("'english'::regconfig"), ContentItem.title + " " + func.coalesce(ContentItem.description, "")
    ),
    postgresql_using="gin",
)


class Book(Dated, Synced, Base):
    """What is known of an item that is a book."""

    __tablename__ = "books"
    id: Mapped[Key]
    content_id: Mapped[UUID] = reference("content_items.id", ondelete="CASCADE", index=False)
    isbn: Mapped[str | None] = mapped_column(String(20))
    author: Mapped[str | None] = mapped_column(String(500))
    """All authors in one line, for people; ``authors`` has them one by one."""
    authors: Mapped[Items]
    author_sort: Mapped[str | None] = mapped_column(String(500))
    title_sort: Mapped[str | None] = mapped_column(String(500))
    publisher: Mapped[str | None] = mapped_column(String(255))
    publication_date: Mapped[date | None]
    page_count: Mapped[int | None]
    genre: Mapped[str | None] = mapped_column(String(100))
    reading_level: Mapped[str | None] = mapped_column(String(50))
    language: Mapped[str | None] = mapped_column(String(35), server_default="en")
    """BCP 47; NULL where nobody knows."""
    series: Mapped[str | None] = mapped_column(String(500))
    series_index: Mapped[Decimal | None] = mapped_column(Fixed(8, 2))
    cover_sha256: Mapped[str | None] = mapped_column(String(64))
    __table_args__ = (
        UniqueConstraint("content_id"),
        one_of("reading_level", READING_LEVELS),
        *between("page_count", 0, None),
    )


server_index(
    "idx_books_fts",
    func.to_tsvector(
        text("'english'::regconfig"), func.coalesce(Book.author, "") + " " + func.coalesce(Book.genre, "")
    ),
    postgresql_using="gin",
)


# Who may read bytes is asked by their hash; only the server is asked.
server_index("idx_books_cover_sha256", Book.cover_sha256, postgresql_where=Book.cover_sha256.is_not(None))


class ContentFile(Dated, Synced, Base):
    """A file of an item, named by its content; an item may have had several editions."""

    __tablename__ = "content_files"
    id: Mapped[Key]
    content_id: Mapped[UUID] = reference("content_items.id", ondelete="CASCADE", index=False)
    root_id: Mapped[UUID | None] = reference("content_items.id", ondelete="SET NULL", nullable=True, loose=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(20), server_default="original")
    file_name: Mapped[str] = mapped_column(String(500), server_default="")
    file_size: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    file_format: Mapped[str] = mapped_column(String(50), server_default="")
    media_type: Mapped[str | None] = mapped_column(String(100))
    is_current: Mapped[Yes]
    text_version: Mapped[int] = mapped_column(server_default=text("1"))
    uploaded_at: Mapped[Moment | None]
    __table_args__ = (
        UniqueConstraint("content_id", "sha256"),
        one_of("kind", FILE_KINDS),
        *between("file_size", 0, None),
    )
