"""S1, the static model that laptop and server share, as one of the local models."""

from __future__ import annotations

from collections.abc import Sequence

from alexandria_desktop.base.errors import Code, ProgramError
from alexandria_desktop.embed.embedder import ModelInfo, Vectors
from sync.retrieval.static_model import (
    DIMENSION,
    KEY,
    LANGUAGES,
    ModelMissingError,
    StaticModel,
    static_model_is_here,
)

__all__ = ["StaticEmbedder", "static_model_is_here"]


class StaticEmbedder:
    """Embeds some thousand passages a second on one core."""

    info = ModelInfo(key=KEY, dimension=DIMENSION, languages=LANGUAGES)

    def __init__(self) -> None:
        self._model = StaticModel()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, shape (n, 256), float32; a text without known tokens gives zeros."""
        try:
            return self._model.embed(texts)
        except ModelMissingError as fault:
            raise ProgramError(
                Code.MODEL_MISSING, "The model for searching by meaning cannot be read.", detail=str(fault)
            ) from fault
