"""Files of books in a folder, each under its content's name; read only where its bytes are what the name says."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from sync.folder.layout import FILES, book_file
from sync.folder.placing import explained, make_room, part_of, settle
from sync.protocol.blobs import Interrupted, Known, Progress, damaged_here
from sync.protocol.errors import Damaged, Refused, Unreachable

BLOCK = 1024**2


def _nothing(_done: int, _all: int) -> None:
    return None


class FolderFiles:
    """The files in one folder; the same methods as a server's."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._is_cut = False

    def cut(self) -> None:
        """Stop what is under way, from another thread; it ends as Unreachable."""
        self._is_cut = True

    def close(self) -> None:
        """Nothing is held."""

    def known(self, hashes: Iterable[str], *, surely: bool = False) -> Known:
        """Return which of these are in the folder; whether they are whole shows only when they are read."""
        with explained(self._root):
            self._see_folder()
            there = frozenset(
                one
                for one in set(hashes)
                if (path := self._find(one)) is not None and (not surely or _hash(path) == one)
            )
        return Known(there, there)

    def send(
        self,
        path: Path,
        sha256: str,
        media_type: str,
        *,
        upload: str | None = None,
        on_begin: Callable[[str], None] = lambda _: None,
        on_progress: Progress = _nothing,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        """Copy a file into the folder. One that is there and damaged is put right."""
        del media_type, upload, on_begin  # a copy that was cut off begins anew
        with explained(self._root):
            self._see_folder()
            there = self._find(sha256)
            if there is not None and _hash(there) == sha256:
                return
            target = there or book_file(self._root, sha256, path.suffix)
            if not self._copy(path, target, sha256, on_progress, is_cancelled):
                raise damaged_here(path)

    def fetch(
        self,
        sha256: str,
        target: Path,
        *,
        on_progress: Progress = _nothing,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        """Copy a file from the folder to its place. Raises Refused where it is not there, Unreachable where cut."""
        with explained(self._root):
            self._see_folder()
            there = self._find(sha256)
            if there is None:
                raise Refused(404, "not_found", "This file is not in the folder.")
            if not self._copy(there, target, sha256, on_progress, is_cancelled):
                raise Damaged("A file has not arrived whole in the folder yet.")

    def _find(self, sha256: str) -> Path | None:
        folder = self._root / FILES / sha256[:2]
        try:
            with os.scandir(folder) as entries:
                names = sorted(one.name for one in entries)
        except (FileNotFoundError, NotADirectoryError):
            return None
        # "<hash> (conflicted copy).epub" has a space where the dot would be.
        right = [name for name in names if name == sha256 or (name.startswith(f"{sha256}.") and name[-5:] != ".part")]
        return folder / right[0] if right else None

    def _see_folder(self) -> None:
        if not self._root.is_dir():
            raise Unreachable(f"The folder {self._root} is not there.")

    def _copy(
        self, source: Path, target: Path, sha256: str, on_progress: Progress, is_cancelled: Callable[[], bool]
    ) -> bool:
        """Copy a file to its place, and return whether it was whole; only then it is there."""
        part = part_of(target)
        make_room(target)
        digest, done, size = hashlib.sha256(), 0, source.stat().st_size
        try:
            with source.open("rb") as here, part.open("wb") as there:
                while block := here.read(BLOCK):
                    if self._is_cut:
                        raise Unreachable("It was called off.")
                    if is_cancelled():
                        raise Interrupted
                    there.write(block)
                    digest.update(block)
                    done += len(block)
                    on_progress(done, size)
                there.flush()
                os.fsync(there.fileno())
            return digest.hexdigest() == sha256 and settle(part, target, replacing=True)
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
