"""What a worker process loads before it reads its first file, and what becomes of it when its library is closed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from alexandria_desktop.library import workers
from alexandria_desktop.library.workers import Worker, WorkerPool
from tests.support.epubs import make_epub


def test_who_reads_files_starts_without_databases_and_windows() -> None:
    code = (
        "import sys, alexandria_desktop.library.prepare;"
        "print([name for name in ('sqlalchemy', 'PySide6', 'httpx', 'pymupdf') if name in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


@pytest.fixture
def spare(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Worker]]:
    found: list[Worker] = []
    monkeypatch.setattr(workers, "_spare", found)
    yield found
    for worker in found:
        worker.stop()


def test_the_next_library_finds_the_workers_of_the_one_before_running(
    spare: list[Worker], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = make_epub(tmp_path / "a.epub", [("One", "<p>Seeds travel far.</p>")], title="A")
    one = WorkerPool(1)
    one.prepare(book, "a" * 64)
    (worker,) = one._all
    one.close()
    assert spare == [worker]
    monkeypatch.chdir(tmp_path)
    book = Path(book.name)  # as a command line names it, in another folder than the worker was started in
    other = WorkerPool(2)
    assert worker in other._all
    assert other.prepare(book, "a" * 64).book.metadata.title == "A"
    assert sum(one.is_running for one in other._all) == 1, "it is the one that is asked first"
    assert one.prepare(book, "a" * 64).index.edition == "a" * 64, "who comes after the end is not left waiting"
    one.close()
    assert worker.is_running, "it is the other's"
    worker.stop()
    other.close()
    assert worker not in spare, "one that was ended is nobody's"
