"""What a library remembers of its server: how far it is, which history it follows, whether it is starting over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from sync.schema.tables import table

_CHECKPOINT, _EPOCH, _RESYNC, _SERVER_TIME = "sync.checkpoint", "sync.epoch", "sync.resync", "sync.server_time"
_SERVER_SCHEMA, _SKIPPED, _HEARD = "sync.server_schema", "sync.skipped", "sync.heard"
HYBRID_CLOCK = "hybrid_clock"

_ADD = insert(table("local_state"))
_KEEP = _ADD.on_conflict_do_update(index_elements=["key"], set_={"value": _ADD.excluded.value})


@dataclass(frozen=True, slots=True)
class Position:
    """How far a library is."""

    checkpoint: int = 0
    epoch: str = ""
    resync: str = ""
    """Empty; or why everything is being listed anew: ``reset`` or ``epoch``."""
    server_schema: int = 0
    """What the server said last that it knows; 0 where it was never heard."""
    skipped: int = 0
    """The schema of the program that had to leave out what a newer server told; 0 where nothing was left out."""
    heard: str = ""
    """The batch whose answer was taken in last, where the server tells by answers; see ``keep_heard``."""


def position(connection: Connection) -> Position:
    """Return how far the library is."""
    found = _recall(connection, _CHECKPOINT, _EPOCH, _RESYNC, _SERVER_SCHEMA, _SKIPPED, _HEARD)
    return Position(
        checkpoint=int(found.get(_CHECKPOINT) or 0),
        epoch=found.get(_EPOCH) or "",
        resync=found.get(_RESYNC) or "",
        server_schema=int(found.get(_SERVER_SCHEMA) or 0),
        skipped=int(found.get(_SKIPPED) or 0),
        heard=found.get(_HEARD) or "",
    )


def keep_position(connection: Connection, where: Position, *, server_time: str | None = None) -> None:
    """Keep how far the library is, in the transaction that brought it there; all but what it heard."""
    facts: dict[str, Any] = {
        _CHECKPOINT: where.checkpoint,
        _EPOCH: where.epoch,
        _RESYNC: where.resync,
        _SERVER_SCHEMA: where.server_schema,
        _SKIPPED: where.skipped,
    }
    if server_time is not None:
        facts[_SERVER_TIME] = server_time
    _remember(connection, facts)


def keep_heard(connection: Connection, batch_id: str) -> None:
    """Keep which batch's answer is being taken in; the server need not tell the same again."""
    _remember(connection, {_HEARD: batch_id})


def remember(connection: Connection, key: str, value: Any) -> None:
    """Keep a single fact."""
    _remember(connection, {key: value})


def recall(connection: Connection, key: str) -> Any:
    """Return a single fact, or None."""
    return _recall(connection, key).get(key)


def forget(connection: Connection, *keys: str) -> None:
    """Forget facts."""
    state = table("local_state")
    connection.execute(delete(state).where(state.c.key.in_(keys)))


def forget_position(connection: Connection) -> None:
    """Forget how far the library is, so that the next round lists everything anew."""
    forget(connection, _CHECKPOINT, _EPOCH, _RESYNC, _SERVER_SCHEMA, _SKIPPED, _HEARD)


def _remember(connection: Connection, facts: Mapping[str, Any]) -> None:
    connection.execute(_KEEP, [{"key": key, "value": value} for key, value in facts.items()])


def _recall(connection: Connection, *keys: str) -> dict[str, Any]:
    state = table("local_state")
    rows = connection.execute(select(state.c.key, state.c.value).where(state.c.key.in_(keys)))
    return {row.key: row.value for row in rows}
