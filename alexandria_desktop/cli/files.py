"""Book files that come and go: fetch, give back, keep here."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from alexandria_desktop import asking
from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.cli.output import Commands, Output

if TYPE_CHECKING:
    from alexandria_desktop.library.library import Library


def add_commands(commands: Any) -> None:
    """Add the commands to the parser."""
    fetch = commands.add_parser("fetch", help="bring the file of a book here from the server or folder")
    fetch.add_argument("book", metavar="BOOK")
    back = commands.add_parser("give-back", help="take the file of a book off this computer; the server keeps it")
    back.add_argument("book", metavar="BOOK")
    keep = commands.add_parser("keep", help="always have the book files of a collection here, or no longer")
    keep.add_argument("collection", metavar="COLLECTION")
    keep.add_argument("state", nargs="?", choices=("on", "off"), default="on")


def _fetch(library: Library, options: argparse.Namespace, output: Output) -> int:
    book = library.shelf.resolve(options.book)
    asking.unlock(library)
    library.fetch_file(book)
    output.item({"book_id": str(book)}, "The file is here.")
    return 0


def _give_back(library: Library, options: argparse.Namespace, output: Output) -> int:
    book = library.shelf.resolve(options.book)
    asking.unlock(library)
    count = library.files.give_back([book])
    words = "The file is off this computer; `alexandria fetch` brings it back." if count else "It was not here."
    output.item({"book_id": str(book), "files": count}, words)
    return 0


def _keep(library: Library, options: argparse.Namespace, output: Output) -> int:
    found = [one for one in library.shelf.collections() if one.name.casefold() == options.collection.casefold()]
    if not found:
        raise ReaderError(Code.COLLECTION_UNKNOWN, f"No collection is called “{options.collection}”.")
    is_on = options.state == "on"
    library.files.keep_here(found[0].id, always=is_on)
    words = f"The files of “{found[0].name}” are {'always kept here' if is_on else 'fetched when they are wanted'}."
    output.item({"collection": str(found[0].id), "always_here": is_on}, words)
    return 0


COMMANDS: Commands = {
    "fetch": _fetch,
    "give-back": _give_back,
    "keep": _keep,
}
