"""MiniLM by numpy says the same as the runtime that its weights were written for, whoever asks beside whom."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from alexandria_desktop.base.errors import AlexandriaError, Code
from alexandria_desktop.embed.minilm import MiniLmEmbedder
from alexandria_desktop.embed.model_file import Weights
from alexandria_desktop.embed.transformer import Transformer, gelu

TOLD = {
    "A heron stands in the reeds.": (0.001218, 0.003729, -0.079386, -0.056444),
    "A bird waits by the water, quite still, while the evening comes over the lake.": (
        0.02391,
        0.030067,
        0.000713,
        0.012826,
    ),
    "Taxes are due in May.": (0.004302, -0.019562, 0.14245, -0.05219),
}
"""The first four numbers that onnxruntime 1.32.0 told of each."""


@pytest.fixture(scope="module")
def model() -> MiniLmEmbedder:
    return MiniLmEmbedder()


def test_vectors_are_those_of_the_runtime_that_the_weights_were_written_for(model: MiniLmEmbedder) -> None:
    found = model.embed(list(TOLD))
    assert np.allclose(found[:, :4], list(TOLD.values()), atol=2e-6)
    assert np.allclose(np.linalg.norm(found, axis=1), 1)
    assert found[0] @ found[1] > found[0] @ found[2] + 0.1, "a bird is nearer to a heron than taxes are"


def test_a_text_means_the_same_beside_any_other_and_from_any_thread(model: MiniLmEmbedder) -> None:
    texts = [f"{'the long way home ' * (number % 9)}{number}" for number in range(40)]
    alone = np.concatenate([model.embed([text]) for text in texts[:10]])
    before = [one["num_threads"] for one in threadpool_info()]
    with ThreadPoolExecutor(3) as pool:
        for found in pool.map(model.embed, [texts] * 3):
            assert np.allclose(found[:10], alone, atol=1e-5)
    assert [one["num_threads"] for one in threadpool_info()] == before
    assert model.embed([]).shape == (0, 384)


def test_the_curve_is_right_to_six_digits() -> None:
    x = np.linspace(-8, 8, 2_001, dtype=np.float32)
    right = [float(one) * (1 + math.erf(float(one) / math.sqrt(2))) / 2 for one in x]
    assert np.abs(gelu(x) - right).max() < 2e-6


@pytest.mark.parametrize(
    "content", [b"no model at all", b"\x3a\xff\xff\xff\x7f", b"\x3a\x04\x2a\x02\x42\x09", b"\x80" * 9]
)
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.onnx").write_bytes(content)
    with pytest.raises(AlexandriaError) as raised:
        Weights(tmp_path / "model.onnx")
    assert raised.value.code is Code.MODEL_MISSING


def test_a_model_that_lacks_a_weight_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"")
    with pytest.raises(AlexandriaError) as raised:
        Transformer(Weights(tmp_path / "model.onnx"))
    assert raised.value.code is Code.MODEL_MISSING
