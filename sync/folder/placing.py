"""Write a file so that it is there whole or not at all, and say what the file system's faults mean to a round."""

from __future__ import annotations

import errno
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from sync.protocol.errors import Refused, SyncError, Unreachable

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
_NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EINVAL, errno.EACCES})
_PART = re.compile(r"\.[0-9a-z.-]+\.[0-9a-f]+\.part")


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


def clear_parts(folder: Path, before: datetime) -> None:
    """Remove files in a folder whose writing was cut off before a time, as where a stick was pulled out.

    To take one away from somebody whose clock is days off does no harm: that copy fails, and is made again.
    """
    with suppress(OSError), os.scandir(folder) as entries:
        for one in entries:
            if _PART.fullmatch(one.name):
                with suppress(OSError):
                    if one.stat().st_mtime < before.timestamp():
                        Path(one.path).unlink()


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
            _name(part, target)
        except FileExistsError:
            return False
    _settle_folder(target.parent)
    return True


def _name(part: Path, target: Path) -> None:
    """Give a file its name where nothing has that name. Raises FileExistsError."""
    try:
        os.link(part, target)
    except FileExistsError:
        raise
    except OSError as fault:
        if fault.errno not in _NO_LINKS:
            raise
        # File systems of sticks have no links; who writes here is alone at it but for the manifest.
        if target.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from fault
        part.rename(target)  # on Windows this too says so where another was quicker


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
