"""The job that gives passages their vectors, some hundreds at a time, as long as any wait."""

from __future__ import annotations

import asyncio

from sync.retrieval.static_model import StaticModel, embedded_text, static_model_is_here
from sync.schema.vectors import STATIC_MODEL_ID
from sync.server.gateway.database import Database, fetch_all
from sync.server.gateway.routing import Core
from sync.server.search.finding import vector_text

BATCH = 256


async def embed_passages(core: Core) -> str:
    """Do the job once; without the model here, passages wait for a gateway that has it."""
    if not static_model_is_here():
        return "no model"
    return f"{await embed_waiting(core.database, StaticModel())} passages"


async def embed_waiting(database: Database, model: StaticModel, *, most: int = 100_000) -> int:
    """Embed passages that have no vector, batch by batch, and return how many; two gateways share the work."""
    done = 0
    while done < most:
        embedded = await _embed_batch(database, model)
        if embedded == 0:
            break
        done += embedded
    return done


async def _embed_batch(database: Database, model: StaticModel) -> int:
    async with database.as_gateway() as connection:
        rows = await fetch_all(connection, "select * from gateway.waiting_passages(%(most)s)", most=BATCH)
        if not rows:
            return 0
        texts = [embedded_text(row["title"], row["heading"], row["chunk_text"]) for row in rows]
        vectors = await asyncio.to_thread(model.embed, texts)
        await connection.execute(
            "select gateway.store_vectors(%s, %s, %s)",
            (STATIC_MODEL_ID, [row["id"] for row in rows], [vector_text(one.tolist()) for one in vectors]),
        )
        return len(rows)
