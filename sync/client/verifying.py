"""Whether a library has what the server says that it should have; asked now and then, against our own mistakes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import Connection, exists, select

from sync.client.waiting import OUTBOX, has_entries
from sync.protocol.holdings import UNCOUNTED, Held, Holdings
from sync.schema.policy import Direction, policy_of
from sync.schema.tables import library_tables, table

_ITEMS, _BOOKS = "content_items", "books"


def refused_rows(connection: Connection) -> list[UUID]:
    """Return the rows with changes that the server would not take: here they are not as they are there."""
    return list(connection.execute(select(OUTBOX.c.row_id).where(OUTBOX.c.state == "rejected").distinct()).scalars())


def holdings(connection: Connection, aside: Sequence[UUID], later: frozenset[int] = frozenset()) -> Holdings | None:
    """Return what the library has of what a server knows, but not the rows ``aside``; None where changes wait.

    The entries ``later`` are about rows that the server has never had, so nothing is different there because of them.
    """
    if has_entries(connection, but=later):
        return None
    left_out = frozenset(aside)
    found = {}
    for target in library_tables():
        travels = {"id", "revision"} <= set(target.c.keys())
        if travels and policy_of(target.name).direction is not Direction.PUSH:
            held = Held.of((one, count) for one, count in _rows(connection, target.name) if one not in left_out)
            if held.count:
                found[target.name] = held
    return found


def _rows(connection: Connection, name: str) -> Iterator[tuple[UUID, int]]:
    target = table(name)
    chosen = select(target.c.id, target.c.revision).where(target.c.revision > 0)
    if name == _BOOKS:
        # The card of an item that is out of sight stays with its stub.
        items = table(_ITEMS)
        chosen = chosen.where(~exists().where(items.c.id == target.c.content_id, items.c.is_stub.is_(True)))
    for row in connection.execute(chosen.execution_options(yield_per=5_000)):
        yield row.id, 0 if name in UNCOUNTED else row.revision
