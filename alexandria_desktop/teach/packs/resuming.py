"""A file that is written where it was cut off: what is there already and right is passed over, the rest is written.

Nothing is believed about the first part but its bytes: they are read and compared, since a stick that was pulled out
may have lost any of them. The first that differs is where the writing begins.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

SETTLE = 8 * 1024 * 1024
"""Bytes after which what was written is brought to the disk: a slow stick would else seem done and be empty."""


class ResumedFile(io.RawIOBase):
    """A stream that only goes forward, into a file that may hold the beginning of the same stream."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        path.touch()
        self._file = path.open("r+b")
        self._there = self._file.seek(0, os.SEEK_END)
        """How many bytes may be right; none once one was wrong."""
        self._file.seek(0)
        self._at = 0
        self._unsettled = 0
        self._is_over = False
        self.kept = 0
        """How many bytes were there already and right."""

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def seekable(self) -> bool:
        """Say that it only goes forward."""
        return False

    def tell(self) -> int:
        """Return how many bytes were passed over or written."""
        return self._at

    def write(self, data: ReadableBuffer, /) -> int:
        """Pass over what is there, and write the rest."""
        wanted = memoryview(data).cast("B")
        if self._is_over:
            return len(wanted)
        same = self._pass_over(bytes(wanted[: self._there - self._at])) if self._at < self._there else 0
        if same < len(wanted):
            if self._there:
                self._cut_at(self._at + same)
            self._file.write(wanted[same:])
            self._unsettled += len(wanted) - same
        self._at += len(wanted)
        if self._unsettled >= SETTLE:
            self._settle()
        return len(wanted)

    @contextmanager
    def ending_with_errors(self) -> Iterator[None]:
        """Take nothing more once something went wrong: a zip that is left writes its end, as if it were whole."""
        try:
            yield
        except BaseException:
            self._is_over = True
            raise

    def finish(self) -> None:
        """Cut what an older file had beyond the end, and bring everything to the disk."""
        self._file.flush()
        self._file.truncate(self._at)
        self._settle()

    def close(self) -> None:
        """Let go of the file; what was not brought to the disk may be lost."""
        if not self.closed:
            self._file.close()
        super().close()

    def _pass_over(self, wanted: bytes) -> int:
        """Return how many bytes at this place are the wanted ones."""
        self._file.seek(self._at)
        found = self._file.read(len(wanted))
        same = len(wanted) if found == wanted else _same_bytes(found, wanted)
        self.kept += same
        return same

    def _cut_at(self, place: int) -> None:
        self._file.seek(place)
        self._file.truncate()
        self._there = 0

    def _settle(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._unsettled = 0


def _same_bytes(found: bytes, wanted: bytes) -> int:
    """Return after how many bytes two pieces differ."""
    pairs = zip(found, wanted, strict=False)
    return next((place for place, (one, other) in enumerate(pairs) if one != other), min(len(found), len(wanted)))
