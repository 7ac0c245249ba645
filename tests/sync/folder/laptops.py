"""Laptops with real libraries, each with a folder of its own that a carrier keeps alike, more or less."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from alexandria_desktop.base.paths import LibraryPaths
from alexandria_desktop.store.database import Database
from alexandria_desktop.store.sync_store import SyncStore
from sync.client.engine import Engine, Report
from sync.client.store import LocalStore
from sync.folder.endpoint import FolderEndpoint
from sync.folder.layout import begin, manifest_of
from sync.schema.tables import library_tables, table
from tests.support.library import StillClock
from tests.sync.laptops import Account, Laptop, new_library

TRAVELING = ("content_items", "books", "content_files", "user_libraries", "user_notes", "user_collections",
             "collection_items", "user_preferences", "theme_preferences", "devices", "theme_ratings",
             "content_relationships")  # fmt: skip


@dataclass
class FolderLaptop(Laptop):
    """One library that is kept in step through a folder."""

    folder: Path = field(default_factory=Path)
    ledger: Path = field(default_factory=Path)

    def __post_init__(self) -> None:
        """There is no server to sign in to."""

    @contextmanager
    def open_folder(self) -> Iterator[FolderEndpoint]:
        found = FolderEndpoint(self.folder, self.ledger, self.clock)
        try:
            yield found
        finally:
            found.close()

    def sync(self, store: LocalStore | None = None) -> Report:
        with self.open_folder() as endpoint:
            return self.engine(self.wrap(endpoint) if self.wrap else endpoint, store).round()

    def engine(self, endpoint: Any, store: LocalStore | None = None) -> Engine:
        mine = {"user_id": self.account.user_id, "device_id": self.device_id}
        return Engine(store or SyncStore(self.database), endpoint, self.clock, **mine, page=self.page, batch=self.batch)

    def everything(self) -> dict[tuple[str, UUID], dict[str, Any]]:
        """Return all rows of the tables that travel, tombstones too."""
        found = {}
        with self.database.reading() as connection:
            for name in TRAVELING:
                for row in connection.execute(table(name).select()).mappings():
                    found[name, row["id"]] = dict(row)
        return found


@contextmanager
def folder_laptop(root: Path, folder: Path, user: UUID, **more: Any) -> Iterator[FolderLaptop]:
    """Open a new library that belongs to a folder, which is begun where it is empty."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest = manifest_of(folder) or begin(folder, user)
    clock = StillClock()
    database, device = new_library(root, manifest.user, clock)
    with database:
        account = Account("", manifest.user, "")
        yield FolderLaptop(account, database, clock, device, folder=folder, ledger=root / "folder.db", **more)


__all__ = ["Database", "FolderLaptop", "LibraryPaths", "folder_laptop", "library_tables"]
