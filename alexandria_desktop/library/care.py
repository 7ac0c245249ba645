"""Care for the library: backups, the doctor's round, and rebuilding what can be computed."""

from __future__ import annotations

from pathlib import Path

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.embed.static import static_model_is_here
from alexandria_desktop.library.core import Core
from alexandria_desktop.library.covers import cover_file
from alexandria_desktop.library.finding import Finding, Finish
from alexandria_desktop.library.reading import ReadingRoom
from alexandria_desktop.store import backup, integrity, shelf
from alexandria_desktop.store.backup import BackupContents
from alexandria_desktop.store.integrity import Check


class Care:
    """Looks after an open library."""

    def __init__(self, core: Core, finding: Finding, room: ReadingRoom) -> None:
        self._core = core
        self._finding = finding
        self._room = room

    def back_up(self, target: Path | None = None) -> BackupContents:
        """Copy what the reader wrote; reading and writing go on meanwhile."""
        return backup.make_backup(self._core.paths, clock=self._core.database.clock, target=target)

    def backups(self) -> list[Path]:
        """Return the backups, the newest last."""
        return backup.list_backups(self._core.paths)

    def examine(self, *, finish: Finish | None = None) -> list[Check]:
        """Check everything; with ``finish``, repair what can be computed again and say so."""
        checks = list(integrity.check_store(self._core.database))
        checks.append(self._vectors())
        missing = self._finding.missing()
        if not missing:
            checks.append(Check("passages", True, "Every book is indexed."))
        elif finish is None:
            checks.append(Check("passages", False, f"{len(missing)} books wait to be indexed."))
        else:
            done = self._finding.catch_up(self._room, finish)
            left = len(missing) - done
            words = f"{done} books were indexed again" + (f"; {left} have no readable file." if left else ".")
            checks.append(Check("passages", left == 0, words))
        checks.append(self._covers())
        return checks

    def _vectors(self) -> Check:
        try:
            self._finding.search("a place to begin", limit=1)
        except AlexandriaError as error:
            return Check("vectors", False, error.message)
        if not static_model_is_here():
            return Check("vectors", True, "There is no model for searching by meaning here; words are searched.")
        return Check("vectors", True, f"Search by meaning uses {self._finding.store.name}.")

    def _covers(self) -> Check:
        with self._core.reading() as connection:
            rows = shelf.list_rows(connection, self._core.identity.user_id)
        lost = sum(1 for row in rows if row.cover and not cover_file(self._core.paths.covers, row.cover).exists())
        return Check("covers", lost == 0, f"{lost} cover pictures are missing." if lost else "Every cover is there.")
