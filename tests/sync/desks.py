"""Whole libraries that are signed in to one account, as the window has them."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from alexandria_desktop.library.library import Library
from tests.server.serving import PASSWORD
from tests.support.epubs import make_epub
from tests.support.server import ServerDatabase
from tests.sync.laptops import Account

WORDS = "Call me Ishmael, he said, and looked out over the sea."


def sign_in(library: Library, account: Account) -> None:
    """Sign a library in to an account, and run a round."""
    library.syncing.sign_in(account.address, account.email, PASSWORD)
    library.syncing.sync()


def add_note(library: Library, folder: Path, text: str, *, title: str = "Moby-Dick") -> UUID:
    """Import a book and write a note on its first words."""
    path = make_epub(folder / "book.epub", [("Loomings", f"<p>{WORDS}</p>")], title=title)
    book = library.import_paths([path])[0].book_id
    assert book is not None
    return library.notes.add(book, library.notes.find_quote(book, "Call me Ishmael"), text=text).id


def differ(here: Library, there: Library, note: UUID, *, mine: str, theirs: str) -> None:
    """Write a note on both while neither hears of the other, then bring both home; ``here`` comes second."""
    for one in (here, there):
        one.syncing.sync()
    here.notes.edit(note, text=mine)
    there.notes.edit(note, text=theirs)
    there.syncing.sync()
    here.syncing.sync()


def refuse(library: Library, database: ServerDatabase, note: UUID, text: str) -> None:
    """Have the server refuse a change, for a reason of its own."""
    library.syncing.sync()
    with database.as_superuser() as connection:
        connection.execute("alter table user_notes drop constraint if exists no_sea")
        connection.execute("alter table user_notes add constraint no_sea check (note_text not like '%sea%') not valid")
    library.notes.edit(note, text=text)
    library.syncing.sync()
    with database.as_superuser() as connection:
        connection.execute("alter table user_notes drop constraint no_sea")
