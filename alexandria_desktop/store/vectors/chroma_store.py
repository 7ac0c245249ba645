"""Vectors in Chroma, as the specification's first phase has them: its collection and metadata, our vectors.

Chroma is an optional extra: it is slow to import and large. The collection is derived and can be built again.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection

from alexandria_desktop.store.vectors.protocol import BookVectors, Floats, IdRange, Space, VectorHit, unit

COLLECTION = "content_embeddings"
_BATCH = 2_000


class ChromaVectorStore:
    """A persistent Chroma collection a space; the first has the specification's name."""

    name = "chroma"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opened: Any = None
        self._collections: dict[str, Any] = {}

    def ensure(self, connection: Connection, space: Space) -> None:  # noqa: ARG002
        """Open or make the space's collection."""
        self._collection(space)

    def add(self, connection: Connection, space: Space, book: BookVectors) -> None:  # noqa: ARG002
        """Keep a book's vectors with their metadata."""
        collection = self._collection(space)
        vectors = unit(book.vectors)
        ids = [str(book.first_id + index) for index in range(len(vectors))]
        metadata = [
            {
                **_plain(book.metadata[index] if book.metadata else {}),
                "content_id": str(book.content_id),
                "at": int(ids[index]),
            }
            for index in range(len(vectors))
        ]
        for begin in range(0, len(ids), _BATCH):
            part = slice(begin, begin + _BATCH)
            collection.upsert(ids=ids[part], embeddings=vectors[part], metadatas=metadata[part])

    def remove(self, connection: Connection, space: Space, ids: IdRange) -> None:  # noqa: ARG002
        """Forget a book's vectors."""
        self._collection(space).delete(where=_between(ids))

    def query(
        self,
        connection: Connection,  # noqa: ARG002
        space: Space,
        vector: Floats,
        k: int,
        *,
        within: Sequence[IdRange] | None = None,
    ) -> list[VectorHit]:
        """Return the nearest that Chroma's graph finds."""
        collection = self._collection(space)
        available = collection.count()
        if k <= 0 or available == 0 or not np.any(vector):
            return []
        filters = [None] if within is None else [_between(span) for span in within]
        hits: list[VectorHit] = []
        for where in filters:
            found = collection.query(
                query_embeddings=[unit(vector)], n_results=min(k, available), where=where, include=["distances"]
            )
            pairs = zip(found["ids"][0], found["distances"][0], strict=True)
            hits += [VectorHit(int(passage), 1.0 - float(distance)) for passage, distance in pairs]
        hits.sort(key=lambda hit: (-hit.score, hit.passage_id))
        return hits[:k]

    def vectors(self, connection: Connection, space: Space, ids: Sequence[int]) -> Floats:  # noqa: ARG002
        """Return unit vectors of passages."""
        found = self._collection(space).get(ids=[str(passage) for passage in ids], include=["embeddings"])
        kept = dict(zip(found["ids"], found["embeddings"], strict=True))
        rows = np.zeros((len(ids), space.dimension), dtype=np.float32)
        for row, passage in enumerate(ids):
            if str(passage) in kept:
                rows[row] = kept[str(passage)]
        return unit(rows)

    def count(self, connection: Connection, space: Space) -> int:  # noqa: ARG002
        """Return how many vectors are kept."""
        return int(self._collection(space).count())

    def clear(self, connection: Connection, space: Space) -> None:  # noqa: ARG002
        """Forget the whole space."""
        self._collection(space)
        self._opened.delete_collection(_collection_name(space))
        del self._collections[space.key]

    def tend(self, connection: Connection, space: Space) -> bool:  # noqa: ARG002
        """Chroma tends its own graph."""
        return False

    def _collection(self, space: Space) -> Any:
        if space.key not in self._collections:
            if self._opened is None:
                import chromadb
                from chromadb.config import Settings

                self._folder.mkdir(parents=True, exist_ok=True)
                self._opened = chromadb.PersistentClient(
                    path=str(self._folder), settings=Settings(anonymized_telemetry=False)
                )
            self._collections[space.key] = self._opened.get_or_create_collection(
                name=_collection_name(space),
                embedding_function=None,
                metadata={
                    "description": "Multi-module content embeddings",
                    "supports": "books, courses, lessons, marketplace_items",
                    "hnsw:space": "cosine",
                    "model": space.key,
                },
            )
        return self._collections[space.key]


def _collection_name(space: Space) -> str:
    return f"{COLLECTION}-{space.key}"[:512]


def _between(ids: IdRange) -> dict[str, Any]:
    return {"$and": [{"at": {"$gte": ids.first}}, {"at": {"$lte": ids.last}}]}


def _plain(metadata: dict[str, Any]) -> dict[str, Any]:
    """Keep what Chroma takes: no empty lists, no None, no nested values."""
    return {
        key: value
        for key, value in metadata.items()
        if isinstance(value, str | int | float | bool) or (isinstance(value, list) and value)
    }
