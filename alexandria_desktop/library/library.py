"""The library: everything that the window and the command line talk to."""

from __future__ import annotations

import platform
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from alexandria_desktop.base.clock import Clock, utc_now
from alexandria_desktop.base.paths import LibraryPaths, default_library
from alexandria_desktop.library.care import Care
from alexandria_desktop.library.core import Core, Listener
from alexandria_desktop.library.editions import Editions
from alexandria_desktop.library.finding import Finding
from alexandria_desktop.library.importing import Importer, Outcome, Report
from alexandria_desktop.library.looks import Looks
from alexandria_desktop.library.noting import Notebook
from alexandria_desktop.library.reading import ReadingRoom
from alexandria_desktop.library.shelf import Shelf
from alexandria_desktop.store import preferences
from alexandria_desktop.store.database import Database
from alexandria_desktop.store.identity import ensure_identity, identity_of


class Library:
    """An open library; close it when done."""

    def __init__(self, core: Core, *, vectors: str = "auto") -> None:
        self._core = core
        self.shelf = Shelf(core)
        self.reading = ReadingRoom(core)
        self.notes = Notebook(core, self.reading)
        self.finding = Finding(core, vectors=vectors)
        self.looks = Looks(core)
        self._editions = Editions(core)
        self._importer = Importer(core, self._editions, self.finding.put)
        self.care = Care(core, self.finding, self.reading)

    @classmethod
    def open(
        cls,
        root: Path | None = None,
        *,
        clock: Clock = utc_now,
        vectors: str = "auto",
        start_afresh: bool = False,
        check: bool = False,
    ) -> Library:
        """Open a library folder, making it where there is none; errors as ``Database.open`` says."""
        paths = LibraryPaths((root or default_library()).expanduser().absolute())
        database = Database.open(paths, clock=clock, start_afresh=start_afresh, check=check)
        try:
            with database.reading() as connection:
                identity = identity_of(connection)
            if identity is None:
                name = platform.node() or "This computer"
                identity = database.write(ensure_identity, device_name=name, platform=platform.system()).value
        except BaseException:
            database.close()
            raise
        return cls(Core(database, identity), vectors=vectors)

    @property
    def paths(self) -> LibraryPaths:
        """Where the library keeps its things."""
        return self._core.paths

    def import_paths(
        self, paths: Sequence[Path], *, report: Report | None = None, cancel: threading.Event | None = None
    ) -> list[Outcome]:
        """Import files and folders; returns what became of each file."""
        outcomes = self._importer.import_paths(paths, report=report, cancel=cancel)
        self.finding.after_import()
        return outcomes

    def interrupted_import(self) -> list[Path]:
        """Return the files of an import that was cut off; importing them again goes on where it stopped."""
        return self._importer.interrupted()

    def catch_up(self, *, cancel: threading.Event | None = None) -> int:
        """Index what is missing, for example after index.db was lost; returns how many books were indexed."""
        return self.finding.catch_up(self.reading, self._importer.prepare_again, cancel=cancel)

    def repair(self) -> list[Any]:
        """Check everything and repair what can be computed again."""
        return self.care.examine(prepare=self._importer.prepare_again)

    def settings(self) -> dict[str, Any]:
        """Return what the reader set."""
        with self._core.reading() as connection:
            return preferences.read_settings(connection, self._core.identity.user_id)

    def set(self, changes: Mapping[str, Any]) -> None:
        """Change settings."""
        self._core.write(preferences.change_settings, self._core.identity.user_id, changes)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` with the Changes of each write; returns what ends it."""
        return self._core.subscribe(listener)

    def data_version(self) -> int:
        """Return a number that changes when another process has written to the library."""
        return self._core.database.data_version()

    def close(self) -> None:
        """Finish what is in line and close everything."""
        self._importer.close()
        self.reading.close()
        self._core.database.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
