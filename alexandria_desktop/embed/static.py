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

from alexandria_desktop.base.errors import Code, ProgramError
from alexandria_desktop.embed.embedder import ModelInfo, Vectors

PACKAGE = "wordllama"
WEIGHTS = "weights/l2_supercat_256.safetensors"
TOKENIZER = "tokenizers/l2_supercat_tokenizer_config.json"
MAX_TOKENS = 1024


def static_model_is_here() -> bool:
    """Whether the model's package is installed; there are systems that it has no build for."""
    return importlib.util.find_spec(PACKAGE) is not None


class StaticEmbedder:
    """Embeds some thousand passages a second on one core."""

    info = ModelInfo(key="wordllama-l2-supercat-256", dimension=256, languages=frozenset({"en"}))

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, shape (n, 256), float32; a text without known tokens gives zeros."""
        vectors = np.zeros((len(texts), self.info.dimension), dtype=np.float32)
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


def _package_folder() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ProgramError(Code.MODEL_MISSING, "The model for searching by meaning is not installed.")
    return Path(spec.origin).parent


def _read_safetensors(path: Path) -> NDArray[np.float16]:
    """Map the one table of a safetensors file: 8 bytes of header length, a JSON header, the numbers."""
    try:
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            header = json.loads(file.read(length))
    except (OSError, ValueError, struct.error) as error:
        raise ProgramError(
            Code.MODEL_MISSING, "The model for searching by meaning cannot be read.", detail=f"{path}: {error}"
        ) from error
    name = next(key for key in header if key != "__metadata__")
    entry = header[name]
    kind = {"F16": np.float16, "F32": np.float32}[entry["dtype"]]
    begin, _ = entry["data_offsets"]
    rows, columns = entry["shape"]
    return np.memmap(path, dtype=kind, mode="r", offset=8 + length + begin, shape=(rows, columns))
