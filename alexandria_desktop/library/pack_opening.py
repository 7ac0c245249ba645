"""Open a course pack: see what it is without taking anything, then take course, pictures and given books."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from alexandria_desktop.base.errors import Code, ReaderError, SurroundingsError
from alexandria_desktop.library.core import Core
from alexandria_desktop.library.course_files import FOLDER
from alexandria_desktop.library.packed_rows import rows_of
from alexandria_desktop.store import books, course_packs
from alexandria_desktop.store.book_rows import NewFile
from alexandria_desktop.store.course_packs import Place, Taken
from alexandria_desktop.store.files import kept_files, remember_file
from alexandria_desktop.store.unit_of_work import UnitOfWork
from alexandria_desktop.teach.document import CourseDocument
from alexandria_desktop.teach.packs.manifest import GivenBook, Manifest
from alexandria_desktop.teach.packs.reading import OpenPack, changed
from alexandria_desktop.teach.packs.signing import fingerprint_words

if TYPE_CHECKING:
    from alexandria_desktop.library.importing import Outcome

_INCOMING = "incoming-"
_DAY = 86_400

ImportFiles = Callable[[Sequence[Path]], "list[Outcome]"]


class Arrived(StrEnum):
    """What became of the course of a pack."""

    NEW = "new"
    UPDATED = "updated"
    SAME = "same"
    MINE = "mine"
    """The reader made it; it is in the builder."""
    FROM_SERVER = "from-server"
    """The reader's server brings it, later issues too; only the books were taken."""


@dataclass(frozen=True, slots=True)
class PackView:
    """What a pack is, as far as can be said without taking anything from it."""

    manifest: Manifest
    arrives: Arrived
    other_key: str
    """The words of the key of before, where this pack is signed by another one; else empty."""
    new_books: tuple[GivenBook, ...]
    """Those that are not on the shelf yet."""

    @property
    def words(self) -> str:
        """The fingerprint of the key that signed it."""
        return fingerprint_words(self.manifest.key)


@dataclass(frozen=True, slots=True)
class OpenedPack:
    """What was taken from a pack."""

    course_id: UUID
    title: str
    author: str
    arrived: Arrived
    words: str
    """The fingerprint of the key that signed it."""
    books: tuple[UUID, ...]
    """Books that came with it, on the shelf now."""
    failed: tuple[str, ...]
    """A sentence for each book that could not be imported."""


def look(core: Core, path: Path) -> PackView:
    """Say what a pack is; raises as ``CoursePacks.open`` does, but for another key, which the view tells."""
    with OpenPack(path) as pack:
        return _view(core, pack.manifest)


def open_pack(core: Core, path: Path, import_files: ImportFiles, *, accept_key: bool) -> OpenedPack:
    """Take a course and its books out of a pack; errors as ``CoursePacks.open`` says."""
    with OpenPack(path) as pack:
        view = _view(core, pack.manifest)
        if view.other_key and not accept_key:
            raise _another_key(view)
        if view.arrives in (Arrived.NEW, Arrived.UPDATED, Arrived.SAME):
            course = pack.course()
            rows = rows_of(pack.manifest, course)  # before a single file is kept
            _keep_files(core, pack, course)
            manifest = pack.manifest
            taken = Taken(manifest.course_id, manifest.key, manifest.number, manifest.author, manifest.made_at)
            core.write(
                course_packs.put_course,
                core.identity.user_id,
                manifest.items[manifest.course_id],
                rows,
                taken,
            )
        outcomes = [] if view.arrives is Arrived.MINE else _import_books(core, pack, view.new_books, import_files)
    return OpenedPack(
        course_id=view.manifest.course_id,
        title=view.manifest.title,
        author=view.manifest.author,
        arrived=view.arrives,
        words=view.words,
        books=tuple(one.book_id for one in outcomes if one.book_id is not None),
        failed=tuple(f"“{one.title or one.path.name}”: {one.message}" for one in outcomes if one.book_id is None),
    )


def _view(core: Core, manifest: Manifest) -> PackView:
    user_id = core.identity.user_id
    with core.reading() as connection:
        place = course_packs.place_of(connection, user_id, manifest.course_id)
        held = course_packs.taken_pack(connection, manifest.course_id)
        new = [one for one in manifest.books if books.find_by_edition(connection, user_id, one.sha256) is None]
    if place is not Place.MINE and manifest.author_id == user_id:
        # It would be changed, and told to a server, in this reader's name.
        raise ReaderError(
            Code.COURSE_PACK_CLASH,
            "This pack says that you made the course, but the course is not in this library. Open it where you made "
            "it, or sync first.",
        )
    other_key = fingerprint_words(held.key) if held is not None and held.key != manifest.key else ""
    if place is Place.MINE:
        return PackView(manifest, Arrived.MINE, "", tuple(new))
    if place is Place.FROM_SERVER:
        return PackView(manifest, Arrived.FROM_SERVER, other_key, tuple(new))
    is_here = place is not Place.NEW
    if held is not None and is_here and not other_key and manifest.number < held.number:
        raise ReaderError(
            Code.COURSE_PACK_OLDER,
            f"This is the issue of {manifest.made_at:%d %B %Y, %H:%M}. You have the one of "
            f"{held.made_at:%d %B %Y, %H:%M}, which is later; nothing was changed.",
        )
    if place is Place.NEW:
        return PackView(manifest, Arrived.NEW, other_key, tuple(new))
    is_same = held is not None and not other_key and manifest.number == held.number
    return PackView(manifest, Arrived.SAME if is_same else Arrived.UPDATED, other_key, tuple(new))


def _another_key(view: PackView) -> ReaderError:
    return ReaderError(
        Code.COURSE_PACK_OTHER_KEY,
        f"“{view.manifest.title}” was signed by another key than the issue that you have. Either its teacher has a new "
        f"computer, or somebody else made this pack. Ask your teacher whether their key reads “{view.words}”; the one "
        f"of before reads “{view.other_key}”.",
    )


def _keep_files(core: Core, pack: OpenPack, course: CourseDocument) -> None:
    """Keep the pictures and films of a course under their content's names."""
    with core.reading() as connection:
        here = kept_files(connection)
    for sha256, media in course.media().items():
        pieces = pack.file(sha256)
        if pieces is None or (sha256 in here and (core.paths.root / here[sha256]).is_file()):
            continue
        kept = f"{FOLDER}/{sha256}"
        size = _write(core.paths.root / kept, pieces, sha256)
        core.write(_remember, NewFile(sha256, kept, media.name, size))


def _remember(unit: UnitOfWork, file: NewFile) -> None:
    remember_file(unit.connection, file, unit.now)


def _import_books(core: Core, pack: OpenPack, new: Iterable[GivenBook], import_files: ImportFiles) -> list[Outcome]:
    """Import given books as if their files had been chosen by hand: with the same distrust, in the same processes."""
    wanted = list(new)
    if not wanted:
        return []
    _sweep(core.paths.root)
    folder = Path(tempfile.mkdtemp(prefix=_INCOMING, dir=core.paths.root))
    try:
        paths = []
        for number, book in enumerate(wanted):
            path = folder / str(number) / _file_name(book)
            _write(path, pack.book(book), book.sha256)
            paths.append(path)
        return import_files(paths)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(root: Path) -> None:
    """Remove what an opening left that was killed long ago."""
    for folder in root.glob(f"{_INCOMING}*"):
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > _DAY:
                shutil.rmtree(folder, ignore_errors=True)


def _file_name(book: GivenBook) -> str:
    """Return a name for a book's file that is safe on every system; the pack says what it was called."""
    ending = re.sub(r"[^a-z0-9]", "", Path(book.part).suffix.lower())[:8]
    stem = re.sub(r"[^\w .,()'-]", "_", Path(book.name.replace("\\", "/")).stem)[:80].strip(" .")
    return f"{stem or 'book'}.{ending or 'bin'}"


def _write(target: Path, pieces: Iterable[bytes], sha256: str) -> int:
    """Write bytes whose hash is known; returns their number."""
    found, size = hashlib.sha256(), 0
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as stream:
            for piece in pieces:
                found.update(piece)
                size += len(piece)
                stream.write(piece)
        if found.hexdigest() != sha256:
            raise changed("a file in it changed while it was read")
        part.replace(target)
    except OSError as error:
        raise SurroundingsError(
            Code.STORE_FULL, "A file of the course pack could not be kept.", detail=str(error)
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return size
