"""Laptops with real libraries, and a real gateway that they reach over real HTTP."""

from __future__ import annotations

import atexit
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import uvicorn
from sqlalchemy import Connection, select
from starlette.types import ASGIApp

from alexandria_desktop.base.paths import LibraryPaths
from alexandria_desktop.book.model import BookFormat
from alexandria_desktop.store import books, notes
from alexandria_desktop.store.database import Database
from alexandria_desktop.store.identity import ensure_identity, identity_of, remember
from alexandria_desktop.store.sync_store import SyncStore
from alexandria_desktop.store.unit_of_work import UnitOfWork
from sync.client.engine import Engine, Report
from sync.client.http import HttpEndpoint
from sync.client.store import LocalStore
from sync.protocol.version import PRESENT, Edition
from sync.schema.ids import uuid7
from sync.schema.tables import table
from tests.server.serving import PASSWORD
from tests.support.library import StillClock, metadata, new_file, place


@contextmanager
def listening(app: ASGIApp) -> Iterator[str]:
    """Serve an application in a thread of its own and yield its address."""
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_config=None, proxy_headers=False, timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.005)
        assert thread.is_alive(), "the gateway did not start"
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@dataclass(frozen=True)
class Account:
    """Somebody with an account on the server."""

    address: str
    user_id: UUID
    email: str
    opened: str = field(default="", repr=False)
    """The token of the session that signing up opened."""

    def token(self) -> str:
        """Sign in once more."""
        answer = httpx.post(f"{self.address}/v1/sign-in", json={"email": self.email, "password": PASSWORD})
        return str(answer.raise_for_status().json()["token"])


def make_account(address: str) -> Account:
    email = f"{uuid7()}@example.org"
    words = {"email": email, "password": PASSWORD, "name": "Ann"}
    body = httpx.post(f"{address}/v1/sign-up", json=words).raise_for_status().json()
    return Account(address, UUID(body["user"]["id"]), email, str(body["token"]))


@dataclass
class Laptop:
    """One library, signed in to an account."""

    account: Account
    database: Database
    clock: StillClock
    device_id: UUID
    page: int = 5_000
    batch: int = 500
    edition: Edition = PRESENT
    wrap: Any = None
    """Puts something between the engine and the server."""
    endpoint: HttpEndpoint = field(init=False)

    def __post_init__(self) -> None:
        self.endpoint = HttpEndpoint(self.account.address, self.account.opened or self.account.token())

    def sync(self, store: LocalStore | None = None) -> Report:
        """Run one round."""
        return self.engine(self.wrap(self.endpoint) if self.wrap else self.endpoint, store).round()

    def engine(self, endpoint: Any, store: LocalStore | None = None) -> Engine:
        """Return what runs rounds over an endpoint."""
        return Engine(
            store or SyncStore(self.database),
            endpoint,
            self.clock,
            user_id=self.account.user_id,
            device_id=self.device_id,
            page=self.page,
            batch=self.batch,
            edition=self.edition,
        )

    def write(self, work: Any, /, *args: Any, **kwargs: Any) -> Any:
        self.clock.advance(seconds=1)
        return self.database.write(work, *args, **kwargs).value

    def add_book(self, title: str = "Moby-Dick") -> UUID:
        def work(unit: UnitOfWork) -> UUID:
            return books.add_book(unit, self.account.user_id, metadata(title), BookFormat.EPUB, new_file(title)).id

        return self.write(work)

    def add_note(self, book: UUID, text: str) -> UUID:
        def work(unit: UnitOfWork) -> UUID:
            return notes.add_note(unit, self.account.user_id, book, text=text, locator=place("Moby-Dick")).id

        return self.write(work)

    def change(self, name: str, row: UUID, /, **values: Any) -> None:
        def work(unit: UnitOfWork) -> bool:
            return unit.update(name, row, values)

        assert self.write(work), f"no such row in {name}"

    def remove(self, name: str, row: UUID) -> None:
        self.write(lambda unit: unit.remove(name, row))

    def rows(self, name: str) -> dict[UUID, dict[str, Any]]:
        """Return the living rows of a table."""
        with self.database.reading() as connection:
            found = {row["id"]: dict(row) for row in connection.execute(select(table(name))).mappings()}
        return {key: row for key, row in found.items() if row.get("deleted_at") is None}

    def note(self, row: UUID) -> str | None:
        """Return a note's text, or None where there is no such note."""
        found = self.rows("user_notes").get(row)
        return None if found is None else str(found["note_text"])

    def waiting(self) -> list[tuple[str, str]]:
        """Return what is in the outbox: state and table."""
        outbox = table("outbox")
        with self.database.reading() as connection:
            return [tuple(row) for row in connection.execute(select(outbox.c.state, outbox.c.table_name))]

    def frozen_batches(self) -> int:
        """Return how many batches are frozen."""
        outbox = table("outbox")
        with self.database.reading() as connection:
            frozen = select(outbox.c.batch_id).where(outbox.c.state == "frozen").distinct()
            return len(connection.execute(frozen).all())

    def conflicts(self) -> list[dict[str, Any]]:
        with self.database.reading() as connection:
            return [dict(row) for row in connection.execute(select(table("sync_conflicts"))).mappings()]


@contextmanager
def laptop(folder: Path, account: Account, **more: Any) -> Iterator[Laptop]:
    """Open a new library that belongs to an account."""
    clock = StillClock()
    with ExitStack() as stack:
        database, device = new_library(folder, account.user_id, clock)
        stack.callback(lambda: made.database.close())
        made = Laptop(account, database, clock, device, **more)
        stack.callback(lambda: made.endpoint.close())
        yield made


def new_library(folder: Path, user_id: UUID, clock: StillClock) -> tuple[Database, UUID]:
    """Open a library, a new one if there is none, that belongs to a person; returns it and its device id."""
    if not folder.exists():
        shutil.copytree(_empty_library(), folder)
    database = Database.open(LibraryPaths(folder), clock=clock)
    with database.reading() as connection:
        known = identity_of(connection)
    return database, known.device_id if known else database.write(_belong_to, user_id).value


@cache
def _empty_library() -> Path:
    """Return an empty library to copy, which is quicker than making one."""
    folder = Path(tempfile.mkdtemp(prefix="empty-library"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    Database.open(LibraryPaths(folder)).close()
    return folder


def _belong_to(unit: UnitOfWork, user_id: UUID) -> UUID:
    remember(unit.connection, "user_id", str(user_id))
    device = unit.insert("devices", {"user_id": user_id, "name": "A laptop", "platform": "", "app_version": ""})
    remember(unit.connection, "device_id", str(device))
    return device


__all__ = ["Account", "Connection", "Laptop", "ensure_identity", "laptop", "listening", "make_account"]
