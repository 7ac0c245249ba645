"""The zip packages of other programs: the limits of the book containers, and patience with how files are named."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.ingest.archive import Archive
from alexandria_desktop.ingest.epub_package import resolve
from alexandria_desktop.teach.formats.opened import damaged

_BASES = ("$IMS-CC-FILEBASE$", "$IMS_CC_FILE_BASE$", "$IMS_CC_FILEBASE$", "$CANVAS_COURSE_REFERENCE$/")
_EPOCH = (1980, 1, 1, 0, 0, 0)


class Package:
    """The files of a package by their names."""

    def __init__(self, path: Path) -> None:
        self._archive = Archive(path)
        self.names = sorted(name for name in self._archive.names if not name.startswith("__MACOSX/"))

    def read(self, name: str) -> bytes | None:
        """Return the bytes of a file, or None where it is not there or cannot be read."""
        stored = self._archive.find(name)
        if stored is None:
            return None
        try:
            return self._archive.read(stored)
        except ReaderError:
            return None

    def must_read(self, name: str) -> bytes:
        """Return the bytes of a file; raises ReaderError(course.damaged)."""
        data = self.read(name)
        if data is None:
            raise damaged(f"The package has no readable file “{name}”.")
        return data

    def beside(self, base: str) -> Callable[[str], bytes | None]:
        """Return what finds the files that the file ``base`` mentions."""
        return lambda href: self._find(href, base)

    def _find(self, href: str, base: str) -> bytes | None:
        bare = unquote(href).partition("?")[0].partition("#")[0]
        for start in _BASES:
            bare = bare.replace(start, "")
        exact = resolve(base, bare)
        for name in (exact, bare.lstrip("/")):
            data = self.read(name) if name else None
            if data is not None:
                return data
        ending = "/" + bare.lstrip("./")
        found = [name for name in self.names if f"/{name}".endswith(ending)] if len(ending) > 1 else []
        return self.read(found[0]) if len(found) == 1 else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._archive.close()


def is_package(path: Path) -> bool:
    """Whether a file begins as a zip does."""
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def write_package(path: Path, parts: Mapping[str, bytes]) -> None:
    """Write a package; the same parts give the same bytes."""
    try:
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in parts.items():
                entry = zipfile.ZipInfo(name, _EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, data)
    except OSError as error:
        raise ReaderError(
            Code.COURSE_DAMAGED, "The course could not be written to that place.", detail=str(error)
        ) from error
