"""Keeping this library in step with its home: signing in, joining a folder, rounds, what waits, what needs the eye.

A library has one home at a time, and one account for good: what was written for one never reaches another.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection

from alexandria_desktop.base import secrets
from alexandria_desktop.base.errors import AlexandriaError, ReaderError, SurroundingsError
from alexandria_desktop.library import sessions, standing
from alexandria_desktop.library.core import Core
from alexandria_desktop.library.homes import Home, Way, home_of, is_open
from alexandria_desktop.library.installation import begin_round
from alexandria_desktop.library.moving import Moving
from alexandria_desktop.library.round_lock import alone
from alexandria_desktop.library.standing import METERED, Problem, SyncStatus, Turn, explain, explained
from alexandria_desktop.store import attention, carried_answers
from alexandria_desktop.store.attention import Aside, Choice, Conflict, Refused, Written
from alexandria_desktop.store.changes import Changes
from alexandria_desktop.store.homes import HOME_FOLDER
from alexandria_desktop.store.identity import change_device
from alexandria_desktop.store.opening import readable
from alexandria_desktop.store.sync_store import SyncStore
from sync.client import accounts
from sync.client.accounts import Device, Session
from sync.client.engine import Cancelled, Engine, Report
from sync.client.facts import forget, recall, remember
from sync.client.poke import Listener
from sync.client.wire import Wire
from sync.folder import layout
from sync.protocol import errors
from sync.protocol.blobs import BlobStore

_log = logging.getLogger(__name__)

T = TypeVar("T")

_OUTBOX = Changes.of({"outbox": []})
_VERIFIED_FOR = timedelta(days=7)
Asked = Callable[[], bool]


def _never() -> bool:
    return False


class Syncing:
    """The account of a library, and its rounds. Every method but ``status`` may take as long as the network."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._store = SyncStore(core.database)
        self._one_round = threading.RLock()
        self._is_alone = False
        self._moving = Moving(core, self._store)
        self._endpoint: Way | None = None
        self._wire = Wire()
        """On which sessions are opened and ended."""
        self.kept_in: secrets.Kept | None = None
        """Where the session's token was put at the last sign-in of this process, or found."""

    # ── the account ─────────────────────────────────────────────────────────────────────────────────────────────────

    def sign_in(self, server: str, email: str, password: str, *, is_cancelled: Asked = _never) -> SyncStatus:
        """Sign in to an account and make this library the account's. Raises ReaderError or SurroundingsError.

        Raises Cancelled where ``is_cancelled`` says so once the server has answered; nothing is changed then.
        """
        with explained(waits=False):
            address = accounts.server_address(server)
            session = accounts.sign_in(address, email, password, self._device(), wire=self._wire)
            return self._belong_to(session, is_cancelled)

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
        with explained(waits=False):
            address = accounts.server_address(server)
            session = accounts.sign_up(
                address, email, password, name, self._device(), invitation=invitation, wire=self._wire
            )
            return self._belong_to(session, is_cancelled)

    def sign_out(self) -> SyncStatus:
        """End the session. The library stays the account's, what waits stays in line, the server's vectors leave."""
        self._end_session(self._facts())
        return self.status()

    def keep_with_passphrase(self, passphrase: str) -> SyncStatus:
        """Keep the open session behind a passphrase, beyond the end of the program. Takes as long as scrypt.

        Raises ReaderError where no session is open or the passphrase is too short, SurroundingsError for a bad disk.
        """
        where = self._facts()
        token = sessions.token_of(where)
        if token is None:
            raise standing.signed_out(where)
        self.kept_in = secrets.keep_locked(sessions.name_of(where), token, passphrase)
        return self.status()

    def unlock(self, passphrase: str) -> SyncStatus:
        """Open the session that is kept behind a passphrase, until the program ends. Takes as long as scrypt.

        Raises ReaderError: the passphrase is wrong, the file is damaged or of a newer program, or there is no session.
        """
        where = self._facts()
        if not where.server or not sessions.unlock(where, passphrase):
            raise standing.signed_out(where)
        self.kept_in = secrets.Kept.FILE
        return self.status()

    def _end_session(self, where: SyncStatus) -> None:
        token = sessions.forget(where)
        self._forget_vectors()  # before the server is told, which may take a while
        if token:
            with explained():
                accounts.sign_out(where.server, token, wire=self._wire)

    def _forget_vectors(self) -> None:
        from alexandria_desktop.library.vector_packs import forget_all

        forget_all(self._core)

    def _belong_to(self, session: Session, is_cancelled: Asked) -> SyncStatus:
        try:
            with self._alone(is_cancelled):
                self._moving.check_account(session)
                if self._facts().folder:
                    self._last_round(is_cancelled)
                self._moving.into_account(session)
        except (Cancelled, AlexandriaError):
            with suppress(errors.SyncError):  # what keeps us from it shall not hide why
                accounts.sign_out(session.server, session.token, wire=self._wire)
            if self._facts().folder:
                # The server has this device down as the other account's, and would refuse it to ours.
                device = self._core.write(change_device)
                self._core.identity = replace(self._core.identity, device_id=device)
            raise
        self.kept_in = secrets.keep(sessions.name_of(self._facts()), session.token)
        return self.status()

    # ── the folder ──────────────────────────────────────────────────────────────────────────────────────────────────

    def join_folder(self, chosen: Path, *, is_cancelled: Asked = _never) -> SyncStatus:
        """Use a folder instead of a server, and begin one where there is none. Raises ReaderError or SurroundingsError.

        Raises Cancelled where ``is_cancelled`` says so before anything is changed.
        """
        with explained(waits=False):
            root = layout.choose(chosen.expanduser().absolute())
            manifest = layout.manifest_of(root)
            if is_cancelled():
                raise Cancelled
            if manifest is None:
                manifest = layout.begin(root, self._core.identity.user_id, self._moving.account_server())
            self._moving.check_folder(root, manifest)
        with self._alone(is_cancelled):
            where = self._facts()
            if where.has_account and where.folder != str(root):
                self._last_round(is_cancelled)
            self._moving.into_folder(root, manifest)
        if where.server:
            with suppress(AlexandriaError):  # a server that is gone is no reason to stay
                self._end_session(where)
        return self.status()

    def leave_folder(self) -> SyncStatus:
        """Use the folder no longer. The library stays as it is, and what waits is kept for the next home."""
        self._store.write(lambda connection: forget(connection, HOME_FOLDER, standing.PROBLEM))
        return self.status()

    def _last_round(self, is_cancelled: Asked) -> None:
        """Bring what the home that is left still has; one that cannot be had any more keeps nobody."""
        with suppress(AlexandriaError):
            self.sync(is_cancelled=is_cancelled)

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
        report = self._run(
            lambda engine: engine.round(is_cancelled=is_cancelled, on_progress=on_progress), is_cancelled
        )
        self._store.write(self._succeeded)
        self._core.tell(Changes.of(report.touched))
        if self._store.read(carried_answers.has_renamed_students):
            self._core.write(carried_answers.follow_students)
        return report

    def verify(self, *, only_if_due: bool = False, is_cancelled: Asked = _never) -> list[str] | None:
        """Compare the library with what it should be, and return the tables that differed; they are right again.

        Returns None where nothing was compared: changes never rested, or the home cannot say what should be here; or,
        with ``only_if_due``, because it was within the last week. Errors as ``sync`` says.
        """
        now = self._core.database.clock()
        last = self._store.read(lambda connection: recall(connection, standing.VERIFIED))
        if only_if_due and last is not None and now - datetime.fromisoformat(last) < _VERIFIED_FOR:
            return None
        found = self._run(lambda engine: engine.verify(), is_cancelled)
        # Also where nothing could be compared: a home that cannot say will not say it after the next round either.
        self._store.write(lambda connection: remember(connection, standing.VERIFIED, now.isoformat()))
        if found:
            _log.warning("the library differed from what it should be and was listed anew: %s", ", ".join(found))
            self._core.tell(Changes.of({name: [] for name in found}))
        return found

    def _run(self, work: Callable[[Engine], T], is_cancelled: Asked) -> T:
        """Let the engine work on the way to the home, alone among all processes that have this library open."""
        way: Way | None = None
        try:
            with self._alone(is_cancelled):
                home = self._home()
                device = begin_round(self._core)
                self._endpoint = way = home.way()
                if is_cancelled():
                    raise Cancelled  # before there was anything that ``stop`` could have cut
                return work(
                    Engine(
                        self._store,
                        way,
                        self._core.database.clock,
                        user_id=self._core.identity.user_id,
                        device_id=device,
                        refuses=not self._facts().folder,
                    )
                )
        except errors.SyncError as fault:
            if is_cancelled():
                raise Cancelled from fault
            if isinstance(fault, errors.SignedOut) and fault.is_revoked:
                self._forget_vectors()  # whoever ended the session elsewhere meant this computer too
            raise self._failed(explain(fault)) from fault
        finally:
            self._endpoint = None
            if way is not None:
                way.close()

    @contextmanager
    def _alone(self, is_cancelled: Asked) -> Iterator[None]:
        """Be the only one of all processes to run a round or to move the library, which no round must outlast."""
        with self._one_round:
            if self._is_alone:  # a move's last round
                yield
                return
            with alone(self._core.paths.round_lock, is_cancelled=is_cancelled):
                self._is_alone = True
                try:
                    yield
                finally:
                    self._is_alone = False

    def _home(self) -> Home:
        """Return the home as it is now; asked for alone, since whoever went before may have moved the library."""
        try:
            return home_of(self._core, self._facts())
        except ReaderError as fault:
            raise self._failed(fault) from None

    def stop(self) -> None:
        """Cut off the request of the round under way; for who has said so in ``is_cancelled`` and will not wait."""
        endpoint = self._endpoint
        if endpoint is not None:
            endpoint.cut()

    def hang_up(self) -> None:
        """Cut off rounds, signing in and signing out, now and from now on; for the end of the program."""
        self._wire.cut()
        self.stop()

    def _succeeded(self, connection: Connection) -> None:
        remember(connection, standing.LAST, self._core.database.clock().isoformat())
        forget(connection, standing.PROBLEM)

    def _failed(self, problem: ReaderError | SurroundingsError) -> ReaderError | SurroundingsError:
        turn = Turn.READER if isinstance(problem, ReaderError) else Turn.NETWORK
        kept = {"code": problem.code.value, "sentence": problem.message, "turn": turn.value}
        self._store.write(lambda connection: remember(connection, standing.PROBLEM, kept))
        return problem

    @contextmanager
    def files(self) -> Iterator[BlobStore]:
        """Give what sends and fetches files of the home; its faults are those of a round."""
        with explained():
            store = home_of(self._core, self._facts()).files()
            try:
                yield store
            except OSError as fault:
                raise readable(fault) from fault
            finally:
                store.close()

    def listen(self, on_news: Callable[[], None]) -> Listener | None:
        """Begin to be called when the home has news, on a thread of its own; None where nothing calls.

        Whoever asks ends it. To be called is no promise: rounds begin by the clock as well.
        """
        where = self._facts()
        if not is_open(where):
            return None
        listener = home_of(self._core, where).listener(self._core.identity.device_id, on_news)
        if listener is not None:
            listener.begin()
        return listener

    # ── how things stand ────────────────────────────────────────────────────────────────────────────────────────────

    def status(self) -> SyncStatus:
        """Return how things stand; asks only the library."""
        where = self._facts()
        is_signed_in = is_open(where)
        return replace(where, is_signed_in=is_signed_in, is_locked=not is_signed_in and sessions.is_locked(where))

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
        self._store.write(lambda connection: remember(connection, METERED, allowed))
        return self.status()

    def _facts(self) -> SyncStatus:
        return self._store.read(standing.standing)


__all__ = ["Cancelled", "Choice", "Conflict", "Problem", "Refused", "SyncStatus", "Syncing", "Turn", "Written"]
