"""Disks: of the library, of temporary files, and the memory that processes share."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alexandria_desktop.doctor.finding import Finding, Trouble, fault, fine, warning

MB = 1_000_000
FULL, NEARLY_FULL = 50 * MB, 500 * MB
TEMP_WANTED = 200 * MB
SHM_WANTED = 64 * 1024 * 1024
_NETWORK = frozenset(
    {
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "smb2", "afpfs", "webdav", "davfs", "fuse.davfs2", "9p", "afs", "ceph",
        "fuse.ceph", "lustre", "glusterfs", "fuse.glusterfs", "fuse.sshfs", "sshfs", "fuse.rclone", "fuse.gvfsd-fuse",
        "fuse.s3fs", "ncpfs", "coda", "macfuse.sshfs",
    }
)  # fmt: skip
_SYNCED = (
    "dropbox",
    "onedrive",
    "google drive",
    "googledrive",
    "icloud drive",
    "mobile documents",
    "nextcloud",
    "owncloud",
)
_CLOCK_SLACK = timedelta(days=1)
_FIRST_RELEASE = datetime(2026, 1, 1, tzinfo=UTC)


def writable(library: Path) -> Finding:
    """Look whether something can be written where the library is, or will be; what is written is removed at once."""
    folder = standing(library)
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return _full(0)
        if error.errno == errno.EROFS:
            return fault(
                Trouble.DISK_READ_ONLY,
                "The disk of the library may only be read, so nothing that you write could be kept.",
                "Unlock the stick or mount the disk for writing; a disk that failed is often switched to this by the "
                "system, so copy the library first.",
            )
        return fault(
            Trouble.DISK_NOT_OURS,
            "The folder of the library may not be written to by this account.",
            "Give the folder to this account (chown, or its properties), or name another folder with --library.",
        )
    return fine("disk", "The folder of the library may be written to.")


def space(free: int, library: int) -> Finding:
    """Look at the bytes that are free on the library's disk, against the bytes of library.db."""
    if free < FULL:
        return _full(free)
    wanted = max(NEARLY_FULL, 2 * library)
    if free < wanted:
        return warning(
            Trouble.DISK_NEARLY_FULL,
            f"Only {free // MB} MB are free on the library's disk, and a backup may want {wanted // MB} MB.",
            "Make room on that disk.",
        )
    return fine("space", f"{free // (1000 * MB)} GB are free on the library's disk.")


def kind(library: Path, filesystem: str) -> Finding:
    """Look at what kind of place the library is in: databases belong on a disk of this computer."""
    if filesystem.lower() in _NETWORK or str(library).startswith(("\\\\", "//")):
        return warning(
            Trouble.DISK_NETWORK,
            f"The library lies on a network drive ({filesystem or 'a share'}), where a broken connection or a second "
            "computer can damage a database.",
            "Move the library to this computer's own data folder, and keep computers in step through a server or "
            "“alexandria join-folder”, which is made for such drives.",
        )
    parts = [part.lower() for part in library.parts]
    synced = next((name for name in _SYNCED if any(part.startswith(name) for part in parts)), "")
    if synced or any((parent / ".stfolder").exists() for parent in library.parents):
        return warning(
            Trouble.DISK_SYNCED,
            "The library lies in a folder that another program keeps in step, and that program can copy a database "
            "while it is written.",
            "Move the library out of that folder; “alexandria join-folder” uses such a folder safely.",
        )
    return fine("place", f"The library lies on a disk of this computer ({filesystem or 'of an unknown kind'}).")


def temporary(folder: Path | None) -> Finding:
    """Look at the folder of temporary files, None where the system has none that can be used."""
    if folder is None or not os.access(folder, os.W_OK):
        return fault(
            Trouble.TEMP_UNUSABLE,
            "There is no folder for temporary files that may be written to, so books cannot be read in.",
            "Make /tmp writable (sudo chmod 1777 /tmp), or set TMPDIR to a folder of yours.",
        )
    free = shutil.disk_usage(folder).free
    if free < TEMP_WANTED:
        return warning(
            Trouble.TEMP_FULL,
            f"Only {free // MB} MB are free for temporary files, so a large book cannot be read in.",
            "Empty that folder, or set TMPDIR to a folder on a larger disk.",
        )
    return fine("temp", f"{free // MB} MB are free for temporary files.")


def shared_memory(folder: Path) -> Finding:
    """Look at the memory that the processes of pages share on Linux."""
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        return fault(
            Trouble.SHM_MISSING,
            f"{folder} is missing or may not be written to, so pages of books stay empty.",
            f"Mount it: sudo mount -t tmpfs -o mode=1777 tmpfs {folder}.",
        )
    usage = shutil.disk_usage(folder)
    if usage.free < SHM_WANTED and usage.total:
        return warning(
            Trouble.SHM_SMALL,
            f"{folder} has {usage.free // MB} MB, and pages with large pictures want more than 64.",
            f"Enlarge it: sudo mount -o remount,size=512m {folder}; in a container: --shm-size=512m.",
        )
    return fine("shm", f"{folder} has {usage.free // MB} MB.")


def clock(now: datetime, written: Iterable[Path]) -> Finding:
    """Look whether the clock can be right: not before this program was made, nor before files were written."""
    if not _FIRST_RELEASE <= now < _FIRST_RELEASE + timedelta(days=365 * 60):
        return warning(
            Trouble.CLOCK_WRONG,
            f"This computer's clock says {now:%Y-%m-%d}, so notes would be sorted wrongly and sync refused.",
            "Set the clock, or let the system set it from the network.",
        )
    times = [datetime.fromtimestamp(file.stat().st_mtime, UTC) for file in written if file.exists()]
    newest = max(times, default=now)
    if newest > now + _CLOCK_SLACK:
        return warning(
            Trouble.CLOCK_BEHIND,
            f"This computer's clock says {now:%Y-%m-%d}, but the library was written on {newest:%Y-%m-%d}.",
            "Set the clock, or let the system set it from the network.",
        )
    return fine("clock", "The clock is not behind what was written.")


def standing(path: Path) -> Path:
    """Return a folder, or the nearest above it that is there."""
    return next((one for one in (path, *path.parents) if one.is_dir()), Path(path.anchor or "."))


def _full(free: int) -> Finding:
    return fault(
        Trouble.DISK_FULL,
        f"The library's disk is full: {free // MB} MB are free. What was written is safe, and nothing more can be.",
        "Make room on that disk.",
    )
