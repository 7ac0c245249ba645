"""Where a library keeps its things on disk."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

ENVIRONMENT_VARIABLE = "ALEXANDRIA_LIBRARY"
STATE_VARIABLE = "ALEXANDRIA_STATE"


@dataclass(frozen=True, slots=True)
class LibraryPaths:
    """The folder of one library and the places in it."""

    root: Path

    @property
    def library_db(self) -> Path:
        """What the reader wrote: precious."""
        return self.root / "library.db"

    @property
    def index_db(self) -> Path:
        """What can be computed again: passages, full text, vectors."""
        return self.root / "index.db"

    @property
    def books(self) -> Path:
        """Book files by content hash; never written to after they are stored."""
        return self.root / "books"

    @property
    def covers(self) -> Path:
        """Cover thumbnails, rebuilt when lost."""
        return self.root / "covers"

    @property
    def pictures(self) -> Path:
        """Pictures of the last page of each book, rebuilt when lost."""
        return self.root / "pictures"

    @property
    def packs(self) -> Path:
        """Parts of packs of vectors that were cut off on their way here; fetched again when lost."""
        return self.root / "packs"

    @property
    def backups(self) -> Path:
        """Copies of library.db, newest last by name."""
        return self.root / "backups"

    @property
    def round_lock(self) -> Path:
        """Held by the process that runs a round of sync."""
        return self.root / "sync.lock"

    @property
    def folder_ledger(self) -> Path:
        """What is known of the folder that is used instead of a server; made again when lost."""
        return self.root / "folder.db"

    @property
    def logs(self) -> Path:
        """The program's own log."""
        return self.root / "logs"

    def create(self) -> None:
        """Make the folders that are missing."""
        for folder in (self.root, self.books, self.covers, self.pictures, self.backups, self.logs):
            folder.mkdir(parents=True, exist_ok=True)


def default_library() -> Path:
    """Return the library folder: the environment's word, else the platform's data folder."""
    named = os.environ.get(ENVIRONMENT_VARIABLE)
    if named:
        return Path(named).expanduser()
    return Path(platformdirs.user_data_dir("Alexandria", appauthor=False))


def state_folder() -> Path:
    """Return where this computer remembers its libraries, outside them: the environment's word, else the platform's."""
    named = os.environ.get(STATE_VARIABLE)
    if named:
        return Path(named).expanduser()
    return Path(platformdirs.user_state_dir("Alexandria", appauthor=False))
