"""One's sessions, seen and ended."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from sync.server.gateway.database import fetch_all, fetch_value
from sync.server.gateway.errors import not_found
from sync.server.gateway.routing import Call, Route


class Session(Struct, frozen=True):
    """One open session."""

    id: UUID
    device_id: UUID | None
    device_name: str | None
    platform: str | None
    created_at: datetime
    seen_at: datetime
    """When it was last used, to within five minutes."""
    expires_at: datetime
    is_current: bool


class SessionList(Struct, frozen=True):
    """All open sessions, the one used last first."""

    sessions: list[Session]


class Revoked(Struct, frozen=True):
    """How many sessions were ended."""

    revoked: int


def session_routes() -> tuple[Route, ...]:
    """Return the routes."""
    return (
        Route("GET", "/v1/me/sessions", list_sessions, "My open sessions."),
        Route("DELETE", "/v1/me/sessions/{session_id}", revoke_session, "End one of my sessions."),
        Route("POST", "/v1/me/sessions/revoke-others", revoke_others, "End all my sessions but this one."),
    )


async def list_sessions(call: Call) -> SessionList:
    """Return the open sessions."""
    async with call.database.as_gateway(call.person) as connection:
        rows = await fetch_all(connection, "select * from gateway.my_sessions()")
    return SessionList([Session(**row, is_current=row["id"] == call.person.session_id) for row in rows])


async def revoke_session(call: Call, session_id: UUID) -> None:
    """End one session; one of somebody else is as if it did not exist."""
    async with call.database.as_gateway(call.person) as connection:
        if not await fetch_value(connection, "select gateway.revoke_session(%(id)s)", id=session_id):
            raise not_found("This session")


async def revoke_others(call: Call) -> Revoked:
    """End all sessions but the one that asks."""
    async with call.database.as_gateway(call.person) as connection:
        gone = await fetch_value(
            connection, "select gateway.revoke_other_sessions(%(kept)s)", kept=call.person.session_id
        )
    return Revoked(gone)
