"""The indexes of a MOBI file (INDX records): tables of labels with tagged numbers, and the strings beside them."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise

from alexandria_desktop.base.errors import ReaderError
from alexandria_desktop.ingest.mobi_palm import NONE, Header, PalmDatabase, damaged

MAX_ENTRIES = 200_000


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One line of an index."""

    label: bytes
    tags: dict[int, list[int]]

    def value(self, tag: int, position: int = 0) -> int | None:
        """Return one number of a tag, or None."""
        values = self.tags.get(tag, [])
        return values[position] if position < len(values) else None


@dataclass(frozen=True, slots=True)
class _Tag:
    tag: int
    values: int
    mask: int
    ends_byte: bool


def read_index(database: PalmDatabase, header: Header, number: int) -> tuple[list[IndexEntry], dict[int, bytes]]:
    """Return the entries of an index and its strings by their offset; both empty where there is none."""
    if number == NONE:
        return [], {}
    first = header.start + number
    meta = database.record(first)
    if meta[:4] != b"INDX":
        return [], {}
    try:
        header_length, records, strings = _number(meta, 4), _number(meta, 24), _number(meta, 52)
        tags, control_bytes = _tag_table(meta, header_length)
        entries: list[IndexEntry] = []
        for offset in range(1, min(records, len(database)) + 1):
            entries += _entries(database.record(first + offset), tags, control_bytes)
            if len(entries) > MAX_ENTRIES:
                raise damaged("an index without end")
        texts: dict[int, bytes] = {}
        for offset in range(min(strings, len(database))):
            _read_strings(database.record(first + records + 1 + offset), offset * 0x10000, texts)
    except (struct.error, IndexError, ValueError) as error:
        raise damaged(f"an index is cut short: {error}") from error
    return entries, texts


def read_contents(
    database: PalmDatabase, header: Header, warnings: list[str]
) -> tuple[list[IndexEntry], dict[int, bytes]]:
    """Return the index of the book's contents; damaged, it costs the contents and not the book."""
    try:
        return read_index(database, header, header.ncx)
    except ReaderError as error:
        warnings.append(f"The contents cannot be read: {error.detail}.")
        return [], {}


def _tag_table(meta: bytes, at: int) -> tuple[list[_Tag], int]:
    if meta[at : at + 4] != b"TAGX":
        raise damaged("an index without tags")
    end, control_bytes = _number(meta, at + 4), _number(meta, at + 8)
    table = meta[at + 12 : at + end]
    return [_Tag(tag, values, mask, last == 1) for tag, values, mask, last in struct.iter_unpack(">4B", table)], (
        control_bytes
    )


def _entries(record: bytes, tags: list[_Tag], control_bytes: int) -> list[IndexEntry]:
    if record[:4] != b"INDX":
        return []
    table, count = _number(record, 20), _number(record, 24)
    offsets = [offset for (offset,) in struct.iter_unpack(">H", record[table + 4 : table + 4 + 2 * count])]
    entries = []
    for start, stop in pairwise([*offsets, table]):
        label_length = record[start]
        label = record[start + 1 : start + 1 + label_length]
        entries.append(IndexEntry(label, _tags(record[start + 1 + label_length : stop], tags, control_bytes)))
    return entries


def _tags(data: bytes, table: list[_Tag], control_bytes: int) -> dict[int, list[int]]:
    """Read an entry's numbers: control bytes say which tags it has and how often, then come the numbers."""
    wanted: list[tuple[_Tag, int, bool]] = []
    control, at = 0, control_bytes
    for tag in table:
        if tag.ends_byte:
            control += 1
            continue
        value = data[control] & tag.mask if control < len(data) else 0
        if not value:
            continue
        if value == tag.mask and tag.mask.bit_count() > 1:
            size, at = forward_number(data, at)
            wanted.append((tag, size, True))
        elif value == tag.mask:
            wanted.append((tag, 1, False))
        else:
            wanted.append((tag, value >> ((tag.mask & -tag.mask).bit_length() - 1), False))
    found: dict[int, list[int]] = {}
    for tag, amount, is_bytes in wanted:
        values = found.setdefault(tag.tag, [])
        stop = at + amount
        while (at < stop if is_bytes else len(values) < amount * tag.values) and at < len(data):
            number, at = forward_number(data, at)
            values.append(number)
    return found


def forward_number(data: bytes, at: int) -> tuple[int, int]:
    """Read a number of seven bits a byte, its last byte marked; return it and where it ends."""
    number = 0
    while at < len(data):
        byte = data[at]
        at += 1
        number = number << 7 | (byte & 0x7F)
        if byte & 0x80:
            break
    return number, at


def _read_strings(record: bytes, base: int, texts: dict[int, bytes]) -> None:
    at = 0
    while at < len(record):
        start = at
        size, at = forward_number(record, at)
        if not size:
            if not any(record[start : start + 4]):
                return
            continue
        texts[base + start] = record[at : at + size]
        at += size


def _number(record: bytes, offset: int) -> int:
    (value,) = struct.unpack_from(">I", record, offset)
    return int(value)
