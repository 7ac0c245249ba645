"""How a library stands with its home, and what a round's faults mean to whoever reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection

from alexandria_desktop.base.errors import Code, ReaderError, SurroundingsError
from alexandria_desktop.store import attention
from alexandria_desktop.store.homes import ACCOUNT_SERVER, HOME_FOLDER
from sync.client.facts import recall
from sync.client.unheard import unheard
from sync.protocol import errors

EMAIL, NAME = "sync.email", "sync.name"
LAST, PROBLEM, METERED = "sync.last_round", "sync.problem", "sync.metered"

VERIFIED = "sync.verified"
"""When the library was compared with what it should be."""

_CODES = {
    "folder.full": Code.SYNC_FOLDER_FULL,
    "folder.read-only": Code.SYNC_FOLDER_READ_ONLY,
    "folder.another": Code.SYNC_FOLDER_CHANGED,
    "folder.newer": Code.SYNC_FOLDER_NEWER,
    "program_too_old": Code.SYNC_PROGRAM_TOO_OLD,
    "server_too_old": Code.SYNC_SERVER_TOO_OLD,
}
_ON_THE_WAY = {"untrusted": Code.SYNC_UNTRUSTED, "proxy": Code.SYNC_PROXY}


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
    """Whether rounds can be run: a session is open, or there is a folder."""
    is_locked: bool = False
    """Whether a session is kept that the reader's passphrase opens; no round can be run before."""
    last_round: datetime | None = None
    waiting: int = 0
    """Rows with changes that the server has not judged, but for those that it could only refuse as yet."""
    conflicts: int = 0
    refused: int = 0
    problem: Problem | None = None
    on_metered: bool = False
    """Whether rounds begin by themselves where each byte is paid for. Of this computer, so it does not travel."""
    device: UUID | None = None
    """The installation that this library is."""
    folder: str = ""
    """The path of the folder that is used instead of a server; empty where there is none."""

    @property
    def has_account(self) -> bool:
        """Whether this library has a home: an account, signed in or not, or a folder."""
        return bool(self.server or self.folder)


def standing(connection: Connection) -> SyncStatus:
    """Return how things stand, but for whether a session is open."""
    last, problem = recall(connection, LAST), recall(connection, PROBLEM)
    counts = attention.counts(connection)
    folder = recall(connection, HOME_FOLDER) or ""
    later = 0 if folder else len(unheard(connection))
    return SyncStatus(
        server=recall(connection, ACCOUNT_SERVER) or "",
        email=recall(connection, EMAIL) or "",
        name=recall(connection, NAME) or "",
        device=UUID(device) if (device := recall(connection, "device_id")) else None,
        folder=folder,
        last_round=datetime.fromisoformat(last) if last else None,
        waiting=counts.waiting - later,
        conflicts=counts.conflicts,
        refused=counts.refused,
        problem=Problem(problem["code"], problem["sentence"], Turn(problem["turn"])) if problem else None,
        on_metered=bool(recall(connection, METERED)),
    )


@contextmanager
def explained(*, waits: bool = True) -> Iterator[None]:
    """Turn the engine's faults into errors that say who must act, and what becomes of what waits, if anything does."""
    try:
        yield
    except errors.SyncError as fault:
        raise explain(fault, waits=waits) from fault


def explain(fault: errors.SyncError, *, waits: bool = True) -> ReaderError | SurroundingsError:
    """Return the error that says who must act."""
    if isinstance(fault, errors.SignedOut) and fault.code == "wrong_credentials":
        return ReaderError(Code.SYNC_WRONG_PASSWORD, "Email and password do not belong together.")
    if isinstance(fault, errors.SignedOut):
        return ReaderError(Code.SYNC_SIGNED_OUT, "The session has ended. Sign in again; what waits is kept.")
    if isinstance(fault, errors.Refused) and fault.code in ("device_of_another", "other_account"):
        return other_account()
    if isinstance(fault, errors.Refused) and fault.code.startswith("server."):
        return ReaderError(Code.SYNC_ADDRESS, fault.sentence)
    if isinstance(fault, errors.Refused) and fault.code in _CODES:
        return ReaderError(_CODES[fault.code], f"{fault.sentence} What waits is kept." if waits else fault.sentence)
    if isinstance(fault, errors.Refused):
        return ReaderError(Code.SYNC_REFUSED, fault.sentence, detail=f"{fault.status} {fault.code}")
    return SurroundingsError(
        _ON_THE_WAY.get(fault.code, Code.SYNC_UNREACHABLE),
        f"{fault.sentence} What waits is kept and sent later." if waits else fault.sentence,
        detail=str(fault.__cause__ or ""),
    )


def locked() -> ReaderError:
    """Return that the session is there, and what opens it."""
    return ReaderError(
        Code.SECRETS_LOCKED, "Your session is locked. Give your passphrase to unlock it; what waits is kept."
    )


def other_account() -> ReaderError:
    """Return the refusal to mix two people's libraries."""
    return ReaderError(
        Code.SYNC_OTHER_ACCOUNT, "This library belongs to another account. Open or make another library for this one."
    )


def other_folder() -> ReaderError:
    """Return the refusal of a folder that another person's libraries use."""
    return ReaderError(
        Code.SYNC_OTHER_ACCOUNT,
        "This folder belongs to other libraries than this one. Choose another, or leave this one's.",
    )


def signed_out(where: SyncStatus) -> ReaderError:
    """Return that there is no home to speak to."""
    if where.server:
        return ReaderError(Code.SYNC_SIGNED_OUT, f"Sign in to {where.server} again; what waits is kept.")
    return ReaderError(Code.SYNC_SIGNED_OUT, "Sign in to a server first, or use a folder.")
