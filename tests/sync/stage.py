"""Where every schedule begins: an account, others' items, three laptops; made once, and gone back to quickly."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from tests.support.server import ServerDatabase
from tests.sync.laptops import Account, Laptop, laptop, make_account
from tests.sync.scene import Scene
from tests.sync.setback import ServerBackups

# Small pages and batches are cut in other places than large ones, and must not make a difference.
PAGES = ((5_000, 500), (8, 2), (20, 3))


def folder_in_memory(prefix: str) -> Path:
    """Make a folder; in memory where that can be had, since schedules wait for a disk most of their time."""
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix=prefix, dir=memory if memory.is_dir() else None))


@dataclass(frozen=True)
class Stage:
    """The beginning of every schedule."""

    database: ServerDatabase
    account: Account
    scene: Scene
    book: UUID
    """The one book of the person's own."""
    notes: Mapping[UUID, str]
    """Their words by note; the first two laptops have book and notes, the third was never in step."""
    folder: Path
    blank: ServerBackups

    def begin(self, folder: Path) -> None:
        """Set the server back to the beginning and put the laptops' libraries into a folder."""
        self.blank.restore()
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)

    def laptop(self, folder: Path, number: int) -> AbstractContextManager[Laptop]:
        """Open one of the laptops; a context that closes it."""
        page, batch = PAGES[number]
        return laptop(folder / str(number), self.account, page=page, batch=batch)


@contextmanager
def staged(address: str, database: ServerDatabase) -> Iterator[Stage]:
    """Make the beginning of schedules."""
    account, creator = make_account(address), make_account(address)
    scene = Scene(database, creator.user_id, account.user_id)
    scene.begin()
    folder = folder_in_memory("stage")
    try:
        for number in range(len(PAGES)):
            with laptop(folder / str(number), account) as one:
                if number == 0:
                    book = one.add_book()
                    notes = {one.add_note(book, word): word for word in ("first", "second", "third")}
                if number < 2:
                    one.sync()
        blank = ServerBackups(database, "blank")
        blank.make()
        yield Stage(database, account, scene, book, notes, folder, blank)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
