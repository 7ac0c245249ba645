"""Vectors in an ordinary table, searched by numpy: where no SQLite can load extensions, and as the oracle of tests."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from alexandria_desktop.store.vectors.protocol import (
    BookVectors,
    Bytes,
    Floats,
    IdRange,
    Space,
    VectorHit,
    unit,
)


class NumpyVectorStore:
    """Exact search; keeps the whole space in memory after the first query."""

    name = "numpy"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cached: dict[str, tuple[tuple[int, int, int], NDArray[np.int64], Bytes]] = {}

    def ensure(self, connection: Connection, space: Space) -> None:
        """Make the space's table."""
        connection.exec_driver_sql(
            f"CREATE TABLE IF NOT EXISTS {_table(space)} (id INTEGER PRIMARY KEY, vector BLOB NOT NULL)"
        )

    def add(self, connection: Connection, space: Space, book: BookVectors) -> None:
        """Keep a book's vectors."""
        rows = [(book.first_id + index, row.tobytes()) for index, row in enumerate(book.vectors)]
        if rows:
            connection.exec_driver_sql(f"INSERT OR REPLACE INTO {_table(space)} VALUES (?, ?)", rows)

    def remove(self, connection: Connection, space: Space, ids: IdRange) -> None:
        """Forget a book's vectors."""
        connection.exec_driver_sql(f"DELETE FROM {_table(space)} WHERE id BETWEEN ? AND ?", (ids.first, ids.last))

    def query(
        self, connection: Connection, space: Space, vector: Floats, k: int, *, within: Sequence[IdRange] | None = None
    ) -> list[VectorHit]:
        """Return the nearest by comparing with every vector."""
        ids, matrix = self._matrix(connection, space)
        if within is not None:
            mask = np.zeros(len(ids), dtype=bool)
            for span in within:
                mask[np.searchsorted(ids, span.first) : np.searchsorted(ids, span.last, side="right")] = True
            ids, matrix = ids[mask], matrix[mask]
        if not len(ids) or k <= 0:
            return []
        scores = unit(matrix) @ unit(vector)
        best = np.argsort(-scores, kind="stable")[:k]
        return [VectorHit(int(ids[index]), float(scores[index])) for index in best]

    def vectors(self, connection: Connection, space: Space, ids: Sequence[int]) -> Floats:
        """Return unit vectors of passages."""
        found = np.zeros((len(ids), space.dimension), dtype=np.float32)
        for row, passage_id in enumerate(ids):
            blob = connection.exec_driver_sql(
                f"SELECT vector FROM {_table(space)} WHERE id = ?", (passage_id,)
            ).scalar()
            if blob is not None:
                found[row] = np.frombuffer(blob, dtype=np.int8)
        return unit(found)

    def count(self, connection: Connection, space: Space) -> int:
        """Return how many vectors are kept."""
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {_table(space)}").scalar() or 0)

    def clear(self, connection: Connection, space: Space) -> None:
        """Forget the whole space."""
        connection.exec_driver_sql(f"DELETE FROM {_table(space)}")

    def tend(self, connection: Connection, space: Space) -> bool:  # noqa: ARG002  the protocol's arguments
        """Nothing needs upkeep."""
        return False

    def _matrix(self, connection: Connection, space: Space) -> tuple[NDArray[np.int64], Bytes]:
        low, high, count = connection.exec_driver_sql(
            f"SELECT coalesce(min(id), 0), coalesce(max(id), 0), count(*) FROM {_table(space)}"
        ).one()
        stamp = (int(low), int(high), int(count))
        with self._lock:
            cached = self._cached.get(space.key)
            if cached is not None and cached[0] == stamp:
                return cached[1], cached[2]
            rows = connection.exec_driver_sql(f"SELECT id, vector FROM {_table(space)} ORDER BY id").all()
            ids = np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))
            joined = b"".join(row[1] for row in rows)
            matrix = np.frombuffer(joined, dtype=np.int8).reshape(len(rows), space.dimension)
            self._cached[space.key] = (stamp, ids, matrix)
            return ids, matrix


def _table(space: Space) -> str:
    return "vectors_" + "".join(character if character.isalnum() else "_" for character in space.key)
