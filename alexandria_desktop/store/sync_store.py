"""The library's files as the sync engine sees them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from alexandria_desktop.store.database import Database

T = TypeVar("T")


class SyncStore:
    """Transactions of library.db's one writer, behind what a person does in the meantime."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def write(self, work: Callable[[Connection], T], /) -> T:
        """Run ``work`` in a transaction with references unchecked; on the disk when this returns."""
        return self._database.library.run_unchecked(work)

    def read(self, work: Callable[[Connection], T], /) -> T:
        """Run ``work`` on one moment of the library."""
        with self._database.reading() as connection:
            return work(connection)
