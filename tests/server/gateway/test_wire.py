"""What only a real connection shows: callers who hang up, bodies without end, two gateways on one database."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from tests.server.gateway.probes import Probes
from tests.server.serving import PASSWORD, code_of, make_app, sign_up
from tests.support.server import ServerDatabase

pytestmark = [pytest.mark.postgres, pytest.mark.anyio]

SLEEPING = "select count(*) from pg_stat_activity where query like '%%pg_sleep(60)%%' and state = 'active' and pid <> pg_backend_pid()"  # noqa: E501


@asynccontextmanager
async def listening(app: Starlette) -> AsyncIterator[int]:
    """Serve an application on a free port and yield it."""
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_config=None, proxy_headers=False, timeout_graceful_shutdown=1)
    )
    task = asyncio.ensure_future(server.serve())
    try:
        while not server.started:
            await asyncio.sleep(0.005)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await task


async def eventually(database: ServerDatabase, expected: int) -> None:
    """Wait until this many slow statements run."""
    async with asyncio.timeout(10):
        while _sleeping(database) != expected:
            await asyncio.sleep(0.01)


def _sleeping(database: ServerDatabase) -> int:
    with database.as_superuser() as connection:
        row = connection.execute(SLEEPING.replace("%%", "%")).fetchone()
    assert row is not None
    return int(row[0])


async def test_a_question_is_dropped_when_its_asker_hangs_up(server_database: ServerDatabase) -> None:
    app = make_app(
        server_database, Probes(), pool_max_size=1, statement_timeout_ms=120_000, request_timeout_seconds=120
    )
    async with listening(app) as port:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /probe/slow HTTP/1.1\r\nHost: x\r\n\r\n")
        await eventually(server_database, 1)
        writer.close()
        await eventually(server_database, 0)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            assert (await client.get("/probe/anonymous")).json()["role"] == "anon"


async def test_a_body_without_end_is_refused_on_the_wire(server_database: ServerDatabase) -> None:
    async with listening(make_app(server_database, max_body_bytes=2000)) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            b"POST /v1/sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n" + (b"400\r\n" + b" " * 1024 + b"\r\n") * 3
        )
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
        assert head.startswith(b"HTTP/1.1 413")
        writer.close()


async def test_a_body_that_stops_in_the_middle_changes_nothing(
    server_database: ServerDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="sync.server"):
        async with listening(make_app(server_database)) as port:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(
                b"POST /v1/sign-up HTTP/1.1\r\nHost: x\r\n"
                b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
            )
            await writer.drain()
            writer.close()
            async with asyncio.timeout(10):
                while "/v1/sign-up" not in caplog.text:
                    await asyncio.sleep(0.01)
    assert '"status": 400' in caplog.text


async def test_two_gateways_on_one_database_know_the_same_sessions(server_database: ServerDatabase) -> None:
    async with (
        listening(make_app(server_database)) as first,
        listening(make_app(server_database)) as second,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{first}") as here,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{second}") as there,
    ):
        ann = await sign_up(here)
        assert (await there.get("/v1/me", headers=ann.headers)).json()["email"] == ann.email
        assert (await there.post("/v1/sign-out", headers=ann.headers)).status_code == 204
        assert code_of(await ann.get("/v1/me")) == (401, "session_over")


async def test_twins_who_sign_up_at_once_get_one_account(server_database: ServerDatabase) -> None:
    async with (
        listening(make_app(server_database)) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client,
    ):
        body = {"email": "twins@example.org", "password": PASSWORD, "name": "Twin"}
        answers = await asyncio.gather(*(client.post("/v1/sign-up", json=body) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
