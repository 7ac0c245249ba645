"""Search on the server over HTTP: real books where there are any, most of them another's and private."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import psycopg
from psycopg.types.json import Jsonb

from alexandria_desktop.library.prepare import prepare
from sync.retrieval.static_model import StaticModel
from sync.server.embedded import private_postgres
from sync.server.gateway.database import Database
from sync.server.migrate import migrate
from sync.server.search.embedding import embed_waiting
from sync.server.settings import Settings
from tests.performance.figures import Figure, figure, ratio
from tests.performance.made import make_small_books, real_books
from tests.performance.searching import MADE_QUERIES, REAL_QUERIES
from tests.performance.serving import CLIENTS, served_on

ROUNDS = 4


def measure(folder: Path) -> list[Figure]:
    """Measure over real HTTP on this machine, server and clients together."""
    folder.chmod(0o755)
    real = real_books()
    queries = REAL_QUERIES if real else MADE_QUERIES
    data = folder / "served"
    with private_postgres(data) as running:
        migrate(running.owner_url)
        with psycopg.connect(running.admin_url) as connection:
            count = _fill(connection, real or make_small_books(folder / "small", 300))
        begun = time.perf_counter()
        embedded = asyncio.run(_embed(running.gateway_url))
        rate = embedded / (time.perf_counter() - begun)
        with psycopg.connect(running.admin_url, autocommit=True) as connection:
            connection.execute("vacuum analyze")
    found = [Figure("passages embedded by the job", rate, "/s", note=f"{embedded:,} passages, with their index")]
    with served_on(data) as (address, _):
        taken = asyncio.run(_search(address, queries))
    note = f"{count:,} passages, two thirds of them another's"
    for name, values in taken.items():
        found.append(figure(f"search on the server, {name}", values, aim=100, note=note))
    alone, together = sum(taken["all, one client"]), sum(taken[f"all, {CLIENTS} clients"])
    found.append(ratio(f"search of {CLIENTS} clients against one", together, alone))
    return found


async def _embed(url: str) -> int:
    database = Database(Settings(database_url=url))
    await database.open()
    try:
        return await embed_waiting(database, StaticModel())
    finally:
        await database.close()


async def _search(address: str, queries: Sequence[str]) -> dict[str, list[float]]:
    async with httpx.AsyncClient(base_url=address, timeout=60, limits=httpx.Limits(max_connections=CLIENTS)) as client:

        async def once(words: str, mode: str) -> float:
            begun = time.perf_counter()
            answer = await client.post("/v1/search", json={"query": words, "mode": mode})
            answer.raise_for_status()
            return (time.perf_counter() - begun) * 1000

        async def all_of(mode: str) -> list[float]:
            return [await once(words, mode) for _ in range(ROUNDS) for words in queries]

        taken = {f"{mode}, one client": await all_of(mode) for mode in ("words", "meaning", "all")}
        many = await asyncio.gather(*(all_of("all") for _ in range(CLIENTS)))
        taken[f"all, {CLIENTS} clients"] = [one for each in many for one in each]
        return taken


def _fill(connection: psycopg.Connection, files: Sequence[Path]) -> int:
    """Put books on the server, each third one public; return how many passages there are."""
    someone = "insert into users (email, name) values ('a@example.org', 'A') returning id"
    (user,) = connection.execute(someone).fetchone() or (None,)
    total = 0
    for number, path in enumerate(files):
        prepared = prepare(path, path.name)
        visibility = "public" if number % 3 == 0 or "moby" in path.name else "private"
        (item,) = connection.execute(
            "insert into content_items (title, content_type, module_name, creator_id, visibility, status)"
            " values (%s, 'book', 'library', %s, %s, 'published') returning id",
            (prepared.book.metadata.title, user, visibility),
        ).fetchone() or (None,)
        rows = list(_passages(prepared))
        with connection.cursor() as cursor:
            cursor.executemany(
                "insert into content_embeddings (content_id, chunk_text, chunk_index, chunk_type, content_type,"
                " module_name, text_length, language, module_metadata)"
                " values (%s, %s, %s, 'paragraph', 'book', 'library', 0, %s, %s)",
                [(item, *row) for row in rows],
            )
        total += len(rows)
    connection.commit()
    return total


def _passages(prepared: Any) -> Iterator[tuple[str, int, str | None, Jsonb]]:
    for place, one in enumerate(prepared.index.passages):
        yield one.text, place, prepared.index.language, Jsonb({"heading": one.heading} if one.heading else {})
