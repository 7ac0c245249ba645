"""Themes in the library: the built-in environments, the reader's own, and which is wanted when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.store.unit_of_work import UnitOfWork
from sync.schema import natural
from sync.schema.tables import table


@dataclass(frozen=True, slots=True)
class Environment:
    """A theme that ships with the program."""

    slug: str
    name: str
    description: str | None = None
    is_dark: bool = False
    theme_data: Mapping[str, Any] = field(default_factory=dict)
    position: int = 0


@dataclass(frozen=True, slots=True)
class OwnTheme:
    """A theme of the reader's: an environment and what they changed in it."""

    id: UUID
    name: str
    base_theme: str
    customizations: Mapping[str, Any]
    is_public: bool = False


@dataclass(frozen=True, slots=True)
class ThemeChoice:
    """Which theme the reader wants; of the two firsts at most one is set."""

    theme_id: UUID | None = None
    environment: str | None = None
    dark_mode: str = "auto"
    by_device: Mapping[str, Any] = field(default_factory=dict)
    by_context: Mapping[str, Any] = field(default_factory=dict)
    adapts: bool = True


def keep_environments(unit: UnitOfWork, environments: Sequence[Environment]) -> int:
    """Make the table say what the program ships; returns how many rows were not so before."""
    shelf = table("reading_environments")
    known = {row.slug: row for row in unit.connection.execute(select(shelf))}
    changed = 0
    for one in environments:
        values = {
            "name": one.name,
            "description": one.description,
            "is_dark": one.is_dark,
            "theme_data": dict(one.theme_data),
            "position": one.position,
        }
        before = known.get(one.slug)
        if before is not None and all(getattr(before, column) == value for column, value in values.items()):
            continue
        stamped = {**values, "updated_at": unit.now}
        if before is None:
            unit.connection.execute(insert(shelf).values(slug=one.slug, created_at=unit.now, **stamped))
        else:
            unit.connection.execute(update(shelf).where(shelf.c.slug == one.slug).values(stamped))
        changed += 1
    return changed


def list_environments(connection: Connection) -> list[Environment]:
    """Return the built-in themes in the order they are shown."""
    shelf = table("reading_environments")
    rows = connection.execute(select(shelf).order_by(shelf.c.position, shelf.c.slug))
    return [
        Environment(row.slug, row.name, row.description, bool(row.is_dark), row.theme_data, row.position)
        for row in rows
    ]


def save_theme(
    unit: UnitOfWork,
    user_id: UUID,
    *,
    name: str,
    base_theme: str,
    customizations: Mapping[str, Any],
    theme_id: UUID | None = None,
) -> UUID:
    """Make a theme of the reader's own, or change the one with this id."""
    values = {
        "theme_name": name,
        "base_theme": base_theme,
        "customizations": dict(customizations),
        "is_custom": True,
    }
    if theme_id is None:
        return unit.insert("user_themes", {"user_id": user_id, **values})
    if not unit.update("user_themes", theme_id, values):
        raise _unknown(theme_id)
    return theme_id


def remove_theme(unit: UnitOfWork, theme_id: UUID) -> None:
    """Remove one of the reader's themes; ``bring_back_theme`` undoes it."""
    if not unit.remove("user_themes", theme_id):
        raise _unknown(theme_id)


def bring_back_theme(unit: UnitOfWork, theme_id: UUID) -> None:
    """Bring a removed theme back."""
    if not unit.bring_back("user_themes", theme_id):
        raise _unknown(theme_id)


def list_themes(connection: Connection, user_id: UUID) -> list[OwnTheme]:
    """Return the reader's own themes by name."""
    themes = table("user_themes")
    chosen = select(themes).where(themes.c.user_id == user_id, themes.c.deleted_at.is_(None))
    return [
        OwnTheme(row.id, row.theme_name, row.base_theme, row.customizations, bool(row.is_public))
        for row in connection.execute(chosen.order_by(themes.c.theme_name, themes.c.id))
    ]


def theme_choice(connection: Connection, user_id: UUID) -> ThemeChoice:
    """Return which theme the reader wants."""
    choices = table("theme_preferences")
    row = connection.execute(select(choices).where(choices.c.id == _choice_id(user_id))).first()
    if row is None:
        return ThemeChoice()
    return ThemeChoice(
        row.primary_theme_id,
        row.primary_environment,
        row.dark_mode_preference,
        row.device_preferences,
        row.contextual_preferences,
        bool(row.auto_adapt_enabled),
    )


def choose_theme(unit: UnitOfWork, user_id: UUID, choice: ThemeChoice) -> None:
    """Keep which theme the reader wants."""
    values = {
        "primary_theme_id": choice.theme_id,
        "primary_environment": choice.environment,
        "dark_mode_preference": choice.dark_mode,
        "device_preferences": dict(choice.by_device),
        "contextual_preferences": dict(choice.by_context),
        "auto_adapt_enabled": choice.adapts,
    }
    if not unit.update("theme_preferences", _choice_id(user_id), values):
        unit.insert("theme_preferences", {"id": _choice_id(user_id), "user_id": user_id, **values})


def _choice_id(user_id: UUID) -> UUID:
    return natural.theme_preference(user_id)


def _unknown(theme_id: UUID) -> ReaderError:
    return ReaderError(Code.THEME_UNKNOWN, "There is no such theme.", detail=str(theme_id))
