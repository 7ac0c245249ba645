"""The text of a MOBI book: records without their trailing entries, unpacked by PalmDOC or HUFF/CDIC."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.ingest.mobi_palm import Header, PalmDatabase, damaged

PLAIN, PALMDOC, HUFFMAN = 1, 2, 17480
MAX_TEXT = 128 * 1024 * 1024
_LITERALS = re.compile(rb"[\x00\x09-\x7f]+")


def read_text(database: PalmDatabase, header: Header) -> bytes:
    """Return the whole text; raises ReaderError where it is damaged or packed in an unknown way."""
    unpack = _unpacker(database, header)
    pieces: list[bytes] = []
    total = 0
    for number in range(1, header.text_records + 1):
        record = database.record(header.start + number)
        pieces.append(unpack(without_trailing(record, header.extra_flags)))
        total += len(pieces[-1])
        if total > MAX_TEXT:
            raise ReaderError(Code.IMPORT_TOO_LARGE, "The text of this Kindle file is larger than any book.")
    return b"".join(pieces)


def _unpacker(database: PalmDatabase, header: Header) -> Callable[[bytes], bytes]:
    if header.compression == PLAIN:
        return bytes
    if header.compression == PALMDOC:
        return unpack_palmdoc
    if header.compression == HUFFMAN and header.huff_count > 1:
        first = header.start + header.huff_record
        tables = [database.record(first + number) for number in range(min(header.huff_count, 4096))]
        return Huffman(tables[0], tables[1:]).unpack
    raise ReaderError(
        Code.IMPORT_UNSUPPORTED,
        "The text of this Kindle file is packed in a way that this program does not read.",
        detail=f"compression {header.compression}",
    )


def without_trailing(record: bytes, flags: int) -> bytes:
    """Return a text record without what follows its text.

    Each flag above the first bit stands for an entry that ends in its own size; the first for the bytes of a character
    that was cut.
    """
    end = len(record)
    for bit in range(1, 16):
        if flags >> bit & 1:
            size = 0
            for byte in record[max(0, end - 4) : end]:
                size = (byte & 0x7F) if byte & 0x80 else size << 7 | (byte & 0x7F)
            end = max(0, end - size)
    if flags & 1 and end:
        end = max(0, end - (record[end - 1] & 3) - 1)
    return record[:end]


def unpack_palmdoc(data: bytes) -> bytes:
    """Undo PalmDOC's compression: literals, short copies, back references and a space before a letter."""
    out = bytearray()
    position, size = 0, len(data)
    while position < size:
        literals = _LITERALS.match(data, position)
        if literals:
            out += literals.group()
            position = literals.end()
            continue
        byte = data[position]
        position += 1
        if byte <= 8:
            out += data[position : position + byte]
            position += byte
        elif byte >= 0xC0:
            out += bytes((0x20, byte ^ 0x80))
        elif position < size:
            pair = (byte << 8 | data[position]) & 0x3FFF
            position += 1
            _copy_back(out, pair >> 3, (pair & 7) + 3)
    return bytes(out)


def _copy_back(out: bytearray, distance: int, length: int) -> None:
    start = len(out) - distance
    if distance == 0 or start < 0:
        raise damaged("a reference before the beginning of the text")
    if distance >= length:
        out += out[start : start + length]
    else:  # the copy reads what it has just written
        chunk = bytes(out[start:])
        out += (chunk * (length // distance + 1))[:length]


class Huffman:
    """HUFF/CDIC: codes of up to 32 bits stand for phrases, which may be packed themselves."""

    def __init__(self, huff: bytes, cdics: list[bytes]) -> None:
        if huff[:4] != b"HUFF" or len(huff) < 24:
            raise damaged("no HUFF table")
        try:
            short_at, long_at = struct.unpack_from(">II", huff, 8)
            self._short = [self._entry(value) for value in struct.unpack_from(">256I", huff, short_at)]
            limits = struct.unpack_from(">64I", huff, long_at)
        except struct.error as error:
            raise damaged("the HUFF table is cut short") from error
        self._lowest = [0, *(limits[2 * bits] << (31 - bits) for bits in range(32))]
        self._highest = [0, *(((limits[2 * bits + 1] + 1) << (31 - bits)) - 1 for bits in range(32))]
        self._phrases: list[tuple[bytes, bool] | None] = []
        for cdic in cdics:
            self._load(cdic)

    @staticmethod
    def _entry(value: int) -> tuple[int, bool, int]:
        length = value & 0x1F
        return length, bool(value & 0x80), (((value >> 8) + 1) << (32 - length)) - 1

    def _load(self, cdic: bytes) -> None:
        if cdic[:4] != b"CDIC" or len(cdic) < 16:
            raise damaged("no CDIC table")
        total, bits = struct.unpack_from(">II", cdic, 8)
        count = min(1 << min(bits, 20), max(0, total - len(self._phrases)))
        try:
            for (offset,) in struct.iter_unpack(">H", cdic[16 : 16 + 2 * count]):
                (size,) = struct.unpack_from(">H", cdic, 16 + offset)
                start = 18 + offset
                self._phrases.append((cdic[start : start + (size & 0x7FFF)], bool(size & 0x8000)))
        except struct.error as error:
            raise damaged("the CDIC table is cut short") from error

    def unpack(self, data: bytes, depth: int = 0) -> bytes:
        """Return the text of one record."""
        if depth > 32:
            raise damaged("phrases nest too deep")
        out = bytearray()
        position, end = 0, 8 * len(data)
        data += b"\x00" * 8
        while position < end:
            byte = position >> 3
            code = int.from_bytes(data[byte : byte + 5], "big") >> (8 - (position & 7)) & 0xFFFF_FFFF
            length, is_whole, highest = self._short[code >> 24]
            if not is_whole:
                while length <= 32 and code < self._lowest[length]:
                    length += 1
                if length > 32:
                    raise damaged("a code that stands for nothing")
                highest = self._highest[length]
            if length == 0:
                raise damaged("a code without length")
            position += length
            if position > end:
                break
            out += self._phrase((highest - code) >> (32 - length), depth)
            if len(out) > MAX_TEXT:
                raise damaged("a record without end")
        return bytes(out)

    def _phrase(self, number: int, depth: int) -> bytes:
        if not 0 <= number < len(self._phrases):
            raise damaged("a phrase that is not there")
        known = self._phrases[number]
        if known is None:
            raise damaged("a phrase inside itself")
        phrase, is_plain = known
        if not is_plain:
            self._phrases[number] = None
            phrase = self.unpack(phrase, depth + 1)
            self._phrases[number] = (phrase, True)
        return phrase
