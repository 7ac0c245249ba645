"""The doctor as a command: over libraries that do not open, without Qt, and what may be pasted into a report."""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from alexandria_desktop import cli
from alexandria_desktop.base.log import configure_logging
from alexandria_desktop.base.paths import LibraryPaths
from alexandria_desktop.doctor.finding import Trouble
from alexandria_desktop.library.library import Library
from alexandria_desktop.store import connections
from alexandria_desktop.store.driver import choose_driver
from tests.support.disks import freeze
from tests.support.epubs import novel

Found = dict[str, dict[str, object]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    with Library.open(folder) as library:
        library.import_paths([novel(tmp_path / "one.epub", chapters=1)])
    return folder


@pytest.fixture
def doctor(capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    def run(root: Path, *words: str) -> tuple[int, Found]:
        capsys.readouterr()
        try:
            status = cli.run(["--library", str(root), "--json", "doctor", *words])
        finally:
            configure_logging(None)
        found: Found = {}
        for line in capsys.readouterr().out.splitlines():
            one = json.loads(line)
            found.setdefault(str(one["check"]), one)
        return status, found

    return run


def test_every_finding_says_what_and_what_to_do(doctor, root: Path) -> None:  # type: ignore[no-untyped-def]
    status, found = doctor(root)
    assert set(found["driver"]) == {"check", "ok", "severity", "code", "message", "remedy"}
    worst = {one["severity"] for one in found.values()}
    assert status == (1 if "fault" in worst else 3 if "warning" in worst else 0)
    assert {"driver", "qt", "disk", "space", "clock", "library", "full text", "files"} <= set(found)
    assert all(found[name]["ok"] for name in ("library", "index", "files", "full text"))
    known = {one.value for one in Trouble}
    assert all(one["code"] in known for one in found.values() if one["code"])


def test_where_there_is_no_library_none_is_made(doctor, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    _, found = doctor(tmp_path / "not yet")
    assert found["library"]["message"] == "There is no library here yet; it is made when the first book comes."
    assert not (tmp_path / "not yet").exists()


@pytest.mark.parametrize("how", ["newer", "damaged", "gone"])
def test_a_library_that_cannot_be_opened_is_told_of(doctor, root: Path, how: str) -> None:  # type: ignore[no-untyped-def]
    paths = LibraryPaths(root)
    if how == "newer":
        raw = connections.connect(choose_driver(), paths.library_db)
        raw.execute("PRAGMA user_version = 99")
        raw.close()
    elif how == "damaged":
        paths.library_db.write_bytes(b"ruined" * 1000)
    else:
        shutil.copyfile(paths.library_db, paths.backups / "library-20260101-120000.db")
        paths.library_db.unlink()
    status, found = doctor(root)
    assert status == 1
    assert found["library"]["code"] == ("store.newer" if how == "newer" else "store.damaged")
    assert found["driver"]["ok"], "the surroundings were looked at all the same"


def test_a_library_on_a_disk_that_may_only_be_read(doctor, root: Path, small_disk: Path) -> None:  # type: ignore[no-untyped-def]
    there = small_disk / "library"
    there.mkdir()
    for name in ("library.db", "index.db"):
        shutil.copyfile(root / name, there / name)
    freeze(small_disk)
    status, found = doctor(there)
    assert status == 1
    assert Trouble.DISK_READ_ONLY in {one["code"] for one in found.values()}
    assert "read" in str(found["library"]["message"])


def test_a_quick_look_opens_nothing_and_is_quick(doctor, root: Path) -> None:  # type: ignore[no-untyped-def]
    doctor(root, "--quick")
    before = {file: file.stat().st_mtime_ns for file in root.glob("*.db")}
    began = time.perf_counter()
    _, found = doctor(root, "--quick")
    assert time.perf_counter() - began < 2
    assert "library" not in found
    assert {file: file.stat().st_mtime_ns for file in root.glob("*.db")} == before


def test_it_works_where_qt_does_not(root: Path) -> None:
    """A Qt whose libraries are missing cannot be imported; the doctor must not try."""
    script = (
        "import sys\n"
        "class NoQt:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.startswith('PySide6.'): raise ImportError('libEGL.so.1: cannot open shared object file')\n"
        "sys.meta_path.insert(0, NoQt())\n"
        "from alexandria_desktop.cli import run\n"
        f"status = run(['--library', {str(root)!r}, 'doctor'])\n"
        "assert 'PySide6' not in sys.modules\n"
        "print('status', status)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert "status" in done.stdout, done.stderr
    assert "full text" in done.stdout


@pytest.fixture
def without_egl() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the program where a library of the system that Qt needs is really not there, for this run alone."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("only root on Linux can take a library away from a single process")
    probe = "import ctypes; ctypes.CDLL('libEGL.so.1'); print(open('/proc/self/maps').read())"
    maps = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=False).stdout
    places = {line.split()[-1] for line in maps.splitlines() if "libEGL.so" in line}
    if len(places) != 1:
        pytest.skip("libEGL is not on this system")

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        hide = f'mount --bind /dev/null {places.pop()} && exec "$@"'
        command = ["unshare", "-m", "sh", "-c", hide, "sh", sys.executable, "-m", "alexandria_desktop", *words]
        surroundings = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=surroundings)
        if "unshare" in done.stderr or "mount:" in done.stderr:
            pytest.skip("nothing may be hidden here")
        return done

    return run


def test_a_library_that_qt_lacks_is_named_with_its_package(without_egl, root: Path) -> None:  # type: ignore[no-untyped-def]
    said = without_egl("--library", str(root), "doctor", "--quick")
    assert said.returncode == 1
    assert "Qt cannot start, because this system lacks libEGL.so.1. [qt.library-missing]" in said.stdout
    assert "sudo apt install libegl1" in said.stdout


def test_a_qt_that_does_not_load_leads_to_the_doctor(without_egl, root: Path) -> None:  # type: ignore[no-untyped-def]
    done = without_egl("--library", str(root))
    assert done.returncode == 1
    assert "`alexandria doctor` names what is missing" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_report_names_nobody_and_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home" / "annabella"
    root = home / "My private books"
    monkeypatch.setenv("HOME", str(home))
    for name in ("USER", "LOGNAME"):
        monkeypatch.setenv(name, "annabella")
    with Library.open(root) as library:
        book = library.import_paths([novel(tmp_path / "one.epub", chapters=1)])[0].book_id
        assert book is not None
    configure_logging(LibraryPaths(root).logs, to_stderr=False)
    log = logging.getLogger("alexandria_desktop.test")
    log.info("import.damaged: The book “The made-up novel” of annabella@example.org in %s", root)
    log.info("sync.refused: https://books.example.org/v1/push alx_%s", "t" * 43)
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", f"GNOME:{home}")
    try:
        assert cli.run(["--library", str(root), "doctor", "--report"]) in (0, 1, 3)
    finally:
        configure_logging(None)
    said = capsys.readouterr().out
    assert "1 books, 0 notes" in said
    assert "import.damaged ×1, sync.refused ×1" in said
    for secret in ("annabella", "private", "made-up", "example.org", "alx_", str(tmp_path), os.uname().nodename):
        assert secret not in said, secret
