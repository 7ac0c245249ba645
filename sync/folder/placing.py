"""Write a file so that it is there whole or not at all, and say what the file system's faults mean to a round."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sync.protocol.errors import Refused, SyncError, Unreachable

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
_NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EINVAL, errno.EACCES})


@contextmanager
def explained(root: Path) -> Iterator[None]:
    """Turn the file system's faults into those that a round understands."""
    try:
        yield
    except OSError as fault:
        raise _fault(fault, root) from fault


def place(target: Path, content: bytes, *, replacing: bool = False) -> bool:
    """Write a file by way of another name; False where one of that name is there already. Raises OSError."""
    if not replacing and target.exists():
        return False
    make_room(target)
    part = part_of(target)
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return settle(part, target, replacing=replacing)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def part_of(target: Path) -> Path:
    """Return another name for a file while it is written, a new one each time.

    Two computers that share a disk may have the same process number, and would write into one file.
    """
    return target.with_name(f".{target.name}.{secrets.token_hex(6)}.part")


def make_room(target: Path) -> None:
    """Make the folder of a file and the one around it. Never more: where a stick was pulled out, nothing is made."""
    for folder in (target.parent.parent, target.parent):
        folder.mkdir(exist_ok=True)


def settle(part: Path, target: Path, *, replacing: bool) -> bool:
    """Give a file that is on the disk its name; False where that is taken. Raises OSError."""
    if replacing:
        part.replace(target)
    else:
        try:
            os.link(part, target)
        except FileExistsError:
            return False
        except OSError as fault:
            if fault.errno not in _NO_LINKS:
                raise
            # File systems of sticks have no links; who writes here is alone at it but for the manifest.
            if target.exists():
                return False
            part.rename(target)
    _settle_folder(target.parent)
    return True


def read(path: Path) -> bytes | None:
    """Return what is in a file, None where there is none. Raises OSError."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return None


def _settle_folder(folder: Path) -> None:
    """Bring a folder's names to the disk where the system can do that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _fault(fault: OSError, root: Path) -> SyncError:
    if not root.exists():
        return Unreachable(f"The folder {root} is not there.")
    if fault.errno in _FULL:
        return Refused(507, "folder.full", f"There is no room left in the folder {root}.")
    if fault.errno in _READ_ONLY:
        return Refused(403, "folder.read-only", f"The folder {root} cannot be written to.")
    return Unreachable(f"The folder {root} cannot be read just now.")
