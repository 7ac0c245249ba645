"""The disks that are there, and which folders lie on one of another computer: those are never looked through."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

NETWORK_KINDS = (
    "9p", "afpfs", "afs", "ceph", "cifs", "coda", "davfs", "fuse.davfs2", "fuse.gvfsd-fuse", "fuse.rclone",
    "fuse.sshfs",
    "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "smb2", "smb3", "smbfs", "sshfs", "webdav",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Volume:
    """A disk, or a part of one, as it stands in the tree of folders."""

    path: Path
    kind: str
    """The kind of file system, as the system names it."""
    is_remote: bool = False

    @property
    def is_served(self) -> bool:
        """Whether a program stands behind it that may never answer; one in front of a real disk (fuseblk) does."""
        return self.kind == "fuse" or self.kind.startswith(("fuse.", "macfuse", "osxfuse"))


def volumes() -> list[Volume]:
    """Return what is mounted; asks the system only, and touches none of the disks."""
    import psutil

    found = []
    for part in psutil.disk_partitions(all=True):
        kind = part.fstype.lower()
        remote = kind in NETWORK_KINDS or "remote" in part.opts.split(",")
        found.append(Volume(Path(part.mountpoint), kind, remote))
    return found


def is_remote(folder: Path, among: Iterable[Volume]) -> bool:
    """Whether a folder lies on another computer: so does the innermost volume that holds it."""
    if str(folder).startswith(("\\\\", "//")):
        return True
    holder = volume_of(folder, among)
    return holder is not None and holder.is_remote


def volume_of(folder: Path, among: Iterable[Volume]) -> Volume | None:
    """Return the innermost volume that holds a folder, by its name only."""
    holding = [one for one in among if folder == one.path or one.path in folder.parents]
    return max(holding, key=lambda one: len(one.path.parts), default=None)
