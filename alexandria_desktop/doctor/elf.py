"""Which libraries a file of Linux asks for, read from the file itself: nothing of it is loaded or run.

The layout is the ELF format of the System V ABI, for 64 bits and little-endian, which all of Qt's builds for Linux are.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

_LOAD, _DYNAMIC = 1, 2
_END, _NEEDED, _STRINGS, _STRINGS_SIZE = 0, 1, 5, 10
_MOST = 4 * 1024 * 1024


def needed(file: Path) -> list[str]:
    """Return the names of the libraries that a file asks for; none for what is no such file."""
    try:
        with file.open("rb") as stream:
            return _needed(stream)
    except (OSError, struct.error, ValueError, UnicodeDecodeError):
        return []


def missing(files: list[Path], own: Path, loads: Callable[[str], bool]) -> list[str]:
    """Return what files ask for and nobody has: neither the folder of their ``own``, nor what ``loads``."""
    seen: set[str] = set()
    absent: list[str] = []
    waiting = list(files)
    while waiting:
        for name in needed(waiting.pop()):
            if name in seen:
                continue
            seen.add(name)
            beside = own / name
            if beside.exists():
                waiting.append(beside)
            elif not loads(name):
                absent.append(name)
    return sorted(absent)


def _needed(stream: BinaryIO) -> list[str]:
    head = stream.read(64)
    if head[:6] != b"\x7fELF\x02\x01":
        return []
    table_at, entry_size, entries = struct.unpack_from("<Q", head, 32)[0], *struct.unpack_from("<HH", head, 54)
    stream.seek(table_at)
    table = stream.read(min(entry_size * entries, _MOST))
    loaded, dynamic = [], None
    for number in range(entries):
        kind, _flags, at, address, _physical, size = struct.unpack_from("<IIQQQQ", table, number * entry_size)
        if kind == _LOAD:
            loaded.append((address, at, size))
        elif kind == _DYNAMIC:
            dynamic = (at, size)
    if dynamic is None:
        return []
    stream.seek(dynamic[0])
    words = list(struct.iter_unpack("<qQ", stream.read(min(dynamic[1], _MOST) // 16 * 16)))
    facts = {tag: value for tag, value in words if tag in (_STRINGS, _STRINGS_SIZE)}
    at = next(
        at + facts[_STRINGS] - address for address, at, size in loaded if address <= facts[_STRINGS] < address + size
    )
    stream.seek(at)
    strings = stream.read(min(facts[_STRINGS_SIZE], _MOST))
    offsets = [value for tag, value in words if tag == _NEEDED]
    return [strings[offset : strings.index(b"\0", offset)].decode() for offset in offsets]
