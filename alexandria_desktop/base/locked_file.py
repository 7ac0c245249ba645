"""Secrets in a file that a passphrase opens, for a computer that has no keyring and a reader who asks for it.

The file lies where this computer remembers its libraries, never in one. Each secret is sealed on its own: AES-256-GCM
under a key that scrypt makes of the passphrase, with the secret's name and the work that scrypt has to do bound to it.
So a lost passphrase costs one session, and a sealed secret cannot be passed off under another name.

A file that somebody else wrote is believed in nothing: its length and the memory that scrypt may take are bounded. A
sum over each entry tells a damaged one from a passphrase that is wrong, which the seal alone cannot.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from alexandria_desktop.base.errors import Code, ReaderError, SurroundingsError
from alexandria_desktop.base.paths import state_folder
from alexandria_desktop.base.whole_file import write_whole

VERSION = 1
SHORTEST = 8
"""Characters of a passphrase."""
_LONGEST_FILE = 256 * 1024
_MEMORY = 128 * 1024 * 1024
"""Bytes that scrypt may take for a file's sake; our own files ask for half of it."""
_SALT, _NONCE, _TAG, _KEY = 16, 12, 16, 32


@dataclass(frozen=True, slots=True)
class Work:
    """What scrypt has to do: the cost ``n``, the size of a block ``r``, how often ``p``."""

    n: int = 2**16
    r: int = 8
    p: int = 1

    def __post_init__(self) -> None:
        is_power = self.n > 1 and self.n & (self.n - 1) == 0
        if not (is_power and 1 <= self.r <= 32 and 1 <= self.p <= 4) or 128 * self.n * self.r > _MEMORY:
            raise ValueError("scrypt would take too much, or is asked for what it cannot do")


@dataclass(frozen=True, slots=True)
class Sealed:
    """A secret that nobody can read without the passphrase."""

    work: Work
    salt: bytes
    nonce: bytes
    box: bytes

    @property
    def sum(self) -> str:
        """A sum over all of it; no secret, and no guard against anybody but chance."""
        work = f"{self.work.n} {self.work.r} {self.work.p}"
        parts = (work.encode(), self.salt, self.nonce, self.box)
        return hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def locked_file() -> Path:
    """Return where the file is."""
    return state_folder() / "sessions.locked"


def holds(name: str) -> bool:
    """Whether a secret is kept under a name, or whether there is a file that cannot be read and may have it."""
    try:
        return name in _read()
    except ReaderError:
        return True


def check(passphrase: str) -> None:
    """Raise ReaderError for a passphrase that is too short to keep anything with."""
    if len(passphrase) < SHORTEST:
        raise ReaderError(Code.SECRETS_SHORT_PASSPHRASE, f"Choose a passphrase of {SHORTEST} characters or more.")


def keep(name: str, secret: str, passphrase: str) -> None:
    """Keep a secret. Raises ReaderError for a passphrase that is too short, SurroundingsError for a disk that will not.

    A damaged file is put aside: nothing in it could be opened any more.
    """
    check(passphrase)
    sealed = _seal(name, secret, passphrase)
    with _alone():
        try:
            held = _read()
        except ReaderError as fault:
            if fault.code is not Code.SECRETS_DAMAGED:
                raise
            with _disk():
                locked_file().replace(locked_file().with_suffix(".damaged"))
            held = {}
        _write({**held, name: sealed})


def unlock(name: str, passphrase: str) -> str | None:
    """Return a secret, or None where the file has none of that name. Takes as long as scrypt does.

    Raises ReaderError: the passphrase is wrong, the file is damaged, or a newer program wrote it.
    """
    sealed = _read().get(name)
    return None if sealed is None else _open(name, sealed, passphrase)


def forget(name: str) -> None:
    """Forget a secret, and the file with the last one or where it is damaged. A newer program's is left as it is."""
    if not locked_file().exists():
        return
    with _alone():
        try:
            held = _read()
        except ReaderError as fault:
            if fault.code is not Code.SECRETS_DAMAGED:
                return
            held = {}
        left = {other: sealed for other, sealed in held.items() if other != name}
        if left:
            if left != held:
                _write(left)
            return
        with _disk():
            locked_file().unlink(missing_ok=True)


def _key(passphrase: str, salt: bytes, work: Work) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    # Keyboards differ in how they write an accent; the passphrase is the same.
    words = unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")
    return Scrypt(salt=salt, length=_KEY, n=work.n, r=work.r, p=work.p).derive(words)


def _bound(name: str, work: Work) -> bytes:
    return f"alexandria sessions {VERSION} {work.n} {work.r} {work.p} {name}".encode()


def _seal(name: str, secret: str, passphrase: str) -> Sealed:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    work, salt, nonce = Work(), secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    box = AESGCM(_key(passphrase, salt, work)).encrypt(nonce, secret.encode(), _bound(name, work))
    return Sealed(work, salt, nonce, box)


def _open(name: str, sealed: Sealed, passphrase: str) -> str:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    key = _key(passphrase, sealed.salt, sealed.work)
    try:
        return AESGCM(key).decrypt(sealed.nonce, sealed.box, _bound(name, sealed.work)).decode()
    except (InvalidTag, UnicodeDecodeError):
        raise ReaderError(Code.SECRETS_WRONG_PASSPHRASE, "This passphrase does not open your session.") from None


def _read() -> dict[str, Sealed]:
    """Return what the file has; nothing where there is none. Raises ReaderError."""
    try:
        with locked_file().open("rb") as stream:
            content = stream.read(_LONGEST_FILE + 1)
    except FileNotFoundError:
        return {}
    except OSError as fault:
        raise _damaged(str(fault)) from None
    if len(content) > _LONGEST_FILE:
        raise _damaged("too long")
    try:
        found = orjson.loads(content)
        version = found["version"]
        if version == VERSION:
            return {str(name): _from_json(entry) for name, entry in found["secrets"].items()}
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise _damaged(repr(fault)) from None
    if isinstance(version, int) and version > VERSION:
        raise ReaderError(
            Code.SECRETS_NEWER, "A newer Alexandria keeps your session. Update the program, or sign in again."
        )
    raise _damaged(f"version {version!r}")


def _write(held: Mapping[str, Sealed]) -> None:
    """Put a file in place that is whole, and ours alone to read, at every moment."""
    content = orjson.dumps({"version": VERSION, "secrets": {name: _to_json(one) for name, one in held.items()}})
    with _disk():
        write_whole(locked_file(), content, mode=0o600)


def _to_json(sealed: Sealed) -> dict[str, Any]:
    work = sealed.work
    parts = {"salt": sealed.salt, "nonce": sealed.nonce, "box": sealed.box}
    written = {name: base64.b64encode(part).decode() for name, part in parts.items()}
    return {"scrypt": {"n": work.n, "r": work.r, "p": work.p}, **written, "sum": sealed.sum}


def _from_json(entry: Mapping[str, Any]) -> Sealed:
    """Return an entry. Raises ValueError, TypeError or KeyError for what is none."""
    asked = entry["scrypt"]
    if not all(type(asked[name]) is int for name in ("n", "r", "p")):
        raise ValueError("scrypt is asked for what is no number")
    salt, nonce, box = (base64.b64decode(entry[part], validate=True) for part in ("salt", "nonce", "box"))
    sealed = Sealed(Work(asked["n"], asked["r"], asked["p"]), salt, nonce, box)
    if len(salt) != _SALT or len(nonce) != _NONCE or len(box) < _TAG or entry["sum"] != sealed.sum:
        raise ValueError("the sum is another")
    return sealed


@contextmanager
def _alone() -> Iterator[None]:
    """Let one process at a time change the file, which is read and written whole."""
    from filelock import FileLock

    folder = state_folder()
    with _disk():
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "sessions.lock")
        lock.acquire(timeout=10)
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except OSError as fault:  # a lock that is not given is one as well
        raise SurroundingsError(
            Code.SECRETS_NOT_KEPT, "The session could not be written to this computer's disk.", detail=str(fault)
        ) from fault


def _damaged(detail: str) -> ReaderError:
    return ReaderError(
        Code.SECRETS_DAMAGED, "The file that keeps your session is damaged. Sign in again to make a new one.",
        detail=detail,
    )  # fmt: skip
