"""What a backup holds, written down so that damage is found before anything is touched."""

from __future__ import annotations

import hashlib
import os
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from sync.server.backup.errors import BackupError
from sync.server.blobs.storage import blob_key, is_hash

FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "database.dump"
BLOBS = "blobs"
BLOCK = 1024**2


class Manifest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A backup in words."""

    format: int
    made_at: datetime
    postgres: int
    """Major version of the server that was dumped."""
    programs: int
    """Major version of the pg_dump that wrote the file; reading it takes one as new."""
    schema_version: str
    epoch: str
    owner: str
    """The login that owns the tables, which must exist where the backup is restored."""
    dump_sha256: str
    tables: dict[str, int]
    """Rows of each table in the dump."""
    blobs: dict[str, int]
    """Size of each file, by its SHA-256, which is its name too."""
    missing_blobs: tuple[str, ...] = ()
    """Files that somebody has a claim on and that the store did not have, or not as their name says."""
    blobs_elsewhere: str = ""
    """The bucket that holds the files, where they are not in the backup."""


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest, the last file of a backup; without it a folder is none."""
    path = folder / MANIFEST
    path.write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=1))
    sync_file(path)


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a backup. Raises BackupError where there is none that can be read."""
    try:
        return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except FileNotFoundError as fault:
        raise BackupError("no_backup", f"There is no backup in {folder}.") from fault
    except msgspec.MsgspecError as fault:
        raise BackupError("damaged", f"The manifest in {folder} cannot be read: {fault}.") from fault


def check_backup(folder: Path) -> Manifest:
    """Return the manifest of a backup of which every byte is as it was written. Raises BackupError."""
    manifest = read_manifest(folder)
    if manifest.format != FORMAT:
        raise BackupError("wrong_format", f"The backup in {folder} was written by another release of this program.")
    _check_names(manifest)
    _check_file(folder / DUMP, manifest.dump_sha256)
    for sha256, size in manifest.blobs.items():
        _check_file(blob_path(folder / BLOBS, sha256), sha256, size)
    return manifest


def _check_names(manifest: Manifest) -> None:
    # They become paths.
    if not all(is_hash(sha256) for sha256 in manifest.blobs):
        raise BackupError("damaged", "The backup is damaged: its manifest names files that cannot be.")


def blob_path(store: Path, sha256: str) -> Path:
    """Return where a store keeps a file."""
    return store / blob_key(sha256)


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def sync_file(path: Path) -> None:
    """Make sure that a file, or the names in a folder, are still there after a power cut."""
    if os.name == "nt" and path.is_dir():
        return  # a folder cannot be synced there
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _check_file(path: Path, sha256: str, size: int | None = None) -> None:
    if not path.is_file():
        raise BackupError("damaged", f"The backup is damaged: {path.name} is missing.")
    if (size is not None and path.stat().st_size != size) or hash_file(path) != sha256:
        raise BackupError("damaged", f"The backup is damaged: {path.name} is not as it was written.")
