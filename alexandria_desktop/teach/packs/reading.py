"""Open a pack: first its signature, then every hash, and only then is anything in it believed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.ingest.archive import Archive
from alexandria_desktop.teach.document import CourseDocument
from alexandria_desktop.teach.packs.manifest import (
    COURSE,
    LARGEST_BOOK,
    LARGEST_COURSE,
    LARGEST_FILE,
    LARGEST_MANIFEST,
    MANIFEST,
    SIGNATURE,
    GivenBook,
    Manifest,
    Part,
    damaged,
    file_part,
    manifest_of,
)
from alexandria_desktop.teach.packs.salvage import tell_what_is_there
from alexandria_desktop.teach.packs.signing import is_signed_by

_SIGNATURE_BYTES = 64


class OpenPack:
    """A pack that holds exactly what its author signed; close it when done."""

    def __init__(self, path: Path) -> None:
        """Open and check a pack.

        Raises ReaderError: course.pack-unsigned, course.pack-changed, course.pack-cut-off, course.pack-damaged,
        course.pack-newer, or what a hostile zip raises.
        """
        self._path = path
        self._archive = _opened(path)
        try:
            self.manifest: Manifest = self._checked()
        except BaseException:
            self._archive.close()
            raise

    def course(self) -> CourseDocument:
        """Return the course; raises ReaderError(course.pack-damaged or course.invalid)."""
        data = self._read(COURSE, LARGEST_COURSE)
        if not any(
            one.name == COURSE and one.sha256 == hashlib.sha256(data).hexdigest() for one in self.manifest.parts
        ):
            raise changed("the course in it changed while it was read")
        try:
            return CourseDocument.from_json(json.loads(data))
        except (ValueError, RecursionError) as error:
            raise damaged("Its course cannot be read.", detail=str(error)) from error

    def file(self, sha256: str) -> Iterator[bytes] | None:
        """Yield the bytes of a picture or film of the course; None where the pack has it not."""
        name = file_part(sha256)
        return self._archive.pieces(name, limit=LARGEST_FILE) if name in self._archive.names else None

    def book(self, book: GivenBook) -> Iterator[bytes]:
        """Yield the bytes of a book; whoever keeps them compares their hash."""
        return self._archive.pieces(book.part, limit=LARGEST_BOOK)

    def close(self) -> None:
        """Let go of the file."""
        self._archive.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _checked(self) -> Manifest:
        names = self._archive.names
        if MANIFEST not in names or SIGNATURE not in names:
            # A book is a zip as well: where the end of the pack is missing, the end of a book in it may be found.
            _raise_if_cut_off(self._path)
            if MANIFEST in names or COURSE in names:
                raise unsigned()
            raise damaged("It holds no course.")
        said = self._read(MANIFEST, LARGEST_MANIFEST)
        manifest = manifest_of(said)
        if not is_signed_by(manifest.key, said, self._read(SIGNATURE, _SIGNATURE_BYTES)):
            raise changed("its list of contents is not what was signed")
        extra = names - {MANIFEST, SIGNATURE} - {part.name for part in manifest.parts}
        if extra:
            raise changed("something was put into it", detail=", ".join(sorted(extra)[:5]))
        for part in manifest.parts:
            self._compare(part)
        return manifest

    def _compare(self, part: Part) -> None:
        found, size = hashlib.sha256(), 0
        if part.name not in self._archive.names:
            raise changed(f"“{part.name}” is missing from it")
        try:
            for piece in self._archive.pieces(part.name, limit=part.size):
                found.update(piece)
                size += len(piece)
        except ReaderError as error:
            raise changed(f"“{part.name}” is not what was signed", detail=error.detail) from error
        if size != part.size or found.hexdigest() != part.sha256:
            raise changed(f"“{part.name}” is not what was signed")

    def _read(self, name: str, limit: int) -> bytes:
        try:
            return self._archive.read(name, limit=limit)
        except ReaderError as error:
            raise damaged(detail=error.detail) from error


def is_pack(path: Path) -> bool:
    """Whether a file is a pack, signed or not what it was; False for a course that was only written out."""
    try:
        with Archive(path) as archive:
            if MANIFEST in archive.names:
                return True
    except ReaderError:
        pass  # it may be one whose end is missing
    return tell_what_is_there(path) is not None


def unsigned() -> ReaderError:
    """Return the error for a course that nobody signed."""
    return ReaderError(
        Code.COURSE_PACK_UNSIGNED,
        "This course is not signed, so nobody can say who made it or whether it was changed. Ask your teacher for the "
        "course pack.",
    )


def changed(how: str, *, detail: str = "") -> ReaderError:
    """Return the error for a pack that is not as it was signed; ``how`` ends the sentence."""
    return ReaderError(
        Code.COURSE_PACK_CHANGED,
        f"This course pack was changed after it was signed: {how}. Nothing was taken from it.",
        detail=detail,
    )


def _opened(path: Path) -> Archive:
    try:
        return Archive(path)
    except ReaderError as error:
        if error.code is not Code.IMPORT_DAMAGED:
            raise
        _raise_if_cut_off(path)
        raise damaged("It is no pack, or its beginning is gone.", detail=error.detail) from error


def _raise_if_cut_off(path: Path) -> None:
    found = tell_what_is_there(path)
    if found is not None:
        raise ReaderError(Code.COURSE_PACK_CUT_OFF, found.sentence, detail=path.name)
