"""What turns text into vectors, whatever the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""Shape (n, dimension), each row of length one."""


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model by name; vectors of two models are never compared."""

    key: str
    dimension: int
    languages: frozenset[str]
    """Primary language tags that the model was made for; elsewhere its word counts less."""


class Embedder(Protocol):
    """Text to vectors."""

    info: ModelInfo

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return a unit vector for each text."""


def quantise(vectors: Vectors) -> NDArray[np.int8]:
    """Return unit vectors as bytes, each row scaled by its own largest component; cosine needs no scale back."""
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    scale = np.divide(127.0, largest, out=np.zeros_like(largest), where=largest > 0)
    scaled: NDArray[np.int8] = np.rint(vectors * scale).astype(np.int8)
    return scaled
