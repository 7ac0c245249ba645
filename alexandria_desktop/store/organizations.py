"""What the reader is to the server: their role, and the organisations that they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, select

from sync.schema.tables import table

_LOCAL = ".invalid"


@dataclass(frozen=True, slots=True)
class PersonStanding:
    """A person as far as this library knows."""

    role: str
    has_no_account: bool
    organizations: Sequence[tuple[UUID, str]]
    """Ids and names, by name."""


def standing_of(connection: Connection, user_id: UUID) -> PersonStanding:
    """Return what a person is to the server."""
    users, members, known = table("users").c, table("user_organizations").c, table("organizations").c
    me = connection.execute(select(users.role, users.email).where(users.id == user_id)).first()
    belongs = (
        select(known.id, known.name)
        .join(members.id.table, members.org_id == known.id)
        .where(members.user_id == user_id, known.deleted_at.is_(None))
        .order_by(known.name)
    )
    return PersonStanding(
        role=me.role if me is not None else "user",
        has_no_account=me is None or me.email.endswith(_LOCAL),
        organizations=tuple((row.id, row.name) for row in connection.execute(belongs)),
    )
