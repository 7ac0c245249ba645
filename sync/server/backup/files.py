"""Files in and out of a backup: linked where the disk allows it, else copied, and always checked by their hash."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from sync.server.backup.errors import BackupError
from sync.server.backup.manifest import blob_path, hash_file, sync_file
from sync.server.blobs.storage import is_hash


def copy_blobs(store: Path, target: Path, earlier: Path | None = None) -> dict[str, int]:
    """Copy every sound file of a store and return their sizes; ``earlier`` is a copy of the store on the target's disk.

    A file that is swept away meanwhile, or whose bytes are not those of its name, is passed over.
    """
    copied: dict[str, int] = {}
    for sha256 in _stored(store):
        for source in (earlier, store) if earlier else (store,):
            try:
                copied[sha256] = bring(blob_path(source, sha256), blob_path(target, sha256), sha256, link=True)
                break
            except (FileNotFoundError, BackupError):
                continue
    return copied


def bring(source: Path, target: Path, sha256: str, *, link: bool) -> int:
    """Put a file at its place whole or not at all, and return its size; what is there and right is left.

    A link costs no room and is safe because files that are named by their hash are never written again.
    """
    if target.is_file() and hash_file(target) == sha256:
        return target.stat().st_size
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = target.with_name(f"{target.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    if not (link and _linked(source, unfinished)):
        shutil.copyfile(source, unfinished)
        unfinished.chmod(0o600)
        sync_file(unfinished)
    if hash_file(unfinished) != sha256:
        unfinished.unlink()
        raise BackupError("damaged_blob", f"The file {source} is not what its name says; the disk may be failing.")
    unfinished.replace(target)
    sync_file(target.parent)
    return target.stat().st_size


def _stored(store: Path) -> Iterator[str]:
    for path in sorted(store.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*")):
        if is_hash(path.name) and path.is_file():
            yield path.name


def _linked(source: Path, target: Path) -> bool:
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        return False  # another disk, or a file system without links
    return True
