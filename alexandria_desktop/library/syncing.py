"""Keeping this library in step with an account: signing in, rounds, what waits, what needs the reader's eye.

A library has one account. Signing in to another is refused: what was written for one never reaches the other.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection

from alexandria_desktop.base import secrets
from alexandria_desktop.base.errors import Code, ProgramError, ReaderError, SurroundingsError
from alexandria_desktop.library.core import Core
from alexandria_desktop.store import attention
from alexandria_desktop.store.attention import Conflict, Refused
from alexandria_desktop.store.changes import Changes
from alexandria_desktop.store.identity import identity_of
from alexandria_desktop.store.passages import rename_books
from alexandria_desktop.store.sync_store import SyncStore
from sync.client import accounts
from sync.client.accounts import Device, Session
from sync.client.adopting import adopt
from sync.client.blobs import BlobClient
from sync.client.engine import Cancelled, Engine, Report
from sync.client.facts import forget, recall, remember
from sync.client.http import HttpEndpoint
from sync.protocol import errors

_SERVER, _EMAIL, _NAME, _ACCOUNT = "sync.server", "sync.email", "sync.name", "sync.user_id"
_LAST, _PROBLEM = "sync.last_round", "sync.problem"


class Turn(StrEnum):
    """Who has to do something before a round can succeed."""

    NOBODY = "nobody"
    READER = "reader"
    NETWORK = "network"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why the last round did not go through."""

    code: str
    sentence: str
    turn: Turn


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """How things stand."""

    server: str = ""
    email: str = ""
    name: str = ""
    is_signed_in: bool = False
    last_round: datetime | None = None
    waiting: int = 0
    """Rows with changes that the server has not judged."""
    conflicts: int = 0
    refused: int = 0
    problem: Problem | None = None

    @property
    def has_account(self) -> bool:
        """Whether this library belongs to an account, signed in or not."""
        return bool(self.server)


class Syncing:
    """The account of a library, and its rounds. Every method but ``status`` may take as long as the network."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._store = SyncStore(core.database)
        self._one_round = threading.Lock()
        self.kept_in: secrets.Kept | None = None
        """Where the session's token was put at the last sign-in of this process."""

    # ── the account ─────────────────────────────────────────────────────────────────────────────────────────────────

    def sign_in(self, server: str, email: str, password: str) -> SyncStatus:
        """Sign in to an account and make this library the account's. Raises ReaderError or SurroundingsError."""
        with _explained():
            address = accounts.server_address(server)
            return self._belong_to(accounts.sign_in(address, email, password, self._device()))

    def sign_up(
        self, server: str, email: str, password: str, name: str, *, invitation: str | None = None
    ) -> SyncStatus:
        """Make an account, sign in to it and make this library the account's."""
        with _explained():
            address = accounts.server_address(server)
            return self._belong_to(
                accounts.sign_up(address, email, password, name, self._device(), invitation=invitation)
            )

    def sign_out(self) -> SyncStatus:
        """End the session. The library stays the account's, and what waits stays in line."""
        where = self._facts()
        token = secrets.recall(_secret(where))
        secrets.forget(_secret(where))
        if token:
            with _explained():
                accounts.sign_out(where.server, token)
        return self.status()

    def _belong_to(self, session: Session) -> SyncStatus:
        known = self._store.read(lambda connection: recall(connection, _ACCOUNT))
        server = self._store.read(lambda connection: recall(connection, _SERVER))
        if known is not None and (known, server) != (str(session.user_id), session.server):
            accounts.sign_out(session.server, session.token)
            raise _other_account()
        if known is None:
            self._adopt(session)
        self.kept_in = secrets.keep(f"{session.server} {session.email}", session.token)

        def settle(connection: Connection) -> None:
            facts = {_SERVER: session.server, _EMAIL: session.email, _NAME: session.name}
            for key, value in {**facts, _ACCOUNT: str(session.user_id)}.items():
                remember(connection, key, value)
            forget(connection, _PROBLEM)

        self._store.write(settle)
        return self.status()

    def _adopt(self, session: Session) -> None:
        now = self._core.database.clock()
        adopted = self._store.write(lambda connection: adopt(connection, session.user_id, now))
        if adopted.ids:
            # What is not renamed here is only indexed anew.
            self._core.database.index.run(rename_books, adopted.ids)
        with self._core.reading() as connection:
            identity = identity_of(connection)
        if identity is None:
            raise ProgramError(Code.PROGRAM, "The library lost its owner.")
        self._core.identity = identity
        self._core.tell(Changes.of({name: [] for name in ("content_items", "user_notes", "user_libraries")}))

    def _device(self) -> Device:
        identity = self._core.identity
        name = self._store.read(lambda connection: attention.device_name(connection, identity.device_id))
        return Device(identity.device_id, name)

    # ── rounds ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def sync(
        self,
        *,
        is_cancelled: Callable[[], bool] = lambda: False,
        on_progress: Callable[[Report], None] = lambda _: None,
    ) -> Report:
        """Run one round. Raises ReaderError or SurroundingsError; the status says so too until one goes through."""
        where = self._facts()
        token = secrets.recall(_secret(where)) if where.server else None
        if token is None:
            raise self._failed(_signed_out(where))
        endpoint = HttpEndpoint(where.server, token)
        try:
            with self._one_round:
                device = self._core.identity.device_id
                engine = Engine(
                    self._store,
                    endpoint,
                    self._core.database.clock,
                    user_id=self._core.identity.user_id,
                    device_id=device,
                )
                report = engine.round(is_cancelled=is_cancelled, on_progress=on_progress)
        except errors.SyncError as fault:
            raise self._failed(_explain(fault)) from fault
        finally:
            endpoint.close()
        self._store.write(self._succeeded)
        self._core.tell(Changes.of(report.touched))
        return report

    def _succeeded(self, connection: Connection) -> None:
        remember(connection, _LAST, self._core.database.clock().isoformat())
        forget(connection, _PROBLEM)

    def _failed(self, problem: ReaderError | SurroundingsError) -> ReaderError | SurroundingsError:
        turn = Turn.READER if isinstance(problem, ReaderError) else Turn.NETWORK
        kept = {"code": problem.code.value, "sentence": problem.message, "turn": turn.value}
        self._store.write(lambda connection: remember(connection, _PROBLEM, kept))
        return problem

    @contextmanager
    def files(self) -> Iterator[BlobClient]:
        """Give what sends and fetches files of the account; its faults are those of a round."""
        where = self._facts()
        token = secrets.recall(_secret(where)) if where.server else None
        if token is None:
            raise _signed_out(where)
        client = BlobClient(where.server, token)
        try:
            with _explained():
                yield client
        finally:
            client.close()

    # ── how things stand ────────────────────────────────────────────────────────────────────────────────────────────

    def status(self) -> SyncStatus:
        """Return how things stand; asks only the library."""
        where = self._facts()
        return replace(where, is_signed_in=bool(where.server) and secrets.recall(_secret(where)) is not None)

    def conflicts(self) -> list[Conflict]:
        """Return what two devices changed and the reader has not looked at, the latest first."""
        return self._store.read(attention.open_conflicts)

    def refused(self) -> list[Refused]:
        """Return changes that the server would not take; what was written is in them."""
        return self._store.read(attention.refused)

    def keep(self, conflict: UUID, text: str | None = None) -> None:
        """Settle a conflict: as it is, or with what the reader wants the row to hold."""
        self._core.write(attention.settle, conflict, text)

    def try_again(self, sequence: int) -> None:
        """Put a change that was refused in line again."""
        self._store.write(lambda connection: attention.try_again(connection, sequence))

    def put_aside(self, sequence: int) -> None:
        """Give up a change that was refused."""
        self._store.write(lambda connection: attention.put_aside(connection, sequence))

    def _facts(self) -> SyncStatus:
        def look(connection: Connection) -> SyncStatus:
            last = recall(connection, _LAST)
            problem = recall(connection, _PROBLEM)
            counts = attention.counts(connection)
            return SyncStatus(
                server=recall(connection, _SERVER) or "",
                email=recall(connection, _EMAIL) or "",
                name=recall(connection, _NAME) or "",
                last_round=datetime.fromisoformat(last) if last else None,
                waiting=counts.waiting,
                conflicts=counts.conflicts,
                refused=counts.refused,
                problem=Problem(problem["code"], problem["sentence"], Turn(problem["turn"])) if problem else None,
            )

        return self._store.read(look)


@contextmanager
def _explained() -> Iterator[None]:
    """Turn the engine's faults into errors that say who must act."""
    try:
        yield
    except errors.SyncError as fault:
        raise _explain(fault) from fault


def _explain(fault: errors.SyncError) -> ReaderError | SurroundingsError:
    if isinstance(fault, errors.SignedOut) and fault.code == "wrong_credentials":
        return ReaderError(Code.SYNC_WRONG_PASSWORD, "Email and password do not belong together.")
    if isinstance(fault, errors.SignedOut):
        return ReaderError(Code.SYNC_SIGNED_OUT, "The session has ended. Sign in again; what waits is kept.")
    if isinstance(fault, errors.Refused) and fault.code in ("device_of_another", "other_account"):
        return _other_account()
    if isinstance(fault, errors.Refused) and fault.code.startswith("server."):
        return ReaderError(Code.SYNC_ADDRESS, fault.sentence)
    if isinstance(fault, errors.Refused):
        return ReaderError(Code.SYNC_REFUSED, fault.sentence, detail=f"{fault.status} {fault.code}")
    return SurroundingsError(
        Code.SYNC_UNREACHABLE, f"{fault.sentence} What waits is kept and sent later.", detail=str(fault.__cause__ or "")
    )


def _other_account() -> ReaderError:
    return ReaderError(
        Code.SYNC_OTHER_ACCOUNT, "This library belongs to another account. Open or make another library for this one."
    )


def _signed_out(where: SyncStatus) -> ReaderError:
    if where.server:
        return ReaderError(Code.SYNC_SIGNED_OUT, f"Sign in to {where.server} again; what waits is kept.")
    return ReaderError(Code.SYNC_SIGNED_OUT, "Sign in to a server first.")


def _secret(where: SyncStatus) -> str:
    return f"{where.server} {where.email}"


__all__ = ["Cancelled", "Problem", "SyncStatus", "Syncing", "Turn"]
