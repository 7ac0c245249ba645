"""Find the private Postgres that another process runs on a folder, for a command beside a server that serves."""

from __future__ import annotations

import json
from pathlib import Path

from sync.server.embedded.binaries import find_binaries
from sync.server.embedded.postmaster import find_postmaster
from sync.server.embedded.private import PrivatePostgres


def running_postgres(folder: Path) -> PrivatePostgres | None:
    """Return the Postgres that answers for a folder, or None where there is none or it is just starting or ending.

    Who joins it does not hold the folder: it ends when the process that started it ends.
    """
    cluster = folder / "postgres"
    found = find_postmaster(cluster)
    if found is None or not found.is_ready:
        return None
    passwords = json.loads((folder / "secrets.json").read_text("utf-8"))
    major = int((cluster / "PG_VERSION").read_text("ascii"))
    return PrivatePostgres(folder, find_binaries(major), found.port, passwords)
