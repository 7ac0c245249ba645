"""Care for the library: back up, restore, and the doctor."""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.base.paths import LibraryPaths
from alexandria_desktop.cli.output import Commands, FolderCommands, Output
from alexandria_desktop.doctor.finding import Finding, Severity, exit_status, fine

if TYPE_CHECKING:
    from alexandria_desktop.library.library import Library


def add_commands(commands: Any) -> None:
    """Add the commands to the parser."""
    backup = commands.add_parser("backup", help="copy everything that you wrote")
    backup.add_argument("file", nargs="?", type=Path, metavar="FILE")
    commands.add_parser("restore", help="put a backup in place").add_argument("file", type=Path, metavar="FILE")
    doctor = commands.add_parser("doctor", help="say what is wrong here, check the library, repair what can be")
    doctor.add_argument("--quick", action="store_true", help="look around only; the library is not opened")
    doctor.add_argument("--report", action="store_true", help="a text for a bug report, without titles, notes or names")


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


def _doctor(root: Path, options: argparse.Namespace, output: Output) -> int:
    from alexandria_desktop.doctor import surroundings
    from alexandria_desktop.doctor.report import report

    findings: list[Finding] = []
    rounds = [surroundings.examine(root)] if options.quick else [surroundings.examine(root), _library(root)]
    for one in itertools.chain(*rounds):
        findings.append(one)
        if not options.report:
            _tell(one, output)
    if options.report:
        words = report(root, findings)
        output.item({"report": words}, words.rstrip())
    return exit_status(findings)


def _library(root: Path) -> Iterator[Finding]:
    """Open the library, look at everything in it, and repair what can be computed again."""
    paths = LibraryPaths(root)
    if not paths.library_db.exists() and not list(paths.backups.glob("*.db")):
        yield fine("library", "There is no library here yet; it is made when the first book comes.")
        return
    from alexandria_desktop.library.library import Library

    try:
        with Library.open(root, check=True) as library:
            for check in library.repair():
                yield Finding(check.name, Severity.OK if check.ok else Severity.FAULT, check.message)
    except AlexandriaError as error:
        yield Finding("library", Severity.FAULT, error.message, code=error.code.value)


def _tell(one: Finding, output: Output) -> None:
    data = {
        "check": one.check, "ok": one.is_ok, "severity": one.severity.value, "code": one.code or None,
        "message": one.sentence, "remedy": one.remedy or None,
    }  # fmt: skip
    code = f" [{one.code}]" if one.code else ""
    remedy = f"\n{'':20}{one.remedy}" if one.remedy else ""
    output.item(data, f"{_MARKS[one.severity]:<6}{one.check:<14}{one.sentence}{code}{remedy}")


_MARKS = {Severity.OK: "ok", Severity.NOTE: "note", Severity.WARNING: "warn", Severity.FAULT: "FAIL"}

COMMANDS: Commands = {
    "backup": _backup,
}

FOLDER_COMMANDS: FolderCommands = {"restore": _restore, "doctor": _doctor}
