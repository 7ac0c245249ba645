"""Put bytes into a file that is whole at every moment: made beside it, brought to the disk, and only then named."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_whole(file: Path, data: bytes, *, mode: int = 0o666) -> None:
    """Write a file in place of what may be there; ``mode`` as for ``open``, with the umask. Raises OSError."""
    beside = file.with_name(f"{file.name}.{secrets.token_hex(6)}")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
