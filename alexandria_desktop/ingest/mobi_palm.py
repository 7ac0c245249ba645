"""The Palm database that a MOBI file is, and the headers in its first record."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from alexandria_desktop.base.errors import Code, ReaderError

NONE = 0xFFFF_FFFF
_UTF8 = 65001


class PalmDatabase:
    """The records of a Palm database."""

    def __init__(self, data: bytes) -> None:
        if len(data) < 80:
            raise damaged("shorter than its header")
        self._data = data
        self.name = data[:32].split(b"\x00", 1)[0].decode("cp1252", "replace")
        self.kind = data[60:68]
        count = int.from_bytes(data[76:78], "big")
        table = data[78 : 78 + 8 * count]
        offsets = [offset for (offset,) in struct.iter_unpack(">I4x", table[: len(table) // 8 * 8])]
        if not offsets or len(offsets) < count or offsets[0] > len(data):
            raise damaged("its list of records is cut short")
        self._offsets = [*offsets, len(data)]

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def record(self, number: int) -> bytes:
        """Return one record; empty where there is none of that number."""
        if not 0 <= number < len(self):
            return b""
        return self._data[self._offsets[number] : self._offsets[number + 1]]


@dataclass(frozen=True, slots=True)
class Header:
    """What record 0 (of the file, or of its KF8 half) says."""

    start: int
    """The record this header is in; others are counted from it."""
    compression: int
    text_length: int
    text_records: int
    encryption: int
    is_mobi: bool
    encoding: str
    version: int
    full_name: str
    locale: int
    first_image: int
    huff_record: int
    huff_count: int
    extra_flags: int
    ncx: int
    fragments: int
    skeletons: int
    fdst: int
    exth: dict[int, tuple[bytes, ...]]

    def said(self, kind: int) -> str:
        """Return the first text of an EXTH record, or ``""``."""
        return next(iter(self.texts(kind)), "")

    def texts(self, kind: int) -> tuple[str, ...]:
        """Return all texts of an EXTH record."""
        return tuple(value.decode(self.encoding, "replace") for value in self.exth.get(kind, ()))

    def number(self, kind: int) -> int:
        """Return the number of an EXTH record, or 0xFFFFFFFF."""
        values = self.exth.get(kind, ())
        return int.from_bytes(values[0], "big") if values and len(values[0]) <= 4 else NONE


def read_header(database: PalmDatabase, start: int = 0) -> Header:
    """Read the headers of a book that begins at a record."""
    record = database.record(start)
    if len(record) < 16:
        raise damaged("its first record is cut short")
    is_mobi = record[16:20] == b"MOBI"
    length = _number(record, 20) if is_mobi else 0
    end = 16 + length

    def field(offset: int, default: int = NONE) -> int:
        return _number(record, offset) if offset + 4 <= min(end, len(record)) else default

    version = field(36, 0)
    encoding = "utf-8" if field(28, 1252) == _UTF8 else "cp1252"
    name_at, name_length = field(84, 0), field(88, 0)
    return Header(
        start=start,
        compression=_short(record, 0),
        text_length=_number(record, 4),
        text_records=_short(record, 8),
        encryption=_short(record, 12),
        is_mobi=is_mobi,
        encoding=encoding,
        version=version,
        full_name=record[name_at : name_at + min(name_length, 4096)].decode(encoding, "replace") if is_mobi else "",
        locale=field(92, 0),
        first_image=field(108),
        huff_record=field(112, 0),
        huff_count=field(116, 0),
        extra_flags=field(240, 0) & 0xFFFF,
        ncx=field(244),
        fragments=field(248) if version >= 8 else NONE,
        skeletons=field(252) if version >= 8 else NONE,
        fdst=field(192) if version >= 8 else NONE,
        exth=_exth(record, end) if is_mobi and field(128, 0) & 0x40 else {},
    )


def _exth(record: bytes, at: int) -> dict[int, tuple[bytes, ...]]:
    if record[at : at + 4] != b"EXTH" or at + 12 > len(record):
        return {}
    count = _number(record, at + 8)
    at += 12
    found: dict[int, tuple[bytes, ...]] = {}
    for _ in range(min(count, 2000)):
        if at + 8 > len(record):
            break
        kind, size = struct.unpack_from(">II", record, at)
        if size < 8:
            break
        found[kind] = (*found.get(kind, ()), record[at + 8 : at + size])
        at += size
    return found


def _number(record: bytes, offset: int) -> int:
    return int.from_bytes(record[offset : offset + 4], "big")


def _short(record: bytes, offset: int) -> int:
    return int.from_bytes(record[offset : offset + 2], "big")


def damaged(detail: str) -> ReaderError:
    """Return the error for a MOBI file that makes no sense."""
    return ReaderError(Code.IMPORT_DAMAGED, "This Kindle file is damaged and cannot be read.", detail=detail)
