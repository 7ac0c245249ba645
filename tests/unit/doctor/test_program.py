"""What the program stands on: each way in which it was found missing."""

from __future__ import annotations

import platform
import sqlite3
import sys
from pathlib import Path

import pytest

from alexandria_desktop.doctor import program, surroundings
from alexandria_desktop.doctor.elf import needed
from alexandria_desktop.doctor.finding import Severity, Trouble
from alexandria_desktop.doctor.program import Program
from alexandria_desktop.store.driver import Driver, choose_driver

HERE = Program("1.2.0", "/opt/alexandria", "2026-03-10")


def test_a_python_whose_sqlite_loads_no_extensions() -> None:
    found = program.driver(Driver(sqlite3, "sqlite3", False, sqlite3.sqlite_version_info))
    assert (found.code, found.severity) == (Trouble.DRIVER_EXTENSIONS, Severity.NOTE)
    assert "slower" in found.sentence
    assert "sqlite3" in found.sentence
    assert program.driver(choose_driver()).check == "driver"


def _qt(tmp_path: Path, *, lacks: bytes, instead: bytes) -> Path:
    """Return a folder as PySide6 has it, whose plugin for X11 asks for a library under another name."""
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux has its Qt ask the system for libraries")
    real = surroundings.qt_folder()
    assert real is not None
    folder = tmp_path / "PySide6"
    (folder / "Qt" / "plugins" / "platforms").mkdir(parents=True)
    (folder / "Qt" / "lib").mkdir()
    (folder / "Qt" / "libexec").mkdir()
    plugin = (real / "Qt/plugins/platforms/libqxcb.so").read_bytes()
    process = (real / "Qt/libexec/QtWebEngineProcess").read_bytes()
    for name in {*needed(real / "Qt/plugins/platforms/libqxcb.so"), *needed(real / "Qt/libexec/QtWebEngineProcess")}:
        if (real / "Qt/lib" / name).exists():
            (folder / "Qt/lib" / name).touch()
    assert lacks in plugin + process
    (folder / "Qt/plugins/platforms/libqxcb.so").write_bytes(plugin.replace(lacks, instead))
    (folder / "Qt/libexec/QtWebEngineProcess").write_bytes(process.replace(lacks, instead))
    return folder


def test_what_a_file_asks_for_is_read_from_it() -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux has such files")
    real = surroundings.qt_folder()
    assert real is not None
    assert "libQt6Core.so.6" in needed(real / "Qt/lib/libQt6WebEngineCore.so.6")
    assert "libnss3.so" in needed(real / "Qt/lib/libQt6WebEngineCore.so.6")
    assert needed(Path(__file__)) == []
    assert needed(Path("/nowhere")) == []


def test_a_damaged_file_asks_for_nothing(tmp_path: Path) -> None:
    whole = Path("/bin/sh").resolve().read_bytes() if sys.platform.startswith("linux") else b""
    for cut in (b"", whole[:10], whole[:64], whole[:200], b"\x7fELF\x02\x01" + b"\xff" * 300):
        file = tmp_path / "cut"
        file.write_bytes(cut)
        assert needed(file) == []


def test_a_library_that_a_window_lacks_is_named_with_its_packages(tmp_path: Path) -> None:
    folder = _qt(tmp_path, lacks=b"libxcb.so.1\0", instead=b"libxcb.so.9\0")
    found = program.qt_libraries(folder, lambda name: name != "libxcb.so.9")
    assert (found.code, found.severity) == (Trouble.QT_WINDOW_LIBRARY, Severity.WARNING)
    assert "libxcb.so.9" in found.sentence
    lacking = program.qt_libraries(folder, lambda name: name not in ("libxcb.so.9", "libX11-xcb.so.1"))
    assert "libX11-xcb.so.1" in lacking.sentence or "libxcb.so.9" in lacking.sentence


def test_a_library_that_pages_lack_is_a_fault_and_tells_how_to_get_it() -> None:
    real = surroundings.qt_folder()
    if not sys.platform.startswith("linux") or real is None:
        pytest.skip("only Linux has its Qt ask the system for libraries")
    found = program.qt_libraries(real, lambda name: name != "libEGL.so.1")
    assert (found.code, found.severity) == (Trouble.QT_LIBRARY, Severity.FAULT)
    assert found.sentence == "Qt cannot start, because this system lacks libEGL.so.1."
    assert found.remedy == "Debian, Ubuntu: sudo apt install libegl1. Fedora: sudo dnf install libglvnd-egl."


def test_a_real_library_that_nobody_has_is_found_missing(tmp_path: Path) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux has such files")
    assert program.loads_here("libc.so.6")
    assert not program.loads_here("libnobodyhas.so.1")


def test_no_qt_at_all(tmp_path: Path) -> None:
    assert program.qt_libraries(None).code == Trouble.QT_MISSING
    assert program.qt_libraries(tmp_path / "gone").code == Trouble.QT_MISSING


def test_an_older_and_another_c_library() -> None:
    assert program.c_library("glibc", "2.31", "2.34").code == Trouble.GLIBC_OLD
    assert program.c_library("", "", "2.34").code == Trouble.GLIBC_OTHER
    assert program.c_library("glibc", "2.34", "2.34").severity is Severity.OK
    if sys.platform.startswith("linux"):
        assert program.c_library(*platform.libc_ver(), surroundings.glibc_wanted()).severity is Severity.OK


def test_missing_models() -> None:
    assert program.models(by_meaning=False, ranking=True).code == Trouble.MODELS_MISSING
    assert program.models(by_meaning=True, ranking=False).code == Trouble.MODELS_MISSING
    assert program.models(by_meaning=True, ranking=True).severity is Severity.OK


def test_two_installations_over_one_library() -> None:
    other = Program("1.2.0", "/home/ann/venv", "2026-03-02")
    assert program.installations([other, HERE], HERE).code == Trouble.PROGRAM_SEVERAL
    long_ago = Program("1.2.0", "/home/ann/venv", "2025-11-02")
    assert program.installations([long_ago, HERE], HERE).severity is Severity.OK
    assert program.installations([], HERE).severity is Severity.OK


def test_a_later_program_used_the_library() -> None:
    later = Program("1.10.0", "/home/ann/venv", "2025-11-02")
    found = program.installations([later, HERE], HERE)
    assert (found.code, found.severity) == (Trouble.PROGRAM_OLDER, Severity.WARNING)
    assert "1.10.0" in found.sentence
