"""What this reader asked of the server, and what it said: invitations to courses, and asking to be put into one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import Connection, select

from alexandria_desktop.store.unit_of_work import UnitOfWork
from sync.schema.tables import table

ENROLL, LEAVE, PUBLISH = "enroll", "leave", "publish"
CODE, STUDENT = "code", "user_id"
GRANTED = "granted"
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, not put aside."""

    id: UUID
    kind: str
    subject_id: UUID | None
    payload: Mapping[str, str]
    verdict: str | None
    """None until the server has heard of it."""
    verdict_code: str | None


def ask(
    unit: UnitOfWork, user_id: UUID, kind: str, subject_id: UUID | None, payload: Mapping[str, str] = NOTHING
) -> UUID:
    """Put a request in line for the server and return its id."""
    request = {"user_id": user_id, "kind": kind, "subject_id": subject_id, "payload_json": dict(payload)}
    return unit.insert("requests", request)


def put_aside(unit: UnitOfWork, request_id: UUID) -> None:
    """Take a request back; an invitation then opens nothing any more."""
    unit.remove("requests", request_id)


def asked(connection: Connection, user_id: UUID, kind: str) -> list[Asked]:
    """Return a reader's requests of one kind, the oldest first."""
    rows = table("requests").c
    chosen = (
        select(rows.id, rows.subject_id, rows.payload_json, rows.verdict, rows.verdict_code)
        .where(rows.user_id == user_id, rows.kind == kind, rows.deleted_at.is_(None))
        .order_by(rows.created_at, rows.id)
    )
    return [
        Asked(row.id, kind, row.subject_id, row.payload_json, row.verdict, row.verdict_code)
        for row in connection.execute(chosen)
    ]
