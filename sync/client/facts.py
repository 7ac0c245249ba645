"""What a library remembers of its server: how far it is, which history it follows, whether it is starting over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from sync.schema.tables import table

_CHECKPOINT, _EPOCH, _RESYNC, _SERVER_TIME = "sync.checkpoint", "sync.epoch", "sync.resync", "sync.server_time"
HYBRID_CLOCK = "hybrid_clock"


@dataclass(frozen=True, slots=True)
class Position:
    """How far a library is."""

    checkpoint: int = 0
    epoch: str = ""
    resync: str = ""
    """Empty; or why everything is being listed anew: ``reset`` or ``epoch``."""


def position(connection: Connection) -> Position:
    """Return how far the library is."""
    found = _recall(connection, _CHECKPOINT, _EPOCH, _RESYNC)
    return Position(int(found.get(_CHECKPOINT) or 0), found.get(_EPOCH) or "", found.get(_RESYNC) or "")


def keep_position(connection: Connection, where: Position, *, server_time: str | None = None) -> None:
    """Keep how far the library is, in the transaction that brought it there."""
    facts: dict[str, Any] = {_CHECKPOINT: where.checkpoint, _EPOCH: where.epoch, _RESYNC: where.resync}
    if server_time is not None:
        facts[_SERVER_TIME] = server_time
    for key, value in facts.items():
        remember(connection, key, value)


def remember(connection: Connection, key: str, value: Any) -> None:
    """Keep a single fact."""
    state = table("local_state")
    statement = insert(state).values(key=key, value=value)
    connection.execute(statement.on_conflict_do_update(index_elements=[state.c.key], set_={"value": value}))


def recall(connection: Connection, key: str) -> Any:
    """Return a single fact, or None."""
    return _recall(connection, key).get(key)


def forget(connection: Connection, *keys: str) -> None:
    """Forget facts."""
    state = table("local_state")
    connection.execute(delete(state).where(state.c.key.in_(keys)))


def forget_position(connection: Connection) -> None:
    """Forget how far the library is, so that the next round lists everything anew."""
    forget(connection, _CHECKPOINT, _EPOCH, _RESYNC)


def _recall(connection: Connection, *keys: str) -> dict[str, Any]:
    state = table("local_state")
    rows = connection.execute(select(state.c.key, state.c.value).where(state.c.key.in_(keys)))
    return {row.key: row.value for row in rows}
