"""Whether the process lives, whether it is of use, its figures, and what it offers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from importlib.resources import files
from typing import Literal

import msgspec
import psycopg
from alembic.config import Config
from alembic.script import ScriptDirectory
from msgspec import Struct
from starlette.responses import Response

from sync.server.gateway.addresses import is_loopback, peer_address
from sync.server.gateway.database import Database
from sync.server.gateway.endpoint import POOL_FAULTS
from sync.server.gateway.errors import Refused, not_found
from sync.server.gateway.metrics import Metrics
from sync.server.gateway.routing import Call, Route, Who

READY_SECONDS = 3.0


class Alive(Struct, frozen=True):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Health:
    """The routes that look after the server itself."""

    def __init__(self, database: Database, metrics: Metrics, checks: Sequence[Callable[[], Awaitable[bool]]]) -> None:
        self._database = database
        self._metrics = metrics
        self._checks = checks
        self._document = b"{}"

    def describe(self, document: object) -> None:
        """Keep the OpenAPI document to hand out."""
        self._document = msgspec.json.encode(document)

    def routes(self) -> tuple[Route, ...]:
        """Return the routes."""
        seconds = READY_SECONDS * 2
        return (
            Route("GET", "/health", self.health, "Say that the process lives.", Who.ANYONE),
            Route(
                "GET", "/ready", self.ready, "Say whether requests can be served.", Who.ANYONE, timeout_seconds=seconds
            ),
            Route("GET", "/metrics", self.figures, "Return figures.", Who.ANYONE, produces="text/plain"),
            Route("GET", "/openapi.json", self.openapi, "Return this document.", Who.ANYONE),
        )

    async def health(self, _call: Call) -> Alive:
        """Say that the process lives."""
        return Alive()

    async def ready(self, _call: Call) -> Alive:
        """Say whether the database answers and is of this version, and whether every part is well."""
        try:
            async with asyncio.timeout(READY_SECONDS), self._database.as_gateway() as connection:
                cursor = await connection.execute("select gateway.schema_version() as version")
                row = await cursor.fetchone()
            well = all([await check() for check in self._checks])
        except (psycopg.Error, *POOL_FAULTS, TimeoutError) as fault:
            raise Refused(503, "database_unavailable", "The database does not answer.") from fault
        if row is None or row["version"] != head_version():
            raise Refused(503, "not_migrated", "The database is not of this version.")
        if not well:
            raise Refused(503, "not_ready", "A part of the server is not ready.")
        return Alive()

    async def figures(self, call: Call) -> Response:
        """Return figures to those who may read them."""
        allowed = call.settings.metrics
        # Through a proxy everybody comes from this machine, so what matters is whether there was one.
        is_here = is_loopback(peer_address(call.request)) and "x-forwarded-for" not in call.request.headers
        if allowed == "off" or (allowed == "loopback" and not is_here):
            raise not_found()
        return Response(self._metrics.text(), media_type="text/plain; version=1.0.0; charset=utf-8")

    async def openapi(self, _call: Call) -> Response:
        """Return the OpenAPI document."""
        return Response(self._document, media_type="application/json")


def head_version() -> str:
    """Return the version that the database must have."""
    config = Config()
    config.set_main_option("script_location", str(files("sync.server.migrate")))
    return ScriptDirectory.from_config(config).get_current_head() or ""
