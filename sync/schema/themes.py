"""Themes: the built-in environments, the reader's own, the community's, and how they are used."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from sync.schema.base import (
    LOOSE,
    Base,
    Dated,
    Document,
    Free,
    Key,
    Moment,
    No,
    Pulled,
    Stamp,
    Synced,
    Yes,
    between,
    default_of,
    one_of,
    person,
    reference,
)
from sync.schema.defaults import no_strings
from sync.schema.types import Fixed, StringArray, Uuid

DARK_MODES = ("auto", "light", "dark")
THEME_SOURCES = ("environment", "user", "community")


def _environment() -> Any:
    return ForeignKey("reading_environments.slug", ondelete="RESTRICT", onupdate="CASCADE", info={LOOSE: True})


class ReadingEnvironment(Dated, Pulled, Base):
    """A theme that ships with the program."""

    __tablename__ = "reading_environments"
    slug: Mapped[str] = mapped_column(String(50), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    description: Mapped[str | None] = mapped_column(Text)
    is_dark: Mapped[No]
    theme_data: Mapped[Document]
    position: Mapped[int] = mapped_column(server_default=text("0"))


class UserTheme(Dated, Synced, Base):
    """A theme of the reader's own: an environment and what they changed in it."""

    __tablename__ = "user_themes"
    id: Mapped[Key]
    user_id: Mapped[UUID] = person(index=False)
    theme_name: Mapped[str] = mapped_column(String(100))
    base_theme: Mapped[str] = mapped_column(String(50), _environment(), index=True)
    customizations: Mapped[Document]
    is_custom: Mapped[No]
    is_public: Mapped[No]
    __table_args__ = (
        UniqueConstraint("user_id", "id"),
        Index("idx_user_themes_user_id_theme_name", "user_id", "theme_name"),
    )


class ThemePreference(Dated, Synced, Base):
    """Which theme a reader wants, when and where."""

    __tablename__ = "theme_preferences"
    id: Mapped[Key]
    user_id: Mapped[UUID] = person(index=False)
    primary_theme_id: Mapped[UUID | None] = mapped_column(Uuid)
    primary_environment: Mapped[str | None] = mapped_column(String(50), _environment(), index=True)
    """A built-in theme, where none of the reader's own is chosen."""
    dark_mode_preference: Mapped[str] = mapped_column(String(10), server_default="auto")
    device_preferences: Mapped[Document]
    contextual_preferences: Mapped[Document]
    auto_adapt_enabled: Mapped[Yes]
    __table_args__ = (
        UniqueConstraint("user_id"),
        # One's own themes only; on Postgres 15 and later SET NULL may name its column.
        ForeignKeyConstraint(
            ["user_id", "primary_theme_id"],
            ["user_themes.user_id", "user_themes.id"],
            ondelete="SET NULL (primary_theme_id)",
        ).ddl_if(dialect="postgresql"),
        Index("idx_theme_preferences_user_id_primary_theme_id", "user_id", "primary_theme_id"),
        one_of("dark_mode_preference", DARK_MODES),
    )


class CommunityTheme(Dated, Synced, Base):
    """A theme that somebody shares with everyone."""

    __tablename__ = "community_themes"
    id: Mapped[Key]
    creator_id: Mapped[UUID] = person()
    theme_data: Mapped[Free]
    name: Mapped[str] = mapped_column(String(100))
    description: Mapped[str | None] = mapped_column(Text)
    tags: Mapped[list[str]] = mapped_column(StringArray, server_default=no_strings())
    downloads_count: Mapped[int] = mapped_column(server_default=text("0"))
    rating_average: Mapped[Decimal] = mapped_column(Fixed(3, 2), server_default=default_of("0", 2))
    rating_count: Mapped[int] = mapped_column(server_default=text("0"))
    is_featured: Mapped[No]
    __table_args__ = (
        *between("rating_average", 0, 5, scale=2),
        *between("downloads_count", 0, None),
        *between("rating_count", 0, None),
    )


class ThemeRating(Dated, Synced, Base):
    """What one reader thinks of a shared theme."""

    __tablename__ = "theme_ratings"
    id: Mapped[Key]
    user_id: Mapped[UUID] = person(index=False)
    theme_id: Mapped[UUID] = reference("community_themes.id", ondelete="CASCADE", loose=True)
    rating: Mapped[int]
    __table_args__ = (UniqueConstraint("user_id", "theme_id"), *between("rating", 1, 5))


class ThemeUsageAnalytics(Base):
    """How long a theme was read with; ``theme_source`` says which table ``theme_id`` means."""

    __tablename__ = "theme_usage_analytics"
    id: Mapped[Key]
    user_id: Mapped[UUID] = person()
    theme_id: Mapped[UUID | None] = mapped_column(Uuid)
    theme_source: Mapped[str | None] = mapped_column(String(20))
    environment: Mapped[str | None] = mapped_column(String(50))
    usage_duration: Mapped[int]
    reading_session_id: Mapped[UUID | None] = reference(
        "reading_sessions.id", ondelete="SET NULL", nullable=True, loose=True
    )
    device_type: Mapped[str | None] = mapped_column(String(50))
    context_data: Mapped[Document]
    user_satisfaction_rating: Mapped[int | None]
    recorded_at: Mapped[Stamp] = mapped_column(index=True)
    deleted_at: Mapped[Moment | None]
    __table_args__ = (
        one_of("theme_source", THEME_SOURCES),
        *between("usage_duration", 0, None),
        *between("user_satisfaction_rating", 1, 5),
    )
