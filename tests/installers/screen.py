"""A screen that nobody looks at, and what is on it."""

from __future__ import annotations

import os
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SIZE = (1280, 800)


class Screen:
    """An X server that draws into a file."""

    def __init__(self, number: int, file: Path) -> None:
        self.display = f":{number}"
        self._file = file

    def pixels(self) -> NDArray[np.uint8]:
        """Return what is on the screen, shape (height, width, 3), red, green and blue."""
        data = self._file.read_bytes()
        head = struct.unpack(">25I", data[:100])
        width, height, stride, colors = head[4], head[5], head[12], head[19]
        begin = head[0] + colors * 12
        rows = np.frombuffer(data, np.uint8, stride * height, begin).reshape(height, stride)
        return rows[:, : width * 4].reshape(height, width, 4)[:, :, 2::-1]

    def save(self, target: Path) -> None:
        """Keep a picture of it."""
        from PIL import Image

        Image.fromarray(self.pixels()).save(target)


@contextmanager
def screen(folder: Path) -> Iterator[Screen]:
    """Start a screen on a free number, reached without a file in ``/tmp`` too, and end it."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24", "-fbdir", str(folder)]
    running = subprocess.Popen([*command, "-ac", "-nolisten", "tcp"], pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            number = int(told.readline())
        yield Screen(number, folder / "Xvfb_screen0")
    finally:
        running.terminate()
        running.wait(10)
