"""The server under load: sign-in, a pull with nothing new, what a changed row costs, and what the policies cost."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg

from sync.schema.ids import uuid7
from sync.server.embedded import private_postgres
from sync.server.migrate import migrate
from tests.performance.figures import Figure, figure, ratio

CLIENTS, ROUNDS, ITEMS, NOTES = 8, 40, 100_000, 20_000
PASSWORD = "a long password"


def measure(folder: Path) -> list[Figure]:
    """Measure over real HTTP on this machine, server and clients together."""
    folder.chmod(0o755)
    return [*_policies(folder / "policies"), *_requests(folder / "served")]


def _requests(folder: Path) -> Iterator[Figure]:
    with served_on(folder) as (address, token):
        yield from asyncio.run(_load(address, token))


async def _load(address: str, link: str) -> list[Figure]:
    limits = httpx.Limits(max_connections=CLIENTS)
    async with httpx.AsyncClient(base_url=address, timeout=60, limits=limits) as client:
        words = {"token": link, "email": "ada@example.org", "name": "Ada", "password": PASSWORD}
        made = (await client.post("/v1/first-admin", json=words)).raise_for_status().json()
        head = {"Authorization": f"Bearer {made['token']}"}
        devices = []
        for _ in range(CLIENTS):
            device = str(uuid7())
            first = await client.post("/v1/pull", json={"device_id": device}, headers=head)
            devices.append({"device_id": device, "checkpoint": _header(first)["to"]})

        async def sign_in(_client: int) -> None:
            words = {"email": "ada@example.org", "password": PASSWORD}
            (await client.post("/v1/sign-in", json=words)).raise_for_status()

        async def pull(number: int) -> None:
            (await client.post("/v1/pull", json=devices[number], headers=head)).raise_for_status()

        return [
            *await _timed("pull with nothing new", pull, ROUNDS),
            *await _timed("sign-in", sign_in, 4),
        ]


def _header(answer: httpx.Response) -> dict[str, int]:
    import orjson

    found: dict[str, int] = orjson.loads(answer.raise_for_status().content.split(b"\n", 1)[0])
    return found


async def _timed(name: str, call: Callable[[int], Awaitable[None]], rounds: int) -> list[Figure]:
    times: list[float] = []

    async def one(number: int, count: int) -> None:
        for _ in range(count):
            begun = time.perf_counter()
            await call(number)
            times.append((time.perf_counter() - begun) * 1000)

    await one(0, rounds)
    alone = figure(f"{name}, one client", times)
    times = []
    begun = time.perf_counter()
    await asyncio.gather(*(one(number, rounds) for number in range(CLIENTS)))
    rate = len(times) / (time.perf_counter() - begun)
    return [alone, figure(f"{name}, {CLIENTS} clients", times, note=f"{rate:.0f} requests/s")]


@contextmanager
def served_on(folder: Path) -> Iterator[tuple[str, str]]:
    """Run a server on a folder; yield its address and the token that makes the first administrator."""
    command = [sys.executable, "-m", "sync.server", "run", "--data", str(folder), "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**_surroundings(), "ALEXANDRIA_SERVER_LOG_LEVEL": "error"}
    ) as process:
        try:
            assert process.stdout is not None
            said = ""
            for line in process.stdout:
                said += line
                if line.startswith("Listening on"):
                    break
            link = re.search(r"#(alk_\w+)", said)
            assert link is not None, said
            yield said.rsplit(" ", 1)[-1].strip(), link[1]
        finally:
            process.terminate()


def _surroundings() -> dict[str, str]:
    import os

    return {**os.environ, "ALEXANDRIA_SERVER_ATTEMPTS_PER_EMAIL": "1000000",
            "ALEXANDRIA_SERVER_ATTEMPTS_PER_ADDRESS": "1000000"}  # fmt: skip


def _policies(folder: Path) -> Iterator[Figure]:
    with private_postgres(folder) as running:
        migrate(running.owner_url)
        with psycopg.connect(running.admin_url) as connection:
            _fill(connection)
            (user,) = connection.execute("select user_id from user_notes limit 1").fetchone() or (None,)
            for name, query in {
                "counting 100,000 items": "select count(*) from content_items",
                "a person's notes": f"select count(*) from user_notes where user_id = '{user}'",
                "passages of one item": "select count(*) from content_files where content_id ="
                " (select content_id from content_files limit 1)",
            }.items():
                free = _repeat(connection, None, query)
                guarded = _repeat(connection, str(user), query)
                yield figure(f"{name}, with policies", guarded)
                yield ratio(f"{name}, policies against none", sorted(guarded)[10], sorted(free)[10])


def _fill(connection: psycopg.Connection) -> None:
    connection.execute("set session_replication_role = replica")  # what is measured is reading
    connection.execute("insert into users (email, name) select n || '@example.org', 'x' from generate_series(1, 100) n")
    connection.execute(
        "insert into content_items (title, content_type, module_name, creator_id, visibility, status)"
        " select 'x', 'book', 'library', u.id, case when n %% 4 = 0 then 'private' else 'public' end, 'published'"
        " from (select id, row_number() over () as r from users) u join generate_series(1, %s) n on n %% 100 = u.r - 1",
        (ITEMS,),
    )
    connection.execute(
        "insert into content_files (content_id, sha256)"
        " select id, id::text from content_items where visibility = 'public'"
    )
    connection.execute(
        "insert into user_notes (user_id, content_id, note_text)"
        " select creator_id, id, 'x' from content_items limit %s", (NOTES,)
    )  # fmt: skip
    connection.execute("set session_replication_role = origin")
    connection.commit()
    connection.execute("analyze")
    connection.commit()


def _repeat(connection: psycopg.Connection, user: str | None, query: str) -> list[float]:
    times = []
    for _ in range(21):
        with connection.transaction():
            if user is not None:
                connection.execute(
                    "select set_config('role', 'authenticated', true), set_config('request.jwt.claims', %s, true)",
                    (f'{{"sub": "{user}", "role": "authenticated"}}',),
                )
            begun = time.perf_counter()
            connection.execute(query).fetchone()
            times.append((time.perf_counter() - begun) * 1000)
    return times
