"""What a small BERT computes, by numpy: from the numbers of word pieces to what each means where it stands.

The matrices are multiplied by the same kind of library that a runtime for models would bring, so it is as fast, and a
runtime of 37 MB stays out of the program. Shapes: b texts, t word pieces each, 384 numbers a piece, 12 heads of 32.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alexandria_desktop.embed.model_file import Weight, Weights

Numbers = NDArray[np.float32]
LAYERS, HEADS = 6, 12
_EPSILON = 1e-12
_ROWS = 64  # so many are widened at once: what lies between stays in the processor's own memory


@dataclass(frozen=True, slots=True)
class Linear:
    """A matrix and what is added to the product."""

    weight: Weight
    bias: Weight

    def __call__(self, rows: Numbers) -> Numbers:
        """Return rows times matrix, with the bias: (n, from) becomes (n, to)."""
        product: Numbers = rows @ self.weight
        product += self.bias
        return product


@dataclass(frozen=True, slots=True)
class Norm:
    """Brings each row to mean 0 and variance 1, then to what was learnt."""

    weight: Weight
    bias: Weight

    def __call__(self, rows: Numbers) -> Numbers:
        """Return rows of the same shape."""
        centred: Numbers = rows - rows.mean(axis=-1, keepdims=True)
        variance = np.einsum("...i,...i->...", centred, centred)[..., None] / np.float32(rows.shape[-1])
        centred *= 1 / np.sqrt(variance + np.float32(_EPSILON))
        centred *= self.weight
        centred += self.bias
        return centred


@dataclass(frozen=True, slots=True)
class Layer:
    """One of the six: every piece looks at the others, then thinks for itself."""

    query: Linear
    key: Linear
    value: Linear
    attended: Linear
    after_attention: Norm
    wide: Linear
    narrow: Linear
    after: Norm

    def __call__(self, rows: Numbers, mask: Numbers) -> Numbers:
        """Return rows (b * t, 384) anew; the mask (b, 1, 1, t) is added to how much a piece is looked at."""
        texts, pieces = mask.shape[0], mask.shape[-1]

        def by_head(of: Linear) -> Numbers:
            return of(rows).reshape(texts, pieces, HEADS, -1).transpose(0, 2, 1, 3)

        query = by_head(self.query)
        looks: Numbers = query @ by_head(self.key).transpose(0, 1, 3, 2)
        looks *= np.float32(query.shape[-1] ** -0.5)
        looks += mask
        looks -= looks.max(axis=-1, keepdims=True)
        np.exp(looks, out=looks)
        looks /= looks.sum(axis=-1, keepdims=True)
        seen = (looks @ by_head(self.value)).transpose(0, 2, 1, 3).reshape(rows.shape)
        rows = self.after_attention(rows + self.attended(seen))
        thought = np.empty_like(rows)
        for begin in range(0, len(rows), _ROWS):
            part = slice(begin, begin + _ROWS)
            thought[part] = self.narrow(gelu(self.wide(rows[part])))
        thought += rows
        return self.after(thought)


class Transformer:
    """A model of the size of MiniLM, with its weights."""

    def __init__(self, weights: Weights) -> None:
        """Take what is needed of the weights, some 45 MB. Raises ProgramError where one is missing."""
        self._weights = weights
        self._places = weights["inner.embeddings.position_embeddings.weight"]
        self._places = self._places + weights["inner.embeddings.token_type_embeddings.weight"][0]
        self._norm = _norm(weights, "inner.embeddings.LayerNorm")
        self._layers = tuple(_layer(weights, f"inner.encoder.layer.{number}") for number in range(LAYERS))

    def __call__(self, pieces: NDArray[np.int64], mask: NDArray[np.int64]) -> Numbers:
        """Return what pieces (b, t) mean, (b, t, 384); where the mask (b, t) is 0, a piece only fills up."""
        texts, length = pieces.shape
        words = self._weights.rows("inner.embeddings.word_embeddings.weight", pieces.reshape(-1))
        rows = self._norm(words + np.tile(self._places[:length], (texts, 1)))
        hidden = np.where(mask == 0, np.float32(-1e9), np.float32(0))[:, None, None, :]
        for layer in self._layers:
            rows = layer(rows, hidden)
        return rows.reshape(texts, length, -1)


def gelu(x: Numbers) -> Numbers:
    """Return x times the share of a normal distribution below x, to seven digits (Abramowitz and Stegun, 7.1.26)."""
    size: Numbers = np.abs(x)
    near: Numbers = np.reciprocal(1 + np.float32(0.3275911 * 0.5**0.5) * size)
    tail: Numbers = near * np.float32(1.061405429)
    for factor in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        tail += np.float32(factor)
        tail *= near
    np.square(size, out=size)
    size *= np.float32(-0.5)
    tail *= np.exp(size, out=size)
    tail *= np.float32(0.5)
    share: Numbers = np.where(x < 0, tail, 1 - tail)
    share *= x
    return share


def _layer(weights: Weights, name: str) -> Layer:
    return Layer(
        query=_linear(weights, f"{name}.attention.self.query"),
        key=_linear(weights, f"{name}.attention.self.key"),
        value=_linear(weights, f"{name}.attention.self.value"),
        attended=_linear(weights, f"{name}.attention.output.dense"),
        after_attention=_norm(weights, f"{name}.attention.output.LayerNorm"),
        wide=_linear(weights, f"{name}.intermediate.dense"),
        narrow=_linear(weights, f"{name}.output.dense"),
        after=_norm(weights, f"{name}.output.LayerNorm"),
    )


def _linear(weights: Weights, name: str) -> Linear:
    return Linear(weights[f"{name}.weight"], weights[f"{name}.bias"])


def _norm(weights: Weights, name: str) -> Norm:
    return Norm(weights[f"{name}.weight"], weights[f"{name}.bias"])
