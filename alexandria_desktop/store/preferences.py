"""The reader's settings: one document that travels, merged leaf by leaf."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from alexandria_desktop.store.unit_of_work import UnitOfWork
from sync.schema import natural
from sync.schema.tables import table

SETTINGS = "settings"


def read_settings(connection: Connection, user_id: UUID) -> dict[str, Any]:
    """Return what the reader set; empty where they set nothing."""
    preferences = table("user_preferences")
    chosen = select(preferences.c.preferences_json).where(preferences.c.id == _settings_id(user_id))
    return dict(connection.execute(chosen).scalar() or {})


def change_settings(unit: UnitOfWork, user_id: UUID, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Set these, leaving the others; None takes one away. Returns all of them."""
    before = read_settings(unit.connection, user_id)
    after = {name: value for name, value in {**before, **changes}.items() if value is not None}
    if unit.update("user_preferences", _settings_id(user_id), {"preferences_json": after, "deleted_at": None}):
        return after
    unit.insert(
        "user_preferences",
        {
            "id": _settings_id(user_id),
            "user_id": user_id,
            "preference_type": SETTINGS,
            "preference_value": "",
            "preferences_json": after,
        },
    )
    return after


def _settings_id(user_id: UUID) -> UUID:
    return natural.preference(user_id, SETTINGS, "")
