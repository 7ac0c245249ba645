"""The weights in an ONNX file, by the names that their model gave them; what else is in such a file is not read.

An ONNX file is a protocol buffer: a run of fields, each a number, then a plain integer or so many bytes. Four kinds of
message are met on the way to the weights: model, graph, node, tensor.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alexandria_desktop.base.errors import Code, ProgramError

Weight = NDArray[np.float32]
_GRAPH = 7  # of a model
_NODE, _TENSOR = 1, 5  # of a graph
_INPUT, _OUTPUT, _OPERATION = 1, 2, 4  # of a node
_SIZE, _KIND, _NAME, _BYTES = 1, 2, 8, 9  # of a tensor
_KINDS: dict[int, type[np.generic]] = {1: np.float32, 3: np.int8, 7: np.int64}


class Weights:
    """The weights of a model; a name that ends in ``_q`` has bytes, and ``_scale`` beside it is what they stand for."""

    def __init__(self, file: Path) -> None:
        """Read a file. Raises ProgramError for one that is none."""
        try:
            self._read(memoryview(file.read_bytes()))
        except (OSError, IndexError, ValueError) as fault:
            raise _unreadable(fault) from fault

    def _read(self, data: memoryview) -> None:
        self._tensors: dict[str, NDArray[Any]] = {}
        self._factors: dict[str, str] = {}
        products: dict[str, str] = {}
        for number, graph in _fields(data):
            if number != _GRAPH or isinstance(graph, int):
                continue
            for kind, message in _fields(graph):
                if isinstance(message, int):
                    continue
                if kind == _TENSOR:
                    name, tensor = _tensor(message)
                    self._tensors[name] = tensor
                elif kind == _NODE:
                    operation, inputs, output = _node(message)
                    if operation == "MatMul":
                        products[output] = inputs[1]
                    elif operation == "Add":  # to a product its bias: so a matrix that has no name gets one
                        for one, other in (inputs, inputs[::-1]):
                            if one in products and other.endswith(".bias"):
                                self._factors[other.removesuffix("bias") + "weight"] = products[one]

    def __getitem__(self, name: str) -> Weight:
        """Return a weight; matrices are shaped for rows times matrix, (from, to). Raises ProgramError without it."""
        found = self._factors.get(name, name)
        if found in self._tensors:
            return np.asarray(self._tensors[found], dtype=np.float32)
        table, scale = self._quantised(found)
        matrix: Weight = np.multiply(table, scale, dtype=np.float32)
        return matrix

    def rows(self, name: str, chosen: NDArray[np.int64]) -> Weight:
        """Return rows of a large table of bytes, and make numbers of those only."""
        table, scale = self._quantised(name)
        found: Weight = np.multiply(table[chosen], scale if scale.size == 1 else scale[chosen], dtype=np.float32)
        return found

    def _quantised(self, name: str) -> tuple[NDArray[Any], Weight]:
        """Return the bytes of a weight and what they stand for."""
        try:
            return self._tensors[f"{name}_q"], np.asarray(self._tensors[f"{name}_scale"], dtype=np.float32)
        except KeyError as fault:
            raise _unreadable(fault) from fault


def _unreadable(fault: Exception) -> ProgramError:
    return ProgramError(
        Code.MODEL_MISSING, "The finer model for searching by meaning cannot be read.", detail=repr(fault)
    )


def _tensor(message: memoryview) -> tuple[str, NDArray[Any]]:
    name, kind, content, size = "", 0, memoryview(b""), []
    for number, value in _fields(message):
        if number == _SIZE and isinstance(value, int):
            size.append(value)
        elif number == _KIND and isinstance(value, int):
            kind = value
        elif number == _NAME and not isinstance(value, int):
            name = bytes(value).decode()
        elif number == _BYTES and not isinstance(value, int):
            content = value
    if kind not in _KINDS:
        return name, np.zeros(0, np.float32)
    found: NDArray[Any] = np.frombuffer(content, _KINDS[kind])
    return name, found.reshape(size) if found.size else found


def _node(message: memoryview) -> tuple[str, list[str], str]:
    words: dict[int, list[str]] = {_INPUT: [], _OUTPUT: [], _OPERATION: []}
    for number, value in _fields(message):
        if number in words and not isinstance(value, int):
            words[number].append(bytes(value).decode())
    return words[_OPERATION][0], words[_INPUT], words[_OUTPUT][0]


def _fields(data: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Yield number and content of each field."""
    place = 0
    while place < len(data):
        key, place = _integer(data, place)
        number, form = key >> 3, key & 7
        if form == 0:
            value, place = _integer(data, place)
            yield number, value
            continue
        length = {1: 8, 5: 4}.get(form, -1)
        if form == 2:
            length, place = _integer(data, place)
        if length < 0 or place + length > len(data):
            raise ValueError("no such field")
        yield number, data[place : place + length]
        place += length


def _integer(data: memoryview, place: int) -> tuple[int, int]:
    """Return an integer, seven bits a byte, the lowest first, and the place behind it."""
    value = shift = 0
    while True:
        byte = data[place]
        place += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, place
