"""``alexandria-server restore``: bring a backup back."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from sync.server.backup import BackupError, Restored, restore
from sync.server.commands.database import EXPECTED, NO_FILES, add_database_options, opened, say

ADMIN_DATABASE_URL = "--admin-database-url"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("folder", type=Path, metavar="BACKUP", help="the dated folder of one backup")
    parser.add_argument("--yes", action="store_true", help="replace a database that holds something")
    parser.add_argument(ADMIN_DATABASE_URL, help="a superuser's login to a database of your own")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_database_options(parser)


def run(given: argparse.Namespace) -> int:
    """Put a backup in the place of the database, and say where the old one is kept."""
    try:
        with opened(given) as place:
            if not place.admin_url:
                return say(f"Name a superuser's login to the database to be replaced by {ADMIN_DATABASE_URL}.")
            if not place.blobs:
                return say(NO_FILES)
            done = restore(given.folder.resolve(), place.admin_url, place.blobs, replace=given.yes)
    except BackupError as fault:
        more = " The old one is kept beside the new; say --yes to do it." if fault.code == "would_replace" else ""
        return say(f"{fault}{more}")
    except (*EXPECTED, OSError) as fault:
        return say(fault)
    _tell(done, as_json=given.json)
    return 0


def _tell(done: Restored, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"kept_as": done.kept_as, "epoch": done.epoch, "made_at": done.manifest.made_at.isoformat()}))
        return
    print(f"The database is that of {done.manifest.made_at:%Y-%m-%d %H:%M} UTC; devices will compare what they have.")
    if done.kept_as:
        print(f"The one that was replaced is kept as {done.kept_as}; drop it when you no longer need it.")
    if done.manifest.missing_blobs:
        print(f"{len(done.manifest.missing_blobs)} files were not in the backup.")
