"""Routes that ask who they run as and that misbehave on purpose."""

from __future__ import annotations

import asyncio

from msgspec import Struct
from psycopg import sql
from starlette.responses import Response

from sync.server.gateway.database import fetch_one
from sync.server.gateway.errors import Refused
from sync.server.gateway.routing import Call, Core, Part, Route, Who


class Seen(Struct, frozen=True):
    """What a transaction runs as."""

    role: str
    person: str | None
    path: str


class Misdeed(Struct, frozen=True, forbid_unknown_fields=True):
    """A statement to run, and how often it has to fail before it works."""

    statement: str
    text: str = ""
    number: int = 0


class Probes:
    """Counts what it does."""

    def __init__(self) -> None:
        self.runs = 0

    def __call__(self, core: Core) -> Part:
        return Part(
            routes=(
                Route("GET", "/probe/who", self.who, "Who I am."),
                Route("GET", "/probe/admin", self.who, "Who I am, if I administer.", Who.ADMIN),
                Route("GET", "/probe/visitor", self.visitor, "Who I am, if anybody.", Who.VISITOR),
                Route("GET", "/probe/anonymous", self.anonymous, "Who nobody is.", Who.ANYONE),
                Route("POST", "/probe/do", self.do, "Run a statement as me.", timeout_seconds=0.5),
                Route("POST", "/probe/conflict", self.conflict, "Meet others."),
                Route("POST", "/probe/swallow", self.swallow, "Hide a failure."),
                Route("POST", "/probe/crash", self.crash, "Fail."),
                Route("GET", "/probe/slow", self.slow, "Take long.", Who.ANYONE, ends_with_client=True),
                Route("GET", "/probe/large", self.large, "Answer much.", Who.ANYONE),
                Route("PUT", "/probe/file", self.file, "Take a file.", Who.ANYONE, max_body_bytes=1000,
                      consumes="application/octet-stream"),
            )
        )  # fmt: skip

    async def who(self, call: Call) -> Seen:
        """Say what the transaction runs as."""
        async with call.database.as_user(call.person) as connection:
            return await _seen(connection)

    async def visitor(self, call: Call) -> Seen:
        """Say the same for who may or may not be signed in."""
        if call.identity is None:
            return await self.anonymous(call)
        return await self.who(call)

    async def anonymous(self, call: Call) -> Seen:
        """Say the same for nobody."""
        async with call.database.as_anonymous() as connection:
            return await _seen(connection)

    async def do(self, call: Call, body: Misdeed) -> None:
        """Run any statement as the caller."""
        async with call.database.as_user(call.person) as connection:
            await connection.execute(sql.SQL(body.statement), {"text": body.text})  # type: ignore[arg-type]

    async def conflict(self, call: Call, body: Misdeed) -> Seen:
        """Fail as if others had changed the same rows, as often as asked."""
        self.runs += 1
        async with call.database.as_user(call.person) as connection:
            if self.runs <= body.number:
                await connection.execute("do $$ begin raise exception using errcode = '40001'; end $$")
            return await _seen(connection)

    async def swallow(self, call: Call) -> None:
        """Hide that the transaction failed."""
        async with call.database.as_user(call.person) as connection:
            try:
                await connection.execute("select 1 / 0")
            except Exception:  # noqa: BLE001 - the mistake that is tested
                return

    async def crash(self, call: Call) -> None:
        """Fail with words that hold what was sent."""
        async with call.database.as_user(call.person):
            raise ValueError("secret@example.org")

    async def slow(self, call: Call) -> None:
        """Ask the database for something that takes a minute."""
        self.runs += 1
        async with call.database.as_anonymous() as connection:
            await connection.execute("select pg_sleep(60)")

    async def large(self, call: Call) -> list[str]:
        """Answer a hundred kilobytes."""
        return ["words " * 10] * 2000

    async def file(self, call: Call) -> Response:
        """Count the bytes of a file."""
        count = 0
        async for piece in call.stream():
            count += len(piece)
            await asyncio.sleep(0)
        if count == 0:
            raise Refused(422, "empty", "The file is empty.")
        return Response(str(count))


async def _seen(connection: object) -> Seen:
    row = await fetch_one(
        connection,  # type: ignore[arg-type]
        "select current_user::text as role, auth.uid()::text as person, current_setting('search_path') as path",
    )
    assert row is not None
    return Seen(**row)
