"""A batch from its arrival to its answer, in one transaction: receipt, operations, receipt, the rows as they are now.

A batch that was applied before is not applied again; its judgements are given again, but with the present rows: old
ones would bring back what has gone since.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
import orjson
from starlette.responses import Response

from sync.protocol.lines import framed
from sync.protocol.version import Edition, Unknown
from sync.server.access.rules import RULES
from sync.server.feeds.rows import as_array, rows_as_lines
from sync.server.feeds.versions import told
from sync.server.gateway.database import Connection, Database, become_gateway, become_user, fetch_one, fetch_value
from sync.server.gateway.responses import lines_response
from sync.server.gateway.routing import Call
from sync.server.grading.waiting import grade_at_once
from sync.server.push.applying import apply
from sync.server.push.bodies import BatchBody, OperationBody


@dataclass(frozen=True)
class Pushing:
    """Takes batches as a server of one edition."""

    edition: Edition

    async def push(self, call: Call, body: BatchBody) -> Response:
        """Apply a batch, or say again what became of it."""
        # Of what is to be done alone: a program that was updated in between names another version with it.
        digest = hashlib.sha256(msgspec.json.encode(body.operations)).hexdigest()
        named = {"device": body.device_id, "batch": body.batch_id, "digest": digest}
        async with call.database.as_gateway(call.person) as connection:
            judgements = await fetch_value(
                connection, "select gateway.begin_push(%(device)s, %(batch)s, %(digest)s)", **named
            )
            if judgements is None:
                await become_user(connection, call.person)
                judgements = await apply(connection, body.operations)
                await become_gateway(connection, call.person)
                await connection.execute(
                    "select gateway.end_push(%(device)s, %(batch)s, %(digest)s, %(judged)s::jsonb)",
                    {**named, "judged": orjson.dumps(judgements).decode()},
                )
            moment = await fetch_one(connection, "select to_json(now()) as now, gateway.epoch() as epoch")
            assert moment is not None
            await become_user(connection, call.person)
            lines = [orjson.dumps(["judged", one]) for one in judgements]
            touched = dict.fromkeys((one.table, one.id) for one in body.operations)
            lines += await _present(connection, touched, self.edition.unknown_to(body.schema))
        await _grade(call.database, body.operations)
        header = {"batch_id": str(body.batch_id), "tells": True, "server_time": moment["now"], "epoch": moment["epoch"]}
        return lines_response(framed({**header, **told(self.edition)}, lines), call.request)


async def _grade(database: Database, operations: Iterable[OperationBody]) -> None:
    """Grade the attempts of a batch that is applied."""
    attempts = [one.id for one in operations if one.table == "assessment_attempts"]
    if attempts:
        await grade_at_once(database, attempts)


async def _present(connection: Connection, touched: Iterable[tuple[str, UUID]], unknown: Unknown) -> list[bytes]:
    """Return the rows as the person sees them now; those that they do not see have left."""
    by_table: dict[str, list[UUID]] = {}
    for name, row in touched:
        if name in RULES and RULES[name].select is not None:
            by_table.setdefault(name, []).append(row)
    lines: list[Any] = []
    for name, ids in by_table.items():
        lines += await rows_as_lines(connection, name, as_array(ids), len(ids), unknown)
    return lines
