"""Who this library belongs to: a person and a device, made before there is any account."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from alexandria_desktop.store.homes import ACCOUNT_SERVER, HOME_FOLDER
from alexandria_desktop.store.unit_of_work import UnitOfWork
from sync.schema.ids import uuid7
from sync.schema.tables import table

_USER, _DEVICE = "user_id", "device_id"
_NAMELESS = "Reader"


@dataclass(frozen=True, slots=True)
class Identity:
    """The person and the device that write here."""

    user_id: UUID
    device_id: UUID


def identity_of(connection: Connection) -> Identity | None:
    """Return who writes here, or None in a library that nobody has used yet."""
    state = table("local_state")
    rows = connection.execute(select(state.c.key, state.c.value).where(state.c.key.in_((_USER, _DEVICE))))
    found = {row.key: row.value for row in rows}
    if _USER not in found or _DEVICE not in found:
        return None
    return Identity(UUID(found[_USER]), UUID(found[_DEVICE]))


def ensure_identity(
    unit: UnitOfWork,
    *,
    person_name: str = _NAMELESS,
    device_name: str = "This computer",
    platform: str = "",
    app_version: str = "",
) -> Identity:
    """Return who writes here, making a person and a device the first time."""
    known = identity_of(unit.connection)
    if known is not None:
        return known
    user_id = uuid7()
    # No mail goes to .invalid; the address is replaced at the first sign-in.
    unit.insert("users", {"id": user_id, "email": f"{user_id}@local.invalid", "name": person_name, "role": "user"})
    device_id = unit.insert(
        "devices",
        {"user_id": user_id, "name": device_name, "platform": platform, "app_version": app_version},
    )
    remember(unit.connection, _USER, str(user_id))
    remember(unit.connection, _DEVICE, str(device_id))
    return Identity(user_id, device_id)


def person_name(connection: Connection, user_id: UUID) -> str:
    """Return the name that the library's person goes by; empty where they never gave one."""
    people = table("users")
    found = connection.execute(select(people.c.name).where(people.c.id == user_id)).scalar() or ""
    return "" if found == _NAMELESS else str(found)


def change_device(unit: UnitOfWork) -> UUID:
    """Give this library a device id of its own, for the one that it has is another library's as well."""
    known = identity_of(unit.connection)
    if known is None:
        return ensure_identity(unit).device_id
    devices = table("devices")
    chosen = select(devices.c.name, devices.c.platform, devices.c.app_version).where(devices.c.id == known.device_id)
    row = unit.connection.execute(chosen).mappings().first()
    facts = dict(row) if row is not None else {"name": "This computer"}
    device_id = unit.insert("devices", {"user_id": known.user_id, **facts})
    remember(unit.connection, _DEVICE, str(device_id))
    return device_id


def remember(connection: Connection, key: str, value: object) -> None:
    """Keep a single fact about this library."""
    state = table("local_state")
    changed = connection.execute(update(state).where(state.c.key == key).values(value=value))
    if changed.rowcount == 0:
        connection.execute(insert(state).values(key=key, value=value))


def recall(connection: Connection, key: str) -> object:
    """Return a single fact about this library, or None."""
    state = table("local_state")
    return connection.execute(select(state.c.value).where(state.c.key == key)).scalar()


def has_home(connection: Connection) -> bool:
    """Return whether the library is kept in step with anything: an account, or a folder."""
    return bool(recall(connection, ACCOUNT_SERVER) or recall(connection, HOME_FOLDER))
