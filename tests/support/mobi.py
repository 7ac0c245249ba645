"""Write small Kindle files for tests."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

NONE = 0xFFFF_FFFF


def palm_database(records: Sequence[bytes], *, kind: bytes = b"BOOKMOBI", name: bytes = b"A_Name") -> bytes:
    """Return a Palm database of these records."""
    head = name.ljust(32, b"\x00") + b"\x00" * 28 + kind + b"\x00" * 8 + struct.pack(">H", len(records))
    at = len(head) + 8 * len(records) + 2
    table = b""
    for number, record in enumerate(records):
        table += struct.pack(">II", at, number)
        at += len(record)
    return head + table + b"\x00\x00" + b"".join(records)


@dataclass
class Mobi:
    """What goes into record 0 and the records after it."""

    text: Sequence[bytes]
    """Text records as they are stored."""
    text_length: int
    compression: int = 1
    encryption: int = 0
    encoding: int = 65001
    version: int = 6
    title: bytes = b"A Title"
    extra_flags: int = 0
    exth: Sequence[tuple[int, bytes]] = ()
    others: Mapping[str, Sequence[bytes]] = field(default_factory=dict)
    """Records behind the text by what points at them: huff, ncx, fragments, skeletons, fdst, images."""

    def records(self) -> list[bytes]:
        """Return all records of the book."""
        places: dict[str, int] = {}
        behind: list[bytes] = []
        for name, records in self.others.items():
            places[name] = 1 + len(self.text) + len(behind)
            behind += records
        return [self._first(places), *self.text, *behind]

    def _first(self, places: Mapping[str, int]) -> bytes:
        exth = b"".join(struct.pack(">II", kind, len(data) + 8) + data for kind, data in self.exth)
        exth = b"EXTH" + struct.pack(">II", len(exth) + 12, len(self.exth)) + exth
        header = bytearray(b"\xff" * 264)
        struct.pack_into(
            ">HHIHHHH", header, 0, self.compression, 0, self.text_length, len(self.text), 4096, self.encryption, 0
        )
        header[16:20] = b"MOBI"
        fields = {
            20: 248, 24: 2, 28: self.encoding, 36: self.version, 84: 264 + len(exth), 88: len(self.title), 92: 12,
            108: places.get("images", NONE), 112: places.get("huff", 0), 116: len(self.others.get("huff", ())),
            128: 0x40, 192: places.get("fdst", NONE), 240: self.extra_flags, 244: places.get("ncx", NONE),
            248: places.get("fragments", NONE), 252: places.get("skeletons", NONE),
        }  # fmt: skip
        for offset, value in fields.items():
            struct.pack_into(">I", header, offset, value)
        return bytes(header) + exth + self.title

    def write(self, path: Path) -> Path:
        """Write the book as a file of its own."""
        path.write_bytes(palm_database(self.records()))
        return path


def number(value: int) -> bytes:
    """Return a number of seven bits a byte, the last byte marked."""
    parts = [value & 0x7F | 0x80]
    while value := value >> 7:
        parts.insert(0, value & 0x7F)
    return bytes(parts)


def index(
    tags: Sequence[tuple[int, int]], entries: Sequence[tuple[bytes, Sequence[Sequence[int]]]], strings: bytes = b""
) -> list[bytes]:
    """Return the records of an index whose entries have all tags (number, values each), once each."""
    tagx = b"".join(bytes((tag, values, 1 << bit, 0)) for bit, (tag, values) in enumerate(tags)) + b"\x00\x00\x00\x01"
    tagx = b"TAGX" + struct.pack(">II", len(tagx) + 12, 1) + tagx
    meta = bytearray(b"INDX" + b"\x00" * 188)
    struct.pack_into(">I", meta, 4, 192)
    struct.pack_into(">I", meta, 24, 1)
    struct.pack_into(">I", meta, 52, 1 if strings else 0)
    data = bytearray(b"INDX" + b"\x00" * 188)
    offsets = b""
    for label, values in entries:
        offsets += struct.pack(">H", len(data))
        data += bytes((len(label),)) + label + bytes(((1 << len(tags)) - 1,))
        data += b"".join(number(value) for group in values for value in group)
    struct.pack_into(">II", data, 20, len(data), len(entries))
    data += b"IDXT" + offsets
    return [bytes(meta) + tagx, bytes(data)] + ([strings] if strings else [])


def strings(*texts: bytes) -> tuple[bytes, list[int]]:
    """Return a record of strings and the offset of each."""
    record, offsets = b"", []
    for text in texts:
        offsets.append(len(record))
        record += number(len(text)) + text
    return record, offsets


def huffman(phrases: Sequence[tuple[bytes, bool]]) -> list[bytes]:
    """Return HUFF and CDIC records: phrases 0 to 254 have codes of 8 bits, those after them of 16 bits."""
    short = [struct.pack(">I", 9)] + [struct.pack(">I", 8 | 0x80 | 255 << 8)] * 255
    long = []
    for bits in range(1, 33):
        low = 0 if bits >= 16 else 1 << max(0, bits - 8)
        long.append(struct.pack(">II", low, 510 if bits == 16 else 0))
    huff = b"HUFF" + struct.pack(">III", 24, 24, 24 + 1024) + b"\x00" * 8 + b"".join(short) + b"".join(long)
    table, body = b"", b""
    for text, is_plain in phrases:
        table += struct.pack(">H", 2 * len(phrases) + len(body))
        body += struct.pack(">H", len(text) | (0x8000 if is_plain else 0)) + text
    return [huff, b"CDIC" + struct.pack(">III", 16, len(phrases), 16) + table + body]


def huffman_codes(*numbers: int) -> bytes:
    """Return the codes of phrases."""
    return b"".join(bytes((255 - each,)) if each < 255 else bytes((0, 510 - each)) for each in numbers)
