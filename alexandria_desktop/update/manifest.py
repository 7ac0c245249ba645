"""The signed word about a version: what it brings, what it needs, and each file with its size and hash.

    {"format": "alexandria update", "manifest": "…", "signatures": [{"key": "…", "signature": "…"}]}

The manifest is a text inside, so that what is signed is what is read, byte for byte. It must be written in the one way
that ``to_bytes`` writes it: two readers of the same bytes can then not find two different things in them. Any one of
the keys that a build knows will do, so that keys can be changed while older builds are about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson

from alexandria_desktop.base.errors import Code, ReaderError, SurroundingsError
from alexandria_desktop.base.version import Version
from alexandria_desktop.update.address import check_address

FORMAT, VERSION = "alexandria update", 1
LARGEST = 256 * 1024
"""Bytes of a signed manifest."""
LARGEST_FILE = 2 * 1024 * 1024 * 1024
_MOST_FILES, _MOST_SIGNATURES, _LONGEST_NOTES = 64, 8, 8_000
_SALT = b"alexandria update manifest v1\n"
"""Before what is signed, so that a signature under anything else never fits."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+~-]{0,127}")
_WORD = re.compile(r"[a-z0-9_-]{1,32}")
_AHEAD = timedelta(days=2)
"""How far a manifest's date may lie before us; more says that our clock is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateFile:
    """A file that brings the version to one kind of computer."""

    platform: str
    """As ``this_computer.platform_name`` has it, such as ``linux-x86_64``."""
    kind: str
    """Its kind: deb, appimage, msi, dmg."""
    name: str
    size: int
    sha256: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What is said of a version."""

    version: Version
    date: datetime
    expires: datetime
    """After this it is believed no more: a mirror that is stuck, or held back, is noticed."""
    notes: str
    page: str
    """Where people download it themselves."""
    minimum: Mapping[str, str] = field(default_factory=dict)
    """The least that it needs: ``program`` to be updated from, and ``glibc``, ``macos``, ``windows``."""
    files: tuple[UpdateFile, ...] = ()

    def to_bytes(self) -> bytes:
        """Return the bytes that are signed."""
        return orjson.dumps(
            {
                "v": VERSION,
                "version": str(self.version),
                "date": self.date.isoformat(),
                "expires": self.expires.isoformat(),
                "notes": self.notes,
                "page": self.page,
                "minimum": dict(self.minimum),
                "files": [
                    {
                        "platform": one.platform, "kind": one.kind, "name": one.name, "size": one.size,
                        "sha256": one.sha256, "address": one.address,
                    }
                    for one in self.files
                ],
            },
            option=orjson.OPT_SORT_KEYS,
        )  # fmt: skip


def signed(manifest: Manifest, secrets: Iterable[bytes]) -> bytes:
    """Return a manifest with a signature by each secret key, 32 bytes each; it can be read by ``read_signed``."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    body = manifest.to_bytes()
    signatures = []
    for secret in secrets:
        key = Ed25519PrivateKey.from_private_bytes(secret)
        public = key.public_key().public_bytes_raw().hex()
        signatures.append({"key": public, "signature": key.sign(_SALT + body).hex()})
    return orjson.dumps({"format": FORMAT, "manifest": body.decode(), "signatures": signatures})


def read_signed(data: bytes, keys: Iterable[bytes], now: datetime) -> Manifest:
    """Return what is said, if one of the keys signed it and its time is not over.

    Raises ReaderError or SurroundingsError: update.unsigned, update.damaged, update.newer, update.expired.
    """
    body = _signed_body(data, {key.hex(): key for key in keys})
    manifest = _read(body)
    if manifest.to_bytes() != body:
        raise _damaged("it is not written in the one way that is signed")
    if manifest.date > now + _AHEAD:
        raise SurroundingsError(
            Code.UPDATE_EXPIRED,
            "What is said of new versions bears a date that has not come yet. Look at this computer's clock.",
            detail=f"{manifest.date} at {now}",
        )
    if manifest.expires <= now:
        raise SurroundingsError(
            Code.UPDATE_EXPIRED,
            f"What is said of new versions was good until {manifest.expires:%Y-%m-%d} only, and nothing later came. "
            "Nothing was changed. Look at this computer's clock, or try again in some days.",
        )
    return manifest


def _signed_body(data: bytes, keys: Mapping[str, bytes]) -> bytes:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if len(data) > LARGEST:
        raise _damaged("it is longer than any")
    try:
        found = orjson.loads(data)
        if found["format"] != FORMAT:
            raise ValueError("another format")
        body = found["manifest"].encode()
        signatures = [(str(one["key"]), bytes.fromhex(one["signature"])) for one in found["signatures"]]
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise _damaged(repr(fault)) from fault
    for name, signature in signatures[:_MOST_SIGNATURES]:
        key = keys.get(name)
        if key is None:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(signature, _SALT + body)
        except (InvalidSignature, ValueError):
            continue
        return bytes(body)
    raise ReaderError(
        Code.UPDATE_UNSIGNED,
        "What is said of new versions is not signed by whoever made this program, so it was not believed. "
        "Nothing was changed.",
    )


def _read(body: bytes) -> Manifest:
    try:
        found = orjson.loads(body)
        if type(found["v"]) is int and found["v"] > VERSION:
            raise ReaderError(
                Code.UPDATE_NEWER,
                "There is a newer version, but it is announced in a way that this one does not understand. "
                "Get it where you got this one.",
            )
        if found["v"] != VERSION:
            raise ValueError(f"version {found['v']!r}")
        return _manifest(found)
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise _damaged(repr(fault)) from fault


def _manifest(found: Mapping[str, Any]) -> Manifest:
    files = tuple(_file(one) for one in found["files"])
    if len(files) > _MOST_FILES:
        raise ValueError("too many files")
    return Manifest(
        version=Version(_text(found["version"], 40)),
        date=_moment(found["date"]),
        expires=_moment(found["expires"]),
        notes=_text(found["notes"], _LONGEST_NOTES),
        page=check_address(_text(found["page"], 500)),
        minimum={_word(key): str(Version(_text(value, 40))) for key, value in found["minimum"].items()},
        files=files,
    )


def _file(one: Mapping[str, Any]) -> UpdateFile:
    name, size, sha256 = _text(one["name"], 128), one["size"], _text(one["sha256"], 64)
    if _NAME.fullmatch(name) is None:
        raise ValueError(f"{name!r} is no plain name of a file")
    if type(size) is not int or not 0 < size <= LARGEST_FILE:
        raise ValueError(f"a file of {size!r} bytes")
    if len(bytes.fromhex(sha256)) != 32 or sha256 != sha256.lower():
        raise ValueError("no SHA-256")
    return UpdateFile(
        platform=_word(one["platform"]),
        kind=_word(one["kind"]),
        name=name,
        size=size,
        sha256=sha256,
        address=check_address(_text(one["address"], 500)),
    )


def _text(value: object, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise TypeError("a text was expected")
    return value


def _word(value: object) -> str:
    text = _text(value, 32)
    if _WORD.fullmatch(text) is None:
        raise ValueError(f"{text!r} is no plain word")
    return text


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(_text(value, 40))
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return moment


def _damaged(detail: str) -> SurroundingsError:
    return SurroundingsError(
        Code.UPDATE_DAMAGED,
        "What is said of new versions cannot be read, so it was not believed. Nothing was changed.",
        detail=detail,
    )
