#!/usr/bin/env python3
"""Make the signed word about a version out of the files that were built, and the keys that sign it.

    manifest.py new-key KEYFILE                     write a secret key, print its public half for channel.json
    manifest.py sign --base https://… --page https://… --key KEYFILE --out update.json FILE…

A file's ending says what kind of computer it is for; PLATFORM:KIND=FILE says it where that is not enough. Instead of
--key, ALEXANDRIA_SIGNING_KEY may hold the secret key, 64 hexadecimal digits; --key may be given several times while
keys are changed. What was signed is read back as the program reads it before it is written.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from alexandria_desktop import __version__
from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.base.version import Version
from alexandria_desktop.update.address import check_address
from alexandria_desktop.update.manifest import Manifest, UpdateFile, read_signed, signed
from alexandria_desktop.update.news import section_of

KEY_VARIABLE = "ALEXANDRIA_SIGNING_KEY"
_MACHINES = {"amd64": "x86_64", "x86_64": "x86_64", "x64": "x86_64", "arm64": "aarch64", "aarch64": "aarch64"}
_KINDS = {
    ".deb": ("linux", "deb"), ".rpm": ("linux", "rpm"), ".appimage": ("linux", "appimage"),
    ".msi": ("windows", "msi"), ".dmg": ("macos", "dmg"),
}  # fmt: skip


class WrongUse(Exception):  # noqa: N818 - what happened
    """What was asked cannot be done; the sentence says why."""


def main(arguments: list[str]) -> int:
    """Run one command line and return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (WrongUse, AlexandriaError, OSError, ValueError) as fault:
        print(f"manifest.py: {fault}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Make and sign the manifest of a version.")
    commands = parser.add_subparsers(required=True)
    new = commands.add_parser("new-key", help="write a secret key and print its public half")
    new.add_argument("file", type=Path)
    new.set_defaults(run=new_key)
    sign = commands.add_parser("sign", help="make the manifest of built files and sign it")
    sign.add_argument("files", nargs="+", metavar="[PLATFORM:KIND=]FILE")
    sign.add_argument("--version", default=__version__)
    sign.add_argument("--base", required=True, help="the address that the files are below")
    sign.add_argument("--page", required=True, help="where people download by hand")
    sign.add_argument("--notes", type=Path, help="a file; without one the changelog's section of the version")
    sign.add_argument("--days", type=int, default=60, help="how long it is believed; sign anew before")
    sign.add_argument(
        "--minimum", action="append", default=[], metavar="NAME=VERSION", help="program, glibc, macos, windows"
    )
    sign.add_argument("--key", action="append", type=Path, default=[], help="a file with a secret key")
    sign.add_argument("--out", required=True, type=Path)
    sign.set_defaults(run=sign_files)
    return parser


def new_key(options: argparse.Namespace) -> int:
    """Write a secret key that only this account may read, and print its public half."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    handle = os.open(options.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(key.private_bytes_raw().hex() + "\n")
    print(key.public_key().public_bytes_raw().hex())
    return 0


def sign_files(options: argparse.Namespace) -> int:
    """Make the manifest, sign it, read it back and write it."""
    now = datetime.now(UTC).replace(microsecond=0)
    base = check_address(options.base.rstrip("/"))
    manifest = Manifest(
        version=Version(options.version),
        date=now,
        expires=now + timedelta(days=options.days),
        notes=_notes(options),
        page=check_address(options.page),
        minimum=dict(_pair(one) for one in options.minimum),
        files=tuple(_described(named, base) for named in options.files),
    )
    secrets = _secrets(options.key)
    data = signed(manifest, secrets)
    read_signed(data, [_public(secret) for secret in secrets], now)
    options.out.write_bytes(data)
    print(f"{options.out}: {manifest.version}, {len(manifest.files)} files, good until {manifest.expires:%Y-%m-%d}")
    return 0


def _notes(options: argparse.Namespace) -> str:
    if options.notes:
        return str(options.notes.read_text(encoding="utf-8")).strip()
    changelog = Path(__file__).resolve().parents[2] / "CHANGELOG.md"
    words = section_of(options.version, changelog.read_text(encoding="utf-8"))
    if not words:
        raise WrongUse(f"the changelog has no section of {options.version}; write one, or give --notes")
    return words[:8_000]


def _described(named: str, base: str) -> UpdateFile:
    """Return what is said of a file, which is read whole."""
    kind, _, path = named.rpartition("=")
    file = Path(path)
    platform, _, form = kind.partition(":")
    if not kind:
        platform, form = _guess(file.name)
    with file.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    return UpdateFile(
        platform=platform, kind=form, name=file.name, size=file.stat().st_size, sha256=sha256,
        address=check_address(f"{base}/{file.name}"),
    )  # fmt: skip


def _guess(name: str) -> tuple[str, str]:
    system, kind = _KINDS.get(Path(name).suffix.lower(), ("", ""))
    words = re.split(r"[-_.]", name.lower().replace("x86_64", "amd64"))
    machine = next((_MACHINES[word] for word in words if word in _MACHINES), "universal" if system == "macos" else "")
    if not system or not machine:
        raise WrongUse(f"{name} does not say what it is for; write PLATFORM:KIND={name}")
    return f"{system}-{machine}", kind


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, str(Version(value))


def _secrets(files: list[Path]) -> list[bytes]:
    texts = [file.read_text(encoding="ascii") for file in files]
    if not texts and os.environ.get(KEY_VARIABLE):
        texts = [os.environ[KEY_VARIABLE]]
    if not texts:
        raise WrongUse(f"give a key by --key or {KEY_VARIABLE}")
    found = [bytes.fromhex(text.strip()) for text in texts]
    if any(len(one) != 32 for one in found):
        raise WrongUse("a secret key has 64 hexadecimal digits")
    return found


def _public(secret: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
