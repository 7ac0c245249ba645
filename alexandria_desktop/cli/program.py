"""The program itself: newer versions of it, and the licences of what it is made of."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alexandria_desktop.cli.output import Commands, FolderCommands, Output

if TYPE_CHECKING:
    from alexandria_desktop.library.updating import Found


def add_commands(commands: Any) -> None:
    """Add the commands to the parser."""
    update = commands.add_parser("update", help="look for a newer version of the program; nothing is installed")
    verbs = update.add_subparsers(dest="verb", required=True)
    verbs.add_parser("check", help="look now")
    fetch = verbs.add_parser("fetch", help="look, and bring the file of a newer version to the downloads")
    fetch.add_argument("--to", dest="folder", type=Path, metavar="DIR", help="bring it into this folder")
    by_itself = verbs.add_parser("automatic", help="let the program look once a day by itself, or no longer")
    by_itself.add_argument("state", nargs="?", choices=("on", "off"))
    licences = commands.add_parser("licences", help="list what the program is made of, and under which licence")
    licences.add_argument("name", nargs="?", metavar="NAME", help="show the words of one licence")


def _update(_root: Path, options: argparse.Namespace, output: Output) -> int:
    from alexandria_desktop.library.updating import Updates

    updates = Updates()
    if options.verb == "automatic":
        if options.state is not None:
            updates.agree(to_look=options.state == "on")
        is_on = bool(updates.memory().agreed)
        words = "The program looks for newer versions once a day." if is_on else "The program looks only when asked."
        output.item({"automatic": is_on, "channel": updates.has_channel}, words)
        return 0
    found = updates.look()
    if options.verb == "check" or not found.is_newer:
        output.item(_as_json(found), f"{found.sentence} {found.advice}".strip())
        if found.is_newer:
            output.say(f"{found.manifest.notes}\n{found.manifest.page}")
        return 0
    file = updates.fetch(found, options.folder)
    output.item(
        {**_as_json(found), "path": str(file)}, f"{file}: version {found.manifest.version}. Nothing was installed."
    )
    return 0


def _licences(_root: Path, options: argparse.Namespace, output: Output) -> int:
    from alexandria_desktop.library.licences import licences, named, text_of

    if options.name:
        one = named(options.name)
        words = text_of(one)
        output.item({"name": one.name, "licence": one.licence, "text": words}, words)
        return 0
    for one in licences():
        data = {
            "name": one.name, "version": one.version or None, "kind": one.kind.value, "licence": one.licence,
            "what": one.what, "address": one.address or None,
        }  # fmt: skip
        output.item(data, f"{f'{one.name} {one.version}'.strip():<42} {one.licence}")
    return 0


def _as_json(found: Found) -> dict[str, Any]:
    manifest = found.manifest
    return {
        "version": str(manifest.version), "newer": found.is_newer, "date": manifest.date.isoformat(),
        "page": manifest.page, "notes": manifest.notes, "file": found.file.name if found.file else None,
        "kept_by": found.keeper.value, "advice": found.advice,
    }  # fmt: skip


COMMANDS: Commands = {}
FOLDER_COMMANDS: FolderCommands = {"update": _update, "licences": _licences}
