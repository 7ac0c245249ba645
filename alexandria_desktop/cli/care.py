"""Care for the library: back up, restore, and the doctor."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alexandria_desktop.base.paths import LibraryPaths
from alexandria_desktop.cli.output import Commands, FolderCommands, Output

if TYPE_CHECKING:
    from alexandria_desktop.library.library import Library


def add_commands(commands: Any) -> None:
    """Add the commands to the parser."""
    backup = commands.add_parser("backup", help="copy everything that you wrote")
    backup.add_argument("file", nargs="?", type=Path, metavar="FILE")
    commands.add_parser("restore", help="put a backup in place").add_argument("file", type=Path, metavar="FILE")
    commands.add_parser("doctor", help="check the library and repair what can be computed again")


def _backup(library: Library, options: argparse.Namespace, output: Output) -> int:
    contents = library.care.back_up(options.file.absolute() if options.file else None)
    data = {"file": str(contents.file), "books": contents.books, "notes": contents.notes}
    output.item(data, f"{contents.file}: {contents.books} books, {contents.notes} notes")
    return 0


def _restore(root: Path, options: argparse.Namespace, output: Output) -> int:
    from alexandria_desktop.store.backup import read_backup, restore_backup

    contents = read_backup(options.file.absolute())
    kept = restore_backup(LibraryPaths(root), options.file.absolute())
    data = {
        "file": str(options.file),
        "books": contents.books,
        "notes": contents.notes,
        "kept": str(kept) if kept else None,
    }
    words = f"Restored {contents.books} books and {contents.notes} notes."
    output.item(data, f"{words} The library of before is kept as {kept}." if kept else words)
    return 0


def _doctor(library: Library, _options: argparse.Namespace, output: Output) -> int:
    failed = False
    for check in library.repair():
        failed = failed or not check.ok
        data = {"check": check.name, "ok": check.ok, "message": check.message}
        output.item(data, f"{'ok  ' if check.ok else 'FAIL'} {check.name:<12} {check.message}")
    return 1 if failed else 0


COMMANDS: Commands = {
    "backup": _backup,
    "doctor": _doctor,
}

FOLDER_COMMANDS: FolderCommands = {"restore": _restore}
