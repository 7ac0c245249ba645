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
    users, members, known = table("users"), table("user_organizations"), table("organizations")
    me = connection.execute(select(users.c.role, users.c.email).where(users.c.id == user_id)).first()
    belongs = (
        select(known.c.id, known.c.name)
        .join(members, members.c.org_id == known.c.id)
        .where(members.c.user_id == user_id, known.c.deleted_at.is_(None))
        .order_by(known.c.name)
    )
    return PersonStanding(
        role=me.role if me is not None else "user",
        has_no_account=me is None or me.email.endswith(_LOCAL),
        organizations=tuple((row.id, row.name) for row in connection.execute(belongs)),
    )
