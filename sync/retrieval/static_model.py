"""S1: a static word-vector model, read from its package's own files with numpy. No network, no other library's loader.

A text's vector is the mean of its tokens' rows, brought to length one. Reading the files ourselves avoids importing the
package, which pulls in a web client and a validation library.
"""

from __future__ import annotations

import importlib.util
import json
import struct
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

PACKAGE = "wordllama"
WEIGHTS = "weights/l2_supercat_256.safetensors"
TOKENIZER = "tokenizers/l2_supercat_tokenizer_config.json"
MAX_TOKENS = 1024

KEY = "wordllama-l2-supercat-256"
DIMENSION = 256
LANGUAGES = frozenset({"en"})
"""Primary language tags that the model was made for."""


class ModelMissingError(Exception):
    """The model is not installed here, or its files cannot be read."""


def static_model_is_here() -> bool:
    """Whether the model's package is installed; there are systems that it has no build for."""
    return importlib.util.find_spec(PACKAGE) is not None


class StaticModel:
    """Embeds some thousand passages a second on one core; safe to share between threads after the first call."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit vector a text, shape (n, 256); a text without known tokens gives zeros.

        Raises ModelMissingError.
        """
        vectors = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        for row, encoding in enumerate(self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)):
            ids = encoding.ids[:MAX_TOKENS]
            if ids:
                vectors[row] = self._table[ids].mean(axis=0, dtype=np.float32)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        np.divide(vectors, norms, out=vectors, where=norms > 0)
        return vectors

    @cached_property
    def _table(self) -> NDArray[np.float16]:
        return _read_safetensors(_package_folder() / WEIGHTS)

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(_package_folder() / TOKENIZER))
        tokenizer.no_padding()
        tokenizer.enable_truncation(MAX_TOKENS)
        return tokenizer


def embedded_text(title: str, heading: str | None, text: str) -> str:
    """Return what is embedded for a passage: its book and heading before it place a passage that names neither."""
    return f"{title} › {heading}\n{text}" if heading else f"{title}\n{text}"


def _package_folder() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelMissingError("The model for searching by meaning is not installed.")
    return Path(spec.origin).parent


def _read_safetensors(path: Path) -> NDArray[np.float16]:
    """Map the one table of a safetensors file: 8 bytes of header length, a JSON header, the numbers."""
    try:
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            header = json.loads(file.read(length))
    except (OSError, ValueError, struct.error) as fault:
        raise ModelMissingError(f"The model for searching by meaning cannot be read: {path}: {fault}.") from fault
    name = next(key for key in header if key != "__metadata__")
    entry = header[name]
    kind = {"F16": np.float16, "F32": np.float32}[entry["dtype"]]
    begin, _ = entry["data_offsets"]
    rows, columns = entry["shape"]
    return np.memmap(path, dtype=kind, mode="r", offset=8 + length + begin, shape=(rows, columns))
