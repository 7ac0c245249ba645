"""Which process, if any, is the Postgres of a cluster.

``postmaster.pid`` outlives a Postgres that was killed, and its number may by then be a stranger's: after a restart of
the machine, or in a container, where numbers begin anew. pg_ctl asks only whether some process has the number, and
would stop that one.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

_PID, _PORT, _STATE = 0, 3, 7
"""Lines of the file; Postgres' own ``pidfile.h`` promises them."""
_NOBODYS_PID = 2**31 - 1
"""No system gives it out."""


@dataclass(frozen=True, slots=True)
class Postmaster:
    """The first process of a Postgres."""

    pid: int
    port: int
    is_ready: bool
    """Whether it takes connections."""


def find_postmaster(cluster: Path) -> Postmaster | None:
    """Return the Postgres that runs on a cluster, or None."""
    lines = _lines(cluster)
    try:
        pid = int(lines[_PID])
        if not _is_postgres_of(pid, cluster):
            return None
        return Postmaster(pid, int(lines[_PORT]), lines[_STATE].strip() == "ready")
    except (IndexError, ValueError):
        return None  # just starting: the file comes line by line


def disown_stranger(cluster: Path) -> None:
    """Take a stranger's number out of the file of a cluster on which no Postgres runs; else Postgres would not start.

    Not the whole file: the memory that it names is what Postgres makes sure by that nobody is left on the cluster.
    """
    lines = _lines(cluster)
    if not lines or find_postmaster(cluster) is not None:
        return
    lines[_PID] = str(_NOBODYS_PID)
    (cluster / "postmaster.pid").write_text("\n".join(lines), "utf-8")


def _lines(cluster: Path) -> list[str]:
    try:
        return (cluster / "postmaster.pid").read_text("utf-8", "replace").split("\n")
    except FileNotFoundError:
        return []


def _is_postgres_of(pid: int, cluster: Path) -> bool:
    if os.name == "nt":
        return _has_signal_pipe(pid)
    process = Path("/proc") / str(pid)
    try:
        if Path("/proc/self/cwd").exists():
            # A Postgres stands in its cluster.
            is_postgres = (process / "comm").read_text().startswith("postgres")
            return is_postgres and (process / "cwd").samefile(cluster)
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return False
    command = ["ps", "-ww", "-o", "args=", "-p", str(pid)]
    said = subprocess.run(command, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout
    return "postgres" in said and str(cluster) in said


def _has_signal_pipe(pid: int) -> bool:
    # There, a Postgres is signalled by a pipe of its own, so that nothing else can be.
    return f"pgsignal_{pid}" in os.listdir(r"\\.\pipe")  # noqa: PTH208
