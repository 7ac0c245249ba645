"""Kill whoever writes files, at any step of it, without a hook in the program: the interpreter itself tells of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.sync.machine import Crashed

_STEPS = frozenset({"os.link", "os.rename", "os.remove", "os.mkdir"})
_armed: list[_Bomb] = []


class _Bomb:
    def __init__(self, root: Path, at: int) -> None:
        self.root = str(root)
        self.left = at

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        is_write = event == "open" and len(arguments) > 2 and bool(arguments[2] & (os.O_WRONLY | os.O_RDWR))
        if (event in _STEPS or is_write) and str(arguments[0]).startswith(self.root):
            self.left -= 1
            if self.left <= 0:
                raise Crashed  # and nothing more is written: not even what tidies up


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
    _armed.append(_Bomb(root, step))
    try:
        yield
    finally:
        _armed.pop()
