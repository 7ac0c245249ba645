"""What a vector store does, whichever it is. Ids are those of ``passages``; a book's ids are one unbroken range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

Bytes = NDArray[np.int8]
"""Shape (n, dimension): unit vectors, each row scaled to bytes (``embed.embedder.quantise``)."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Space:
    """The vectors of one model; never compared with another's."""

    key: str
    dimension: int


@dataclass(frozen=True, slots=True)
class BookVectors:
    """The passages of one book, ready to be kept."""

    content_id: UUID
    first_id: int
    vectors: Bytes
    metadata: Sequence[dict[str, Any]] = ()
    """One for each passage, by the specification's names; only stores that filter by it keep it."""


@dataclass(frozen=True, slots=True)
class VectorHit:
    """A passage near a query."""

    passage_id: int
    score: float
    """Cosine, -1 to 1."""


@dataclass(frozen=True, slots=True)
class IdRange:
    """The passages of a book."""

    first: int
    last: int
    """Inclusive."""


class VectorStore(Protocol):
    """Keeps vectors and finds the nearest.

    ``connection`` is one of index.db inside its writer's transaction (``add``, ``remove``, ``clear``, ``tend``) or any
    reader's (``query``, ``count``, ``vectors``); a store that keeps its vectors elsewhere ignores it.
    """

    name: str

    def ensure(self, connection: Connection, space: Space) -> None:
        """Make what the space needs, if it is not there."""

    def add(self, connection: Connection, space: Space, book: BookVectors) -> None:
        """Keep a book's vectors."""

    def remove(self, connection: Connection, space: Space, ids: IdRange) -> None:
        """Forget a book's vectors."""

    def query(
        self, connection: Connection, space: Space, vector: Floats, k: int, *, within: Sequence[IdRange] | None = None
    ) -> list[VectorHit]:
        """Return the ``k`` nearest, best first; exact where ``within`` names books."""

    def vectors(self, connection: Connection, space: Space, ids: Sequence[int]) -> Floats:
        """Return unit vectors of passages, shape (n, dimension); zeros for one that is not kept."""

    def count(self, connection: Connection, space: Space) -> int:
        """Return how many vectors are kept."""

    def clear(self, connection: Connection, space: Space) -> None:
        """Forget the whole space."""

    def tend(self, connection: Connection, space: Space) -> bool:
        """Do upkeep that a grown space needs (clustering); True where something was done."""


def unit(vectors: NDArray[Any]) -> Floats:
    """Return rows as float32 of length one; rows of zeros stay."""
    floats: Floats = np.asarray(vectors, dtype=np.float32)
    norms = np.linalg.norm(floats, axis=-1, keepdims=True)
    scaled: Floats = np.divide(floats, norms, out=np.zeros_like(floats), where=norms > 0)
    return scaled
