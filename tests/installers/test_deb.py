"""The package on a bare Debian: installed, read with, upgraded and removed, each as its user would see it.

Needs root, debootstrap, Xvfb and Debian's packages; some ten minutes, so it is in the nightly profile.
``ALEXANDRIA_DEB`` and ``ALEXANDRIA_PREVIOUS_DEB`` name packages that are there already, ``ALEXANDRIA_BARE_DEBIAN`` a
bare Debian, and ``ALEXANDRIA_PICTURES`` a folder for what was on the screen.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from tests.installers.bare_debian import READER, BareDebian, make_bare
from tests.installers.screen import SIZE, Screen, screen
from tests.support.epubs import make_epub, prose

pytestmark = [
    pytest.mark.nightly,
    pytest.mark.skipif(
        not hasattr(os, "geteuid")
        or os.geteuid() != 0
        or any(shutil.which(name) is None for name in ("debootstrap", "dpkg-deb", "unshare", "Xvfb")),
        reason="needs root, debootstrap, dpkg and Xvfb",
    ),
]

ROOT = Path(__file__).resolve().parents[2]
BOOKS = 1_000
LIBRARY = ".local/share/Alexandria"


@pytest.fixture(scope="module")
def packages() -> tuple[Path, Path]:
    """The package that was installed before, and the one that takes its place."""
    named = [os.environ.get(name) for name in ("ALEXANDRIA_PREVIOUS_DEB", "ALEXANDRIA_DEB")]
    if all(named):
        return Path(str(named[0])), Path(str(named[1]))
    for number, revision in enumerate(("0", "1")):
        build = ["python3", "packaging/bootstrap.py", "installer", "--fast", "--revision", revision]
        subprocess.run([*build, *(["--keep-bundle"] if number else [])], cwd=ROOT, check=True)
    previous, present = (next((ROOT / "dist").glob(f"*-{revision}_*.deb")) for revision in ("0", "1"))
    return previous, present


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> BareDebian:
    template = os.environ.get("ALEXANDRIA_BARE_DEBIAN")
    return make_bare(tmp_path_factory.mktemp("debian") / "root", Path(template) if template else None)


@pytest.fixture(scope="module")
def before(machine: BareDebian, packages: tuple[Path, Path]) -> BareDebian:
    """The machine with the previous package on it."""
    install(machine, packages[0])
    return machine


@pytest.fixture(scope="module")
def library(before: BareDebian) -> Path:
    """A library of a thousand books, made by the previous program."""
    books = before.home / "books"
    books.mkdir()
    for number in range(BOOKS):
        chapters = [
            (f"Chapter {part}", "".join(f"<p>{prose(number * 10 + part + one * 7, 8)}</p>" for one in range(4)))
            for part in range(2)
        ]
        make_epub(
            books / f"book-{number:04}.epub", chapters, title=f"Book {number:04}", identifier=f"urn:made:{number}"
        )
    before.run(f"chown -R {READER} /home/{READER}/books")
    before.run("alexandria import ~/books", user=READER, timeout=900)
    before.run('alexandria note add "Book 0007" --quote "of 70 3" --text "Kept for years"', user=READER)
    return before.home / LIBRARY


@pytest.fixture(scope="module")
def after(library: Path, before: BareDebian, packages: tuple[Path, Path]) -> BareDebian:
    """The machine after the upgrade."""
    install(before, packages[1])
    return before


def install(machine: BareDebian, package: Path) -> None:
    shutil.copy(package, machine.root / "root" / package.name)
    machine.run("apt-get update", timeout=300)
    begun = time.monotonic()
    machine.run(
        f"DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends /root/{package.name}", timeout=900
    )
    (machine.root / "root" / package.name).unlink()
    size = machine.run("du -sm /usr/lib/alexandria-desktop").split()[0]
    print(f"{package.name}: installed in {time.monotonic() - begun:.0f} s, {size} MB unpacked")


def listed(machine: BareDebian) -> list[dict[str, object]]:
    return [json.loads(line) for line in machine.run("alexandria --json list", user=READER).splitlines()]


@contextmanager
def reading(machine: BareDebian, shown: Screen, line: str) -> Iterator[subprocess.Popen[bytes]]:
    """Have the window open on a screen as the reader."""
    running = machine.start(f"DISPLAY={shown.display} {line}", user=READER)
    try:
        yield running
    finally:
        running.send_signal(signal.SIGKILL)
        running.wait(20)


def until(condition: Callable[[], object], *, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.1)


def has_a_page(shown: Screen) -> bool:
    """Tell whether lines of letters fill the left half of the screen, whatever light the hour has chosen."""
    width, height = SIZE
    part = shown.pixels()[height // 4 : height * 3 // 4, width // 20 : width * 9 // 20].mean(axis=2)
    ink = np.abs(part - np.median(part)) > 90
    lines = np.flatnonzero(np.diff(ink.any(axis=1).astype(int)) == 1)
    return bool(0.01 < ink.mean() < 0.3 and len(lines) >= 6)


def first_page(library: Path) -> float | None:
    """Return what the log says of the time to the last first page, in milliseconds."""
    log = library / "logs/alexandria.log"
    found = re.findall(r"first page was shown (\d+) ms", log.read_text(encoding="utf-8")) if log.exists() else []
    return float(found[-1]) if found else None


def everything(folder: Path) -> dict[str, str]:
    """Return each file under a folder with its hash, but for the log."""
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and "logs" not in file.parts
    }


def test_from_a_bare_debian_to_a_page_on_the_screen(before: BareDebian, library: Path, tmp_path: Path) -> None:
    with screen(tmp_path) as shown:
        assert not has_a_page(shown)
        begun = time.monotonic()
        with reading(before, shown, 'alexandria open "Book 0007"'):
            until(lambda: has_a_page(shown))
            print(f"a page on the screen after {time.monotonic() - begun:.1f} s")
            if folder := os.environ.get("ALEXANDRIA_PICTURES"):
                shown.save(Path(folder) / "first-page.png")
    assert library.exists()


def test_the_pages_are_drawn_inside_the_sandbox(before: BareDebian, library: Path, tmp_path: Path) -> None:
    """What draws pages has a user namespace of its own, two process namespaces, and a filter on what it may ask."""
    assert library.exists()
    with screen(tmp_path) as shown, reading(before, shown, 'alexandria open "Book 0001"'):
        until(lambda: has_a_page(shown))
        engine = [one for one in Path("/proc").glob("[0-9]*") if "QtWebEngineProcess" in read(one / "cmdline")]
        filtered = [one for one in engine if "Seccomp:\t2" in read(one / "status")]
        assert filtered
        depth = len(read(Path("/proc/self/status")).split("NSpid:")[1].splitlines()[0].split())
        for one in filtered:
            assert (one / "ns/user").readlink() != Path("/proc/self/ns/user").readlink()
            assert len(read(one / "status").split("NSpid:")[1].splitlines()[0].split()) >= depth + 3


def read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:  # the process has ended meanwhile
        return ""


def test_the_desktop_knows_the_program(before: BareDebian) -> None:
    entry = before.root / "usr/share/applications/org.alexandria_desktop.Alexandria.desktop"
    assert "Exec=alexandria open %f" in entry.read_text(encoding="utf-8")
    for place in ("icons/hicolor/48x48/apps", "icons/hicolor/scalable/apps"):
        assert list((before.root / "usr/share" / place).glob("org.alexandria_desktop.Alexandria.*"))
    if (before.root / "usr/bin/update-mime-database").exists():
        types = (before.root / "usr/share/mime/globs2").read_text(encoding="utf-8")
        assert "application/vnd.alexandria.course+zip:*.alexcourse" in types


def test_an_upgrade_keeps_a_library_of_a_thousand_books(after: BareDebian, library: Path, tmp_path: Path) -> None:
    books = listed(after)
    assert len([one for one in books if str(one["title"]).startswith("Book ")]) == BOOKS
    notes = after.run("alexandria --json note list", user=READER)
    assert "Kept for years" in notes
    assert "of 70 3" in notes
    with screen(tmp_path) as shown, reading(after, shown, 'alexandria open "Book 0999"'):
        until(lambda: has_a_page(shown))
        until(lambda: first_page(library) is not None)
    print(f"first page after the upgrade, by the log: {first_page(library)} ms")
    checks = [json.loads(line) for line in after.run("alexandria --json doctor || true", user=READER).splitlines()]
    wrong = [one for one in checks if one.get("check") in {"library", "index", "references", "files"} and not one["ok"]]
    assert not wrong


def test_removal_leaves_the_library_alone_and_nothing_else(after: BareDebian, library: Path) -> None:
    was = everything(library)
    assert any(name.endswith(".epub") for name in was)
    after.run("DEBIAN_FRONTEND=noninteractive apt-get remove -y alexandria-desktop")
    assert everything(library) == was
    assert not (after.root / "usr/lib/alexandria-desktop").exists()
    left = after.run("find / -xdev -iname '*alexandria*' -not -path '/home/*' -not -path '/proc/*'").split()
    assert [one for one in left if not one.startswith("/var/lib/dpkg/")] == []
