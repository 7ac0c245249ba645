"""Zip files opened with distrust: names that stay inside, sizes with limits, one member in memory at a time.

Nothing is ever unpacked to disk. Directories, symbolic links and names that lead outside are left out; of two members
with one name the first counts. A damaged member is an error of that member alone, so that the rest still reads.
"""

from __future__ import annotations

import io
import lzma
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Self

from alexandria_desktop.base.errors import Code, ReaderError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_ENTRIES = 20_000
MAX_MEMBER = 64 * 1024 * 1024
"""Bytes of one member that ``read`` returns unless told otherwise."""
MAX_TOTAL = 8 * 1024 * 1024 * 1024
"""Bytes of all members together, unpacked."""
MODEST_TOTAL = 256 * 1024 * 1024
"""Up to here any ratio is harmless; above it the file must not unpack to more than ``MAX_RATIO`` times its size."""
MAX_RATIO = 100

_PIECE = 1024 * 1024
_END_RECORD = b"PK\x05\x06"
_END_SIZE = 22
_TRAILING_GARBAGE = 4 * 1024 * 1024
_METHODS = {
    1: "Shrink", 6: "Implode", 9: "Deflate64", 10: "Terse", 16: "Cmpsc", 93: "Zstandard",
    95: "XZ", 96: "JPEG", 97: "WavPack", 98: "PPMd", 99: "AES",
}  # fmt: skip
_READABLE = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA})
_UTF8_FLAG = 0x800
_ENCRYPTED_FLAG = 0x1


class Archive:
    """A zip file's members by their safe names."""

    def __init__(self, path: Path) -> None:
        self._file = _open_file(path)
        try:
            self._zip = _open_zip(self._file)
            self._members = _safe_members(self._zip.infolist())
            _check_sizes(list(self._members.values()), path)
            _check_readable(list(self._members.values()))
        except BaseException:
            self._file.close()
            raise
        self.names = frozenset(self._members)
        """The names of all members, normalised: no leading slash, ``/`` between the parts, no ``..``."""

    @property
    def order(self) -> tuple[str, ...]:
        """The names in the order of the file's own list."""
        return tuple(self._members)

    def find(self, name: str) -> str | None:
        """Return the stored name that means ``name``: the same, or differing only in case or accents' encoding."""
        if name in self._members:
            return name
        wanted = _loose(name)
        return next((stored for stored in self._members if _loose(stored) == wanted), None)

    def size(self, name: str) -> int:
        """Return the unpacked bytes of a member as the file states them; 0 for an unknown name."""
        member = self._members.get(name)
        return member.file_size if member else 0

    def read(self, name: str, *, limit: int = MAX_MEMBER) -> bytes:
        """Return one member; raises ReaderError(book.section-unreadable) if damaged, absent or above ``limit``."""
        return b"".join(self.pieces(name, limit=limit))

    def pieces(self, name: str, *, limit: int = MAX_MEMBER) -> Iterator[bytes]:
        """Yield one member in pieces, for what is too large to hold in memory; raises as ``read`` does."""
        member = self._members.get(name)
        if member is None:
            raise ReaderError(Code.SECTION_UNREADABLE, "A part of this book is missing from its file.", detail=name)
        if member.compress_type not in _READABLE:
            raise ReaderError(Code.SECTION_UNREADABLE, _unreadable_sentence("A part of this book", member), detail=name)
        if member.file_size > limit:
            raise _above_limit(name, limit)
        left = limit
        with _readable(name), self._zip.open(member) as stream:
            while piece := stream.read(_PIECE):
                left -= len(piece)
                if left < 0:
                    raise _above_limit(name, limit)
                yield piece

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@contextmanager
def _readable(name: str) -> Iterator[None]:
    """Turn what can go wrong in a damaged member into an error of that member."""
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
        struct.error,
        UnicodeDecodeError,
    ) as error:
        raise ReaderError(
            Code.SECTION_UNREADABLE, "A part of this book is damaged and cannot be read.", detail=f"{name}: {error}"
        ) from error


def safe_name(name: str) -> str | None:
    """Return a member's name with plain slashes and no empty parts, or None where it leads out of the archive."""
    name = name.split("\x00", 1)[0].replace("\\", "/")
    if name.startswith("/") or (len(name) > 1 and name[1] == ":" and name[0].isalpha()):
        return None
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if not parts or ".." in parts:
        return None
    return "/".join(parts)


def _open_file(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except FileNotFoundError as error:
        raise ReaderError(Code.IMPORT_MISSING, "The file is no longer there.", detail=str(path)) from error
    except OSError as error:
        raise ReaderError(Code.IMPORT_DAMAGED, "The file could not be read.", detail=str(error)) from error


def _open_zip(file: BinaryIO) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, struct.error, ValueError, NotImplementedError, OverflowError) as error:
        end = _end_before_garbage(file)
        if end is not None:
            try:
                return zipfile.ZipFile(io.BufferedReader(_Head(file, end)))
            except (zipfile.BadZipFile, OSError, struct.error, ValueError, NotImplementedError, OverflowError):
                pass
        raise ReaderError(
            Code.IMPORT_DAMAGED, "The file is damaged: its list of contents is missing or broken.", detail=str(error)
        ) from error


def _end_before_garbage(file: BinaryIO) -> int | None:
    """Return where the archive ends when more bytes follow it than ``zipfile`` looks through."""
    size = file.seek(0, io.SEEK_END)
    start = max(0, size - _TRAILING_GARBAGE)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(_END_RECORD)
    if at < 0 or at + _END_SIZE > len(tail):
        return None
    comment = int.from_bytes(tail[at + 20 : at + 22], "little")
    return min(size, start + at + _END_SIZE + comment)


class _Head(io.RawIOBase):
    """The first bytes of a file, as if the file ended there."""

    def __init__(self, file: BinaryIO, length: int) -> None:
        self._file = file
        self._length = length
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._length}[whence]
        if base + offset < 0:
            raise OSError("negative seek")
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        self._file.seek(self._position)
        data = self._file.read(max(0, min(len(view), self._length - self._position)))
        view[: len(data)] = data
        self._position += len(data)
        return len(data)


def _safe_members(entries: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    if len(entries) > MAX_ENTRIES:
        raise ReaderError(Code.IMPORT_TOO_LARGE, f"The file holds more than {MAX_ENTRIES:,} parts and was not opened.")
    members: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        if entry.is_dir() or stat.S_ISLNK(entry.external_attr >> 16):
            continue
        name = safe_name(_true_name(entry))
        if name is not None:
            members.setdefault(name, entry)
    return members


def _true_name(entry: zipfile.ZipInfo) -> str:
    """Return the name as its writer meant it: many write UTF-8 without saying so."""
    if entry.flag_bits & _UTF8_FLAG:
        return entry.orig_filename
    try:
        return entry.orig_filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return entry.orig_filename


def _check_sizes(members: list[zipfile.ZipInfo], path: Path) -> None:
    total = sum(member.file_size for member in members)
    packed = max(1, min(path.stat().st_size, sum(member.compress_size for member in members)))
    if total > MAX_TOTAL or (total > MODEST_TOTAL and total > MAX_RATIO * packed):
        raise ReaderError(
            Code.IMPORT_TOO_LARGE,
            "The file would unpack to far more than a book needs and was not opened.",
            detail=f"{total} bytes out of {packed}",
        )


def _check_readable(members: list[zipfile.ZipInfo]) -> None:
    if any(member.flag_bits & _ENCRYPTED_FLAG for member in members):
        raise ReaderError(Code.IMPORT_PROTECTED, "The file is encrypted and cannot be opened.")
    if members and all(member.compress_type not in _READABLE for member in members):
        raise ReaderError(Code.IMPORT_UNSUPPORTED, _unreadable_sentence("The file", members[0]))


def _unreadable_sentence(what: str, member: zipfile.ZipInfo) -> str:
    method = _METHODS.get(member.compress_type, f"method {member.compress_type}")
    return f"{what} is compressed in a way ({method}) that this program does not read."


def _above_limit(name: str, limit: int) -> ReaderError:
    return ReaderError(
        Code.SECTION_UNREADABLE,
        f"A part of this book is larger than {max(1, limit // 1_048_576)} MB and was not opened.",
        detail=name,
    )


def _loose(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
