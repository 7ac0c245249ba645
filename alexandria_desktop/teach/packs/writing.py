"""Write a pack so that a copy which was cut off goes on where it stopped.

A pack is made beside its place, as ``NAME.part``, and gets its name when it is whole and was read back. Next to it lies
a journal with the manifest that the part was begun with: only under the same manifest, moment and signature included,
do the bytes come out the same. If the course or a book is another by now, the copy begins anew.

The members of the zip are stored, since books and pictures are packed already; what the pack says of itself comes
first, then the course, then the small parts before the large ones, so that a cut-off pack can say what it has.
"""

from __future__ import annotations

import base64
import hashlib
import os
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import orjson

from alexandria_desktop.base.errors import AlexandriaError, Code, ProgramError, ReaderError, SurroundingsError
from alexandria_desktop.teach.packs.manifest import COURSE, MANIFEST, SIGNATURE, Manifest, Part, manifest_of
from alexandria_desktop.teach.packs.reading import OpenPack
from alexandria_desktop.teach.packs.resuming import ResumedFile
from alexandria_desktop.teach.packs.signing import is_signed_by, sign

_EPOCH = (1980, 1, 1, 0, 0, 0)
_PIECE = 1024 * 1024

Progress = Callable[[int, int], None]
"""Called with the bytes that are done and those that there are."""


class StoppedError(Exception):
    """Somebody asked the copy to stop; what was written stays, and the next copy goes on there."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a part's bytes are."""

    name: str
    open: Callable[[], BinaryIO]

    def measured(self) -> Part:
        """Return the part with its size and hash, reading it once."""
        found, size = hashlib.sha256(), 0
        with self.open() as stream:
            while piece := stream.read(_PIECE):
                found.update(piece)
                size += len(piece)
        return Part(self.name, size, found.hexdigest())


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a copy."""

    manifest: Manifest
    size: int
    kept: int
    """Bytes of an earlier copy that were there already."""


def write_pack(
    target: Path,
    manifest: Manifest,
    sources: Sequence[Source],
    secret: bytes,
    *,
    on_progress: Progress = lambda _done, _all: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Written:
    """Write a pack, going on where an earlier try was cut off.

    ``manifest`` comes without parts; they are measured here. Raises StoppedError; ReaderError where a source changed
    meanwhile; SurroundingsError(store.disk-full) where the place does not keep what is written.
    """
    measured = sorted((source.measured() for source in sources), key=_order)
    wanted = replace(manifest, parts=tuple(measured))
    manifest_of(wanted.to_bytes())  # nothing is written that could not be opened
    part, journal = target.with_name(f"{target.name}.part"), target.with_name(f"{target.name}.part.json")
    with _writable():
        begun = _begun(journal, wanted)
        said, signature = begun or (wanted.to_bytes(), sign(secret, wanted.to_bytes()))
        if begun is None:
            part.unlink(missing_ok=True)
            _keep_journal(journal, said, signature)
        by_name = {source.name: source for source in sources}
        with ResumedFile(part) as file:
            _write_zip(file, said, signature, [(one, by_name[one.name]) for one in measured], on_progress, is_cancelled)
            file.finish()
            size, kept = file.tell(), file.kept
        _read_back(part)
        part.replace(target)
        journal.unlink(missing_ok=True)
        _settle_folder(target.parent)
    return Written(manifest_of(said), size, kept)


def cut_off(target: Path) -> tuple[int, int] | None:
    """Return how many bytes of how many an earlier copy to this place has; None where none was cut off."""
    found = _read_journal(target.with_name(f"{target.name}.part.json"))
    if found is None:
        return None
    try:
        return target.with_name(f"{target.name}.part").stat().st_size, found[0].size
    except OSError:
        return None


def _order(part: Part) -> tuple[bool, bool, int, str]:
    return part.name != COURSE, part.name.startswith("books/"), part.size, part.name


def _write_zip(
    file: ResumedFile,
    manifest: bytes,
    signature: bytes,
    parts: Sequence[tuple[Part, Source]],
    on_progress: Progress,
    is_cancelled: Callable[[], bool],
) -> None:
    total = sum(part.size for part, _ in parts)
    done = 0
    with zipfile.ZipFile(file, "w") as archive, file.ending_with_errors():
        for name, data in ((MANIFEST, manifest), (SIGNATURE, signature)):
            archive.writestr(_entry(name, len(data)), data)
        for part, source in parts:
            found = hashlib.sha256()
            with (
                source.open() as stream,
                archive.open(_entry(part.name, part.size), "w") as member,
                file.ending_with_errors(),
            ):
                while piece := stream.read(_PIECE):
                    if is_cancelled():
                        raise StoppedError
                    found.update(piece)
                    member.write(piece)
                    done += len(piece)
                    on_progress(min(done, total), total)
            if found.hexdigest() != part.sha256:
                raise ReaderError(
                    Code.COURSE_PACK_CHANGED, "A file was changed while the pack was written. Write it again.",
                    detail=part.name,
                )  # fmt: skip


def _entry(name: str, size: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.external_attr = 0o644 << 16
    entry.file_size = size
    return entry


def _read_back(part: Path) -> None:
    """Read the whole pack as whoever opens it will; some sticks say that they have what they never kept."""
    try:
        with OpenPack(part):
            pass
    except AlexandriaError as error:
        part.unlink(missing_ok=True)
        raise SurroundingsError(
            Code.STORE_FULL, "The place gave other bytes back than were written to it. Choose another one.",
            detail=error.detail or error.message,
        ) from error  # fmt: skip


def _begun(journal: Path, wanted: Manifest) -> tuple[bytes, bytes] | None:
    """Return manifest and signature of a copy that was begun, if it is a copy of the same."""
    found = _read_journal(journal)
    if found is None:
        return None
    manifest, said, signature = found
    fits = manifest.holds_the_same(wanted) and is_signed_by(wanted.key, said, signature)
    return (said, signature) if fits else None


def _read_journal(journal: Path) -> tuple[Manifest, bytes, bytes] | None:
    try:
        kept = orjson.loads(journal.read_bytes())
        said, signature = base64.b64decode(kept["manifest"]), base64.b64decode(kept["signature"])
        return manifest_of(said), said, signature
    except (OSError, ValueError, TypeError, KeyError, ReaderError):
        return None  # none, or one that was itself cut off: the copy begins anew


def _keep_journal(journal: Path, manifest: bytes, signature: bytes) -> None:
    kept = {"manifest": base64.b64encode(manifest).decode(), "signature": base64.b64encode(signature).decode()}
    with journal.open("wb") as stream:
        stream.write(orjson.dumps(kept))
        stream.flush()
        os.fsync(stream.fileno())


def _settle_folder(folder: Path) -> None:
    """Bring a new name to the disk, where the system lets folders be opened."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _writable() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SurroundingsError(
            Code.STORE_FULL,
            "The pack could not be written to that place: it is full, read-only or no longer there. What is there "
            "already stays, and the copy goes on from it.",
            detail=str(error),
        ) from error
    except zipfile.LargeZipFile as error:
        raise ProgramError(Code.PROGRAM, "The pack is larger than a zip can be.", detail=str(error)) from error
