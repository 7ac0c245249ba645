"""What the reader makes: notes, and the theme to read in."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from alexandria_desktop.cli.output import Commands, Output

if TYPE_CHECKING:
    from alexandria_desktop.library.library import Library


def add_commands(commands: Any) -> None:
    """Add the commands to the parser."""
    note = commands.add_parser("note", help="write and list notes").add_subparsers(dest="verb", required=True)
    note_add = note.add_parser("add", help="highlight words of a book, with or without a note")
    note_add.add_argument("book", metavar="BOOK")
    note_add.add_argument("--quote", required=True, metavar="TEXT")
    note_add.add_argument("--text", default="", metavar="NOTE")
    note_add.add_argument("--color", default="yellow", metavar="NAME")
    note_list = note.add_parser("list", help="list notes")
    note_list.add_argument("book", nargs="?", metavar="BOOK")

    theme = commands.add_parser("theme", help="list and choose themes").add_subparsers(dest="verb", required=True)
    theme.add_parser("list", help="list the themes")
    theme.add_parser("use", help="read in this theme").add_argument("name", metavar="NAME")


def _note(library: Library, options: argparse.Namespace, output: Output) -> int:
    if options.verb == "add":
        book = library.shelf.resolve(options.book)
        locator = library.notes.find_quote(book, options.quote)
        notes = [library.notes.add(book, locator, text=options.text, color=options.color)]
        library.notes.refresh_words()
    elif options.book:
        notes = library.notes.of_book(library.shelf.resolve(options.book))
    else:
        notes = library.notes.all()
    for note in notes:
        data = {
            "id": str(note.id),
            "book_id": str(note.content_id),
            "type": note.type.value,
            "quote": note.quote,
            "text": note.text,
            "color": note.color,
            "locator": note.locator.to_json() if note.locator else None,
            "placed": note.placed,
        }
        where = "" if note.placed else " (not placed in this edition)"
        output.item(data, f"{note.color or '-':<7} “{note.quote}” {note.text}{where}".rstrip())
    return 0


def _theme(library: Library, options: argparse.Namespace, output: Output) -> int:
    if options.verb == "use":
        theme = library.looks.named(options.name)
        library.looks.use(theme)
        output.item({"id": theme.id, "name": theme.name}, f"Reading in {theme.name}.")
        return 0
    current = library.looks.current().id
    for theme in library.looks.themes():
        data = {"id": theme.id, "name": theme.name, "kind": theme.kind.value, "current": theme.id == current}
        output.item(data, f"{'•' if theme.id == current else ' '} {theme.id:<22} {theme.name}")
    return 0


COMMANDS: Commands = {
    "note": _note,
    "theme": _theme,
}
