"""People: users, their organisations, sessions, preferences and devices."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Index, String, Text, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from sync.schema.base import (
    Base,
    Dated,
    Document,
    Key,
    Moment,
    No,
    Pulled,
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

ROLES = ("user", "educator", "creator", "admin")
PLANS = ("free", "premium", "enterprise")
MEMBERSHIPS = ("member", "admin", "owner")
PREFERENCE_SOURCES = ("explicit", "implicit", "inferred")


class User(Dated, Pulled, Base):
    """A person with an account, or the one person of a library that has no account yet."""

    __tablename__ = "users"
    id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(255))
    name: Mapped[str] = mapped_column(String(255))
    role: Mapped[str] = mapped_column(String(50), server_default="user")
    deleted_at: Mapped[Moment | None]
    __table_args__ = (UniqueConstraint("email"), one_of("role", ROLES))


Index("uq_users_email_lower", func.lower(User.email), unique=True)


class UserProfile(Dated, Pulled, Base):
    """The name that others may see."""

    __tablename__ = "user_profiles"
    user_id: Mapped[UUID] = person(index=False)
    id: Mapped[Key]
    display_name: Mapped[str] = mapped_column(String(255))
    biography: Mapped[str | None] = mapped_column(Text)
    avatar_sha256: Mapped[str | None] = mapped_column(String(64))
    __table_args__ = (UniqueConstraint("user_id"),)


server_index(
    "idx_user_profiles_avatar_sha256",
    UserProfile.avatar_sha256,
    postgresql_where=UserProfile.avatar_sha256.is_not(None),
)


class Organization(Dated, Pulled, Base):
    """A school, a company, a reading group."""

    __tablename__ = "organizations"
    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(255))
    plan_type: Mapped[str] = mapped_column(String(50), server_default="free")
    deleted_at: Mapped[Moment | None]
    __table_args__ = (one_of("plan_type", PLANS),)


class UserOrganization(Dated, Pulled, Base):
    """Who belongs to which organisation, and as what."""

    __tablename__ = "user_organizations"
    id: Mapped[Key]
    user_id: Mapped[UUID] = person(index=False)
    org_id: Mapped[UUID] = reference("organizations.id", ondelete="CASCADE", loose=True)
    role: Mapped[str] = mapped_column(String(50), server_default="member")
    permissions: Mapped[Document]
    __table_args__ = (UniqueConstraint("user_id", "org_id"), one_of("role", MEMBERSHIPS))


class UserSession(Base):
    """A signed-in session; ``token`` holds the SHA-256 of the token in hex, never the token."""

    __tablename__ = "user_sessions"
    id: Mapped[Key]
    user_id: Mapped[UUID] = person()
    device_id: Mapped[UUID | None] = reference("devices.id", ondelete="CASCADE", nullable=True, loose=True)
    token: Mapped[str] = mapped_column(String(255))
    expires_at: Mapped[Moment]
    created_at: Mapped[Stamp]
    revoked_at: Mapped[Moment | None]
    __table_args__ = (UniqueConstraint("token"), Index("idx_user_sessions_expires_at", "expires_at"))


class UserPreference(Dated, Synced, Base):
    """What a person set (type ``settings``) and what was learned of their taste (the other types)."""

    __tablename__ = "user_preferences"
    id: Mapped[Key]
    user_id: Mapped[UUID] = person(index=False)
    preferences_json: Mapped[Document]
    preference_type: Mapped[str] = mapped_column(String(50), server_default="settings")
    preference_value: Mapped[str] = mapped_column(String(255), server_default="")
    preference_strength: Mapped[Score] = mapped_column(server_default=default_of("1", 4))
    learned_from: Mapped[str] = mapped_column(String(50), server_default="explicit")
    __table_args__ = (
        UniqueConstraint("user_id", "preference_type", "preference_value"),
        *between("preference_strength", 0, 1, scale=4),
        one_of("learned_from", PREFERENCE_SOURCES),
    )


class Device(Dated, Synced, Base):
    """One installation of the program."""

    __tablename__ = "devices"
    id: Mapped[Key]
    user_id: Mapped[UUID] = person()
    name: Mapped[str] = mapped_column(String(255))
    platform: Mapped[str] = mapped_column(String(50), server_default="")
    app_version: Mapped[str] = mapped_column(String(50), server_default="")
    schema_version: Mapped[int] = mapped_column(server_default=text("0"))
    last_seen_at: Mapped[Moment | None]
    revoked_at: Mapped[Moment | None]
    is_trusted: Mapped[No]
