"""Kill whoever writes files, or let the disk fail, at any step, with no hook in the program: Python itself tells."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.sync.machine import Crashed

_STEPS = frozenset({"os.link", "os.rename", "os.remove", "os.mkdir"})
_armed: list[_Bomb | _Refusal] = []


class _Bomb:
    def __init__(self, root: Path, at: int, fault: Exception) -> None:
        self.root = str(root)
        self.left = at
        self.fault = fault

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        is_write = event == "open" and len(arguments) > 2 and bool(arguments[2] & (os.O_WRONLY | os.O_RDWR))
        if (event in _STEPS or is_write) and str(arguments[0]).startswith(self.root):
            self.left -= 1
            if self.left <= 0:
                raise self.fault  # and nothing more is written: not even what tidies up


class _Refusal:
    def __init__(self, root: Path, faults: dict[str, int]) -> None:
        self.root = str(root)
        self.faults = faults

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        number = self.faults.get(event)
        if number is not None and str(arguments[0]).startswith(self.root):
            raise OSError(number, os.strerror(number))


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if _armed:
        _armed[-1].hear(event, arguments)


sys.addaudithook(_hear)


@contextmanager
def killed_at(root: Path, step: int | None) -> Iterator[None]:
    """Raise Crashed at a step of writing below a folder, and at each after it; never for None."""
    if step is None:
        yield
        return
    with _armed_with(_Bomb(root, step, Crashed())):
        yield


@contextmanager
def failing(root: Path, number: int) -> Iterator[None]:
    """Let every writing below a folder fail with an errno."""
    with _armed_with(_Bomb(root, 1, OSError(number, os.strerror(number)))):
        yield


@contextmanager
def refusing(root: Path, faults: dict[str, int]) -> Iterator[None]:
    """Let calls below a folder fail, each by its name as Python tells it (``os.link``) with an errno."""
    with _armed_with(_Refusal(root, faults)):
        yield


@contextmanager
def _armed_with(bomb: _Bomb | _Refusal) -> Iterator[None]:
    _armed.append(bomb)
    try:
        yield
    finally:
        _armed.pop()
