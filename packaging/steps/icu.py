"""What ICU knows of the world, cut down to what Qt and the page engine ask it for.

Both bring data of ICU: Qt on Linux as a library of 32 MB, the engine as a file of 10 MB. Most of it is names of
countries, currencies, time zones and units in hundreds of languages, for programs that let ICU write dates and prices.
Ours lets nothing do so: Qt has such names of its own, and the scripts of books do not run. What decides how text is
broken, compared and decoded stays whole.
"""

from __future__ import annotations

import re
import struct
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from steps.places import SetupError

_MAGIC = b"\xda\x27"
_ALIGNED = 16
Keeps = Callable[[str], bool]
"""Says whether an item stays, by its path below the data's own name: ``coll/sv.res``."""

_OF_A_LANGUAGE = re.compile(r"(?!en[._])[a-z]{2,3}(_\w+)?\.res")
_NAMES = {"curr", "lang", "rbnf", "region", "unit", "zone"}


def engine_needs(item: str) -> bool:
    """Tell whether the page engine may ask for an item: all but the names in other languages than English."""
    folder, _, name = item.rpartition("/")
    return not ((folder == "" or folder in _NAMES) and _OF_A_LANGUAGE.fullmatch(name))


def qt_needs(item: str) -> bool:
    """Tell whether Qt may: it breaks lines and decodes by itself, and asks ICU to compare words and for time zones."""
    folder, _, name = item.rpartition("/")
    if folder in {"brkitr", "translit"} or name.endswith((".cnv", ".cfu", ".spp")) or name == "unames.icu":
        return False
    return engine_needs(item)


def cut_down(file: str, folder: Path) -> str:
    """Return a smaller copy of a file in a folder, or the file itself where it holds no data of ICU."""
    found = Path(file)
    target = folder / found.name
    if found.name == "icudtl.dat":
        folder.mkdir(parents=True, exist_ok=True)
        target.write_bytes(cut(found.read_bytes(), engine_needs))
    elif re.fullmatch(r"libicudata\.so\.\d+", found.name):
        folder.mkdir(parents=True, exist_ok=True)
        _cut_library(found, target)
    else:
        return file
    return str(target)


def _cut_library(library: Path, target: Path) -> None:
    """Make a library of data anew, with fewer of it: its one symbol is where the data begin."""
    told = subprocess.run(["objdump", "-f", str(library)], capture_output=True, text=True, check=True).stdout
    kind = told.partition("file format ")[2].split()[0]
    symbol = f"icudt{library.name.rpartition('.')[2]}_dat"
    with TemporaryDirectory() as name:
        folder = Path(name)
        _run(folder, "objcopy", "-O", "binary", "-j", ".rodata", str(library), "data")
        (folder / "data").write_bytes(cut((folder / "data").read_bytes(), qt_needs))
        _run(
            folder,
            *("objcopy", "-I", "binary", "-O", kind, "--set-section-alignment", f".data={_ALIGNED}"),
            *("--rename-section", ".data=.rodata,alloc,load,readonly,data,contents"),
            *("--add-symbol", f"{symbol}=.rodata:0,global,object", "data", "data.o"),
        )
        _run(
            folder,
            *("ld", "-shared", "-soname", library.name, "--build-id=none", "-z", "noexecstack", "--strip-all"),
            *("-o", str(target), "data.o"),
        )
    target.chmod(0o755)


def cut(data: bytes, keeps: Keeps) -> bytes:
    """Return ICU data (its "common data" form) with only the items that ``keeps`` says; raises SetupError."""
    kept = [(name, item) for name, item in items(data) if keeps(name.partition(b"/")[2].decode())]
    names = b"".join(name + b"\0" for name, _ in kept)
    offset = 4 + 8 * len(kept)
    place = _rounded(offset + len(names))
    table, body = [struct.pack("<I", len(kept))], [names.ljust(place - offset, b"\xaa")]
    for name, item in kept:
        table.append(struct.pack("<II", offset, place))
        offset += len(name) + 1
        padded = item.ljust(_rounded(len(item)), b"\xaa")
        body.append(padded)
        place += len(padded)
    (head,) = struct.unpack_from("<H", data)
    return b"".join([data[:head], *table, *body])


def items(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield name and content of each item of ICU data; raises SetupError where it is none.

    Behind the head lies a table: how many there are, then two offsets from the table for each, to its name and content.
    """
    if len(data) < 4 or data[2:4] != _MAGIC:
        raise SetupError("This is no data of ICU.")
    (start,) = struct.unpack_from("<H", data)
    (count,) = struct.unpack_from("<I", data, start)
    entries = [struct.unpack_from("<II", data, start + 4 + 8 * one) for one in range(count)]
    ends = [*(place for _, place in entries[1:]), len(data) - start]
    for (named, place), end in zip(entries, ends, strict=True):
        name = data[start + named : data.index(b"\0", start + named)]
        yield name, data[start + place : start + end]


def _rounded(size: int) -> int:
    return -(-size // _ALIGNED) * _ALIGNED


def _run(folder: Path, *command: str) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SetupError(f"This went wrong: {' '.join(command)}\n{done.stderr[-2000:]}")
