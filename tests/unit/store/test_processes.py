"""Several processes share a library, and a killed one takes nothing with it that it had acknowledged."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from uuid import UUID

from alexandria_desktop.base.paths import LibraryPaths
from alexandria_desktop.store import integrity, notes
from alexandria_desktop.store.database import Database
from tests.support.data import CHECKOUT

WRITE = """
import sys
from pathlib import Path
from uuid import UUID
from alexandria_desktop.base.paths import LibraryPaths
from alexandria_desktop.store import notes
from alexandria_desktop.store.database import Database

root, reader, book, count = sys.argv[1:]
database = Database.open(LibraryPaths(Path(root)))
for number in range(int(count)):
    note = database.write(notes.add_note, UUID(reader), UUID(book), text=str(number)).value
    print(note.id, flush=True)
database.close()
"""

OPEN = """
import sys
from pathlib import Path
from alexandria_desktop.base.paths import LibraryPaths
from alexandria_desktop.store.database import Database
from alexandria_desktop.store.identity import ensure_identity

with Database.open(LibraryPaths(Path(sys.argv[1]))) as database:
    print(database.write(ensure_identity).value.user_id)
"""


def start(code: str, *arguments: object) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=CHECKOUT)


def test_two_processes_write_and_every_note_is_there(database: Database, reader: UUID, book: UUID) -> None:
    others = [start(WRITE, database.paths.root, reader, book, 40) for _ in range(2)]
    for number in range(40):
        database.write(notes.add_note, reader, book, text=f"ours {number}")
    told = {line for process in others for line in process.communicate(timeout=60)[0].split()}
    assert [process.returncode for process in others] == [0, 0]
    with database.reading() as connection:
        found = {str(note.id) for note in notes.all_notes(connection, reader)}
    assert len(told) == 80
    assert told <= found
    assert len(found) == 120


def test_processes_that_make_a_library_at_once_make_one(tmp_path: Path) -> None:
    processes = [start(OPEN, tmp_path / "library") for _ in range(3)]
    readers = {process.communicate(timeout=60)[0].strip() for process in processes}
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert len(readers) == 1


def test_a_killed_process_loses_no_note_it_has_acknowledged(database: Database, reader: UUID, book: UUID) -> None:
    paths = LibraryPaths(database.paths.root)
    database.close()
    for count in (1, 7, 23):
        process = start(WRITE, paths.root, reader, book, 100_000)
        assert process.stdout is not None
        told = [process.stdout.readline().strip() for _ in range(count)]
        process.send_signal(signal.SIGKILL)
        told += [line for line in process.stdout.read().split("\n")[:-1] if line]
        process.wait()
        process.stdout.close()
        with Database.open(paths, check=True) as again, again.reading() as connection:
            found = {str(note.id) for note in notes.all_notes(connection, reader)}
            assert set(told) <= found
            assert [check for check in integrity.check_store(again) if check.name == "library" and not check.ok] == []
