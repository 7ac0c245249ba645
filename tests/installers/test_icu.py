"""Data of ICU, cut down: what stays is where it was, and Qt's part still compares words as their language does."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import PySide6
import pytest

from tests.installers.paths import PACKAGING

from steps.icu import cut, cut_down, engine_needs, items, qt_needs  # isort: skip
from steps.places import SetupError  # isort: skip

assert PACKAGING.is_dir()
QT = Path(PySide6.__file__).parent / "Qt"


@pytest.fixture(scope="module")
def data() -> bytes:
    found = next(QT.parent.rglob("icudtl.dat"), None)
    if found is None:
        pytest.skip("Qt keeps the engine's data elsewhere here")
    return found.read_bytes()


def test_what_stays_has_the_same_bytes_and_the_rest_is_gone(data: bytes) -> None:
    before, after = (
        {name.partition(b"/")[2].decode(): item for name, item in items(one)} for one in (data, cut(data, engine_needs))
    )
    assert [name for name in before if engine_needs(name)] == list(after)
    assert all(item.startswith(before[name].rstrip(b"\xaa")) for name, item in after.items())
    assert {"root.res", "en.res", "coll/sv.res", "brkitr/thaidict.dict", "zoneinfo64.res", "big5-html.cnv"} <= set(
        after
    )
    assert {"de.res", "curr/de.res", "zone/zh_Hant.res"}.isdisjoint(after)


def test_other_files_are_taken_as_they_are(tmp_path: Path) -> None:
    other = tmp_path / "libQt6Core.so.6"
    assert cut_down(str(other), tmp_path / "made") == str(other)
    with pytest.raises(SetupError, match="no data of ICU"):
        cut(b"something else", qt_needs)


COMPARE = """
import ctypes, sys
data, folder, version = sys.argv[1:]
for library in (data, f"{folder}/libicuuc.so.{version}", f"{folder}/libicui18n.so.{version}"):
    icu = ctypes.CDLL(library, ctypes.RTLD_GLOBAL)
opened, compare = icu[f"ucol_open_{version}"], icu[f"ucol_strcoll_{version}"]
opened.restype, compare.argtypes = ctypes.c_void_p, [ctypes.c_void_p, *(ctypes.c_char_p, ctypes.c_int) * 2]
for language in (b"sv", b"de"):
    fault = ctypes.c_int(0)
    collator = opened(language, ctypes.byref(fault))
    assert fault.value <= 0, fault
    print(compare(collator, "\u00f6".encode("utf-16-le"), 1, "z".encode("utf-16-le"), 1))
"""


@pytest.mark.skipif(
    not all(shutil.which(tool) for tool in ("objdump", "objcopy", "ld")),
    reason="needs binutils, which building installers fetches",
)
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Qt asks the system")
def test_words_are_compared_as_their_language_does(tmp_path: Path) -> None:
    (library,) = (QT / "lib").glob("libicudata.so.*")
    smaller = Path(cut_down(str(library), tmp_path))
    assert smaller.stat().st_size < library.stat().st_size / 4
    words = [str(smaller), str(library.parent), library.suffix[1:]]
    done = subprocess.run([sys.executable, "-c", COMPARE, *words], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["1", "-1"], done.stderr
