"""The process is killed at a random moment: no note that was acknowledged is lost, and the library opens."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID

import pytest

from alexandria_desktop.library.library import Library
from tests.support.epubs import novel

WRITER = """
import sys
from pathlib import Path
from uuid import UUID
from alexandria_desktop.library.library import Library
if __name__ == "__main__":
    library = Library.open(Path(sys.argv[1]))
    book = UUID(sys.argv[2])
    place = library.finding.search("river", limit=1)[0].locator
    print("ready", flush=True)
    number = 0
    while True:
        note = library.notes.add(book, place, text=f"note {number}")
        library.reading.save_position(book, place)
        if number % 3 == 0:
            library.notes.edit(note.id, text=f"note {number} edited")
        print(f"{note.id} {number}", flush=True)
        number += 1
"""


def rounds() -> list[object]:
    return [pytest.param(number, marks=[pytest.mark.nightly] if number >= 10 else []) for number in range(100)]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, UUID]:
    folder = tmp_path_factory.mktemp("plug")
    with Library.open(folder / "library") as library:
        outcome = library.import_paths([novel(folder / "novel.epub", chapters=2)])[0]
        assert outcome.book_id is not None
        return folder / "library", outcome.book_id


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is not there")
@pytest.mark.parametrize("number", rounds())
def test_no_acknowledged_note_is_lost(number: int, shelf: tuple[Path, UUID], tmp_path: Path) -> None:
    root, book = shelf
    script = tmp_path / "writer.py"
    script.write_text(WRITER)
    output = tmp_path / "acknowledged"
    with output.open("wb") as out:
        process = subprocess.Popen([sys.executable, str(script), str(root), str(book)], stdout=out)
    deadline = time.monotonic() + 30
    while b"ready" not in output.read_bytes():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)
    time.sleep(random.Random(number).uniform(0.01, 0.4))
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    lines = output.read_text().split("\n")[1:-1]  # the last line may be cut
    with Library.open(root, check=True) as library:
        kept = {str(note.id): note.text for note in library.notes.of_book(book)}
        assert library.reading.position(book) is not None
    for line in lines:
        note_id, written = line.split()
        assert kept[note_id].startswith(f"note {written}")
        if int(written) % 3 == 0:
            assert kept[note_id] == f"note {written} edited"


def test_losing_the_index_loses_nothing(tmp_path: Path) -> None:
    root = tmp_path / "library"
    with Library.open(root) as library:
        outcome = library.import_paths([novel(tmp_path / "novel.epub")])[0]
        assert outcome.book_id is not None
        before = [hit.snippet.text for hit in library.finding.search("lantern harbour", limit=5)]
        place = library.finding.search("river", limit=1)[0].locator
        library.notes.add(outcome.book_id, place, text="kept")
    assert before
    for file in root.glob("index.db*"):
        file.unlink()
    with Library.open(root) as library:
        assert library.finding.missing() == [outcome.book_id]
        assert library.catch_up() == 1
        assert [hit.snippet.text for hit in library.finding.search("lantern harbour", limit=5)] == before
        assert [note.text for note in library.notes.of_book(outcome.book_id)] == ["kept"]


IMPORTER = """
import sys
from pathlib import Path
from alexandria_desktop.library.library import Library
if __name__ == "__main__":
    with Library.open(Path(sys.argv[1])) as library:
        library.import_paths([Path(sys.argv[2])], report=lambda progress: print(progress.done, flush=True))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is not there")
def test_an_import_that_was_killed_goes_on_where_it_stopped(tmp_path: Path) -> None:
    for number in range(30):
        novel(tmp_path / "books" / f"{number}.epub", seed=number + 1, chapters=2, title=f"Book {number}")
    script = tmp_path / "importer.py"
    script.write_text(IMPORTER)
    root = tmp_path / "library"
    with subprocess.Popen(
        [sys.executable, str(script), str(root), str(tmp_path / "books")], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        for _ in range(3):
            assert process.stdout.readline()
        os.kill(process.pid, signal.SIGKILL)
    with Library.open(root, check=True) as library:
        there = len(library.shelf.books())
        assert 3 <= there < 30
        pending = library.interrupted_import()
        assert len(pending) == 30
        library.import_paths(pending)
        assert {row.title for row in library.shelf.books()} == {f"Book {number}" for number in range(30)}
        assert library.interrupted_import() == []
        assert library.finding.missing() == []
