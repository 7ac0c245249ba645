"""The key that signs this library's course packs: made once, kept with the secrets, never in the library itself.

The library remembers only the public half, and by it the name under which the secret one is kept. A library that was
copied to another computer finds none there and makes another key, which students are told of.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from alexandria_desktop.base import key_file, secrets
from alexandria_desktop.library.core import Core
from alexandria_desktop.store import identity
from alexandria_desktop.teach.packs.signing import fingerprint_words, new_key, public_half

_PUBLIC = "packs.key"
"""The fact that holds the public half, in hex."""


@dataclass(frozen=True, slots=True)
class PackKey:
    """A key that signs."""

    secret: bytes
    public: bytes
    in_file: bool
    """Whether it lies in a file of this account, for want of a keyring."""
    is_new: bool = False
    """Whether it was made in place of one that this library had and that is not on this computer."""

    @property
    def words(self) -> str:
        """The fingerprint, to be read to students."""
        return fingerprint_words(self.public)

    def __repr__(self) -> str:
        return f"PackKey({self.words})"


def pack_key(core: Core) -> PackKey:
    """Return the library's key, made if there is none. Raises SurroundingsError where it cannot be kept or read."""
    with core.reading() as connection:
        known = identity.recall(connection, _PUBLIC)
    if isinstance(known, str):
        found = _find(known)
        if found is not None:
            return found
    secret = new_key()
    public = public_half(secret)
    name = _name(public.hex())
    in_file = secrets.keep(name, secret.hex()) is not secrets.Kept.KEYRING
    if in_file:
        secrets.forget(name)
        key_file.keep(name, secret.hex())
    # Once the secret half is safe: a public half alone would sign nothing.
    core.write(lambda unit: identity.remember(unit.connection, _PUBLIC, public.hex()))
    return PackKey(secret, public, in_file, is_new=isinstance(known, str))


def _find(public: str) -> PackKey | None:
    name = _name(public)
    # A keyring that is locked may hold it: another key in its place would be one that no student knows.
    for recall, in_file in ((key_file.recall, True), (partial(secrets.recall, surely=True), False)):
        try:
            secret = bytes.fromhex(recall(name) or "")
            if public_half(secret).hex() == public:
                return PackKey(secret, bytes.fromhex(public), in_file)
        except ValueError:
            continue  # not there, or not what was kept
    return None


def _name(public: str) -> str:
    return f"course-packs-{public[:16]}"
