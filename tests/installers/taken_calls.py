"""Takes from a process the system calls that Flatpak takes from everything in it, as far as sandboxes are made of them.

Clones into a user namespace, ``unshare``, ``setns``, ``mount``, ``umount2``, ``pivot_root`` and ``chroot`` are
forbidden, and ``clone3`` is not there, because what it is asked for lies in memory where no filter can look.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct

IS_KNOWN = platform.machine() == "x86_64"
"""Whether the numbers below are those of this processor."""

_CLONE, _CLONE3 = 56, 435
_FORBIDDEN = (155, 161, 165, 166, 272, 308)
_NEW_USER = 0x10000000
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000
_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_NUMBER, _FIRST_ARGUMENT = 0, 16  # where they lie in what a filter sees
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2


def take_calls() -> None:
    """Take them from this process and all that it will start, for good."""
    lines = [
        (_LOAD, 0, 0, _NUMBER),
        (_EQUAL, 0, 1, _CLONE3), (_RETURN, 0, 0, _ERROR | errno.ENOSYS),
        *(step for one in _FORBIDDEN for step in ((_EQUAL, 0, 1, one), (_RETURN, 0, 0, _ERROR | errno.EPERM))),
        (_EQUAL, 0, 3, _CLONE),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_ANY_BIT, 0, 1, _NEW_USER), (_RETURN, 0, 0, _ERROR | errno.EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]  # fmt: skip
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in lines))
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(lines), ctypes.addressof(code)))
    system = ctypes.CDLL(None, use_errno=True)
    if system.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) or system.prctl(_SECCOMP, _FILTER, program, 0, 0):
        raise OSError(ctypes.get_errno(), "the filter was refused")
