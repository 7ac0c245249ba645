"""``alexandria-server backup``: database and files together, into a dated folder."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from sync.server.backup import BackupError, back_up, rotate
from sync.server.commands.database import EXPECTED, NO_FILES, add_database_options, opened, say
from sync.server.migrate import read_state


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("target", type=Path, metavar="FOLDER", help="where backups are kept, best on another disk")
    parser.add_argument("--keep-all", action="store_true", help="remove no old backup")
    parser.add_argument("--daily", type=int, default=7, metavar="N", help="days of which the last backup is kept (7)")
    parser.add_argument("--weekly", type=int, default=4, metavar="N", help="weeks of which the last is kept (4)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_database_options(parser)


def run(given: argparse.Namespace) -> int:
    """Make a backup and say what is in it; 3 where files were missing."""
    target: Path = given.target.resolve()
    try:
        with opened(given) as place:
            if not place.owner_url:
                return say("Name the owner's login by --owner-database-url; the gateway's may not read everything.")
            if not place.blobs:
                return say(NO_FILES)
            if read_state(place.owner_url).version is None:
                return say("There is nothing to back up: the database was never migrated.")
            made = back_up(place.owner_url, place.blobs, target)
        # While files are missing, earlier backups may be the only ones that have them.
        is_whole = not made.manifest.missing_blobs
        gone = rotate(target, daily=given.daily, weekly=given.weekly) if is_whole and not given.keep_all else []
    except (*EXPECTED, BackupError, OSError) as fault:
        return say(fault)
    found = made.manifest
    if given.json:
        print(
            json.dumps(
                {
                    "folder": str(made.folder),
                    "rows": sum(found.tables.values()),
                    "files": len(found.blobs),
                    "bytes": sum(found.blobs.values()),
                    "missing_files": list(found.missing_blobs),
                    "removed": [str(path) for path in gone],
                }
            )
        )
    else:
        _tell(str(made.folder), sum(found.tables.values()), len(found.blobs), len(gone))
        if found.blobs_elsewhere:
            print(f"The files are in {found.blobs_elsewhere} and not in the backup; keep versions of that bucket.")
    if found.missing_blobs:
        say(f"{len(found.missing_blobs)} files that people have are not in the store or damaged; no old backup goes.")
        return 3
    return 0


def _tell(folder: str, rows: int, files: int, gone: int) -> None:
    print(f"Backed up {rows} rows and {files} files into {folder}.")
    if gone:
        print(f"Removed {gone} old backups.")
