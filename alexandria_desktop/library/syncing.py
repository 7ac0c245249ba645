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
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from alexandria_desktop.base import secrets
from alexandria_desktop.base.errors import Code, ProgramError, ReaderError, SurroundingsError
from alexandria_desktop.library.core import Core
from alexandria_desktop.library.installation import begin_round
from alexandria_desktop.library.round_lock import alone
from alexandria_desktop.store import attention
from alexandria_desktop.store.attention import Aside, Choice, Conflict, Refused, Written
from alexandria_desktop.store.changes import Changes
from alexandria_desktop.store.identity import ACCOUNT_SERVER, identity_of
from alexandria_desktop.store.passages import rename_books
from alexandria_desktop.store.sync_store import SyncStore
from sync.client import accounts
from sync.client.accounts import Device, Session
from sync.client.adopting import adopt
from sync.client.blobs import BlobClient
from sync.client.engine import Cancelled, Engine, Report
from sync.client.facts import forget, recall, remember
from sync.client.http import HttpEndpoint
from sync.client.poke import Listener
from sync.protocol import errors

_EMAIL, _NAME, _ACCOUNT = "sync.email", "sync.name", "sync.user_id"
_LAST, _PROBLEM, _METERED = "sync.last_round", "sync.problem", "sync.metered"


_OUTBOX = Changes.of({"outbox": []})
_VERSIONS = {"program_too_old": Code.SYNC_PROGRAM_TOO_OLD, "server_too_old": Code.SYNC_SERVER_TOO_OLD}

Asked = Callable[[], bool]


def _never() -> bool:
    return False


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
    on_metered: bool = False
    """Whether rounds begin by themselves where each byte is paid for. Of this computer, so it does not travel."""

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
        self._endpoint: HttpEndpoint | None = None
        self.kept_in: secrets.Kept | None = None
        """Where the session's token was put at the last sign-in of this process."""

    # ── the account ─────────────────────────────────────────────────────────────────────────────────────────────────

    def sign_in(self, server: str, email: str, password: str, *, is_cancelled: Asked = _never) -> SyncStatus:
        """Sign in to an account and make this library the account's. Raises ReaderError or SurroundingsError.

        Raises Cancelled where ``is_cancelled`` says so once the server has answered; nothing is changed then.
        """
        with _explained():
            address = accounts.server_address(server)
            return self._belong_to(accounts.sign_in(address, email, password, self._device()), is_cancelled)

    def sign_up(
        self,
        server: str,
        email: str,
        password: str,
        name: str,
        *,
        invitation: str | None = None,
        is_cancelled: Asked = _never,
    ) -> SyncStatus:
        """Make an account, sign in to it and make this library the account's."""
        with _explained():
            address = accounts.server_address(server)
            session = accounts.sign_up(address, email, password, name, self._device(), invitation=invitation)
            return self._belong_to(session, is_cancelled)

    def sign_out(self) -> SyncStatus:
        """End the session. The library stays the account's, and what waits stays in line."""
        where = self._facts()
        token = secrets.recall(_secret(where))
        secrets.forget(_secret(where))
        if token:
            with _explained():
                accounts.sign_out(where.server, token)
        return self.status()

    def _belong_to(self, session: Session, is_cancelled: Asked) -> SyncStatus:
        if is_cancelled():
            accounts.sign_out(session.server, session.token)
            raise Cancelled
        known = self._store.read(lambda connection: recall(connection, _ACCOUNT))
        server = self._store.read(lambda connection: recall(connection, ACCOUNT_SERVER))
        if known is not None and (known, server) != (str(session.user_id), session.server):
            accounts.sign_out(session.server, session.token)
            raise _other_account()
        if known is None:
            self._adopt(session)
        self.kept_in = secrets.keep(f"{session.server} {session.email}", session.token)

        def settle(connection: Connection) -> None:
            facts = {ACCOUNT_SERVER: session.server, _EMAIL: session.email, _NAME: session.name}
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
        # As the library has it: another word for the same thing would be a difference that nobody made.
        return Device(
            identity.device_id,
            *self._store.read(lambda connection: attention.device_facts(connection, identity.device_id)),
        )

    # ── rounds ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def sync(
        self,
        *,
        is_cancelled: Asked = _never,
        on_progress: Callable[[Report], None] = lambda _: None,
    ) -> Report:
        """Run one round. Raises ReaderError or SurroundingsError; the status says so too until one goes through.

        Raises Cancelled where ``is_cancelled`` says so between two steps, or after ``stop``.
        """
        where = self._facts()
        token = secrets.recall(_secret(where)) if where.server else None
        if token is None:
            raise self._failed(_signed_out(where))
        endpoint = HttpEndpoint(where.server, token)
        try:
            with self._one_round, alone(self._core.paths.round_lock, is_cancelled=is_cancelled):
                self._endpoint = endpoint
                device = begin_round(self._core)
                engine = Engine(
                    self._store,
                    endpoint,
                    self._core.database.clock,
                    user_id=self._core.identity.user_id,
                    device_id=device,
                )
                report = engine.round(is_cancelled=is_cancelled, on_progress=on_progress)
        except errors.SyncError as fault:
            if is_cancelled():
                raise Cancelled from fault
            raise self._failed(_explain(fault)) from fault
        finally:
            self._endpoint = None
            endpoint.close()
        self._store.write(self._succeeded)
        self._core.tell(Changes.of(report.touched))
        return report

    def stop(self) -> None:
        """Cut off the request of the round under way; for who has said so in ``is_cancelled`` and will not wait."""
        endpoint = self._endpoint
        if endpoint is not None:
            endpoint.cut()

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

    def listen(self, on_news: Callable[[], None]) -> Listener | None:
        """Begin to be called when the server has news, on a thread of its own; None where nobody is signed in.

        Whoever asks ends it. To be called is no promise: rounds begin by the clock as well.
        """
        where = self._facts()
        token = secrets.recall(_secret(where)) if where.server else None
        if token is None:
            return None
        listener = Listener(where.server, token, self._core.identity.device_id, on_news)
        listener.begin()
        return listener

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

    def keep(self, conflict: UUID, choice: Choice | Written = Choice.AS_IS) -> Any:
        """Settle a conflict; returns what the row held before, for ``reopen``."""
        return self._core.write(attention.settle, conflict, choice)

    def reopen(self, conflict: UUID, before: Any) -> None:
        """Undo a ``keep``."""
        self._core.write(attention.reopen, conflict, before)

    def try_again(self, sequence: int) -> None:
        """Put a change that was refused in line again."""
        self._core.write(attention.try_again, sequence)
        self._core.tell(_OUTBOX)

    def put_aside(self, sequence: int) -> Aside | None:
        """Give up a change that was refused; returns what ``bring_back`` takes."""
        aside = self._store.write(lambda connection: attention.put_aside(connection, sequence))
        self._core.tell(_OUTBOX)
        return aside

    def bring_back(self, aside: Aside) -> None:
        """Undo a ``put_aside``."""
        self._store.write(lambda connection: attention.bring_back(connection, aside))
        self._core.tell(_OUTBOX)

    def use_metered(self, *, allowed: bool) -> SyncStatus:
        """Say whether rounds may begin by themselves where each byte is paid for."""
        self._store.write(lambda connection: remember(connection, _METERED, allowed))
        return self.status()

    def _facts(self) -> SyncStatus:
        def look(connection: Connection) -> SyncStatus:
            last = recall(connection, _LAST)
            problem = recall(connection, _PROBLEM)
            on_metered = bool(recall(connection, _METERED))
            counts = attention.counts(connection)
            return SyncStatus(
                server=recall(connection, ACCOUNT_SERVER) or "",
                email=recall(connection, _EMAIL) or "",
                name=recall(connection, _NAME) or "",
                last_round=datetime.fromisoformat(last) if last else None,
                waiting=counts.waiting,
                conflicts=counts.conflicts,
                refused=counts.refused,
                problem=Problem(problem["code"], problem["sentence"], Turn(problem["turn"])) if problem else None,
                on_metered=on_metered,
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
    if isinstance(fault, errors.Refused) and fault.code in _VERSIONS:
        return ReaderError(_VERSIONS[fault.code], f"{fault.sentence} What waits is kept.")
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


__all__ = ["Cancelled", "Choice", "Conflict", "Problem", "Refused", "SyncStatus", "Syncing", "Turn", "Written"]
