"""Check that both files are whole and agree; the list is what ``alexandria doctor`` prints of the store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from alexandria_desktop.base.errors import SurroundingsError
from alexandria_desktop.base.paths import LibraryPaths
from alexandria_desktop.store import damage
from alexandria_desktop.store.database import Database
from alexandria_desktop.store.files import kept_files
from alexandria_desktop.store.identity import identity_of
from alexandria_desktop.store.passages import books_to_forget


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    message: str


_ORPHANS = {
    "shelf": """SELECT count(*) FROM user_libraries AS place
        LEFT JOIN content_items AS item ON item.id = place.content_id WHERE item.id IS NULL""",
    "book": """SELECT count(*) FROM content_items AS item
        LEFT JOIN books AS book ON book.content_id = item.id
        WHERE item.content_type = 'book' AND item.is_stub = 0 AND book.id IS NULL""",
    "note": """SELECT count(*) FROM user_notes AS note
        LEFT JOIN content_items AS item ON item.id = note.content_id
        WHERE note.deleted_at IS NULL AND item.id IS NULL""",
}


def check_store(database: Database) -> list[Check]:
    """Look at everything; takes about a second for each hundred megabytes."""
    return list(_checks(database))


def forget_index(paths: LibraryPaths) -> None:
    """Throw index.db away, so that the next opening makes it anew; nobody may have the library open."""
    for suffix in ("", *damage.COMPANIONS):
        paths.index_db.with_name(paths.index_db.name + suffix).unlink(missing_ok=True)


def rebuild_full_text(database: Database) -> None:
    """Build the full text again from the passages, titles and notes that index.db holds."""

    def rebuild(connection: Connection) -> None:
        for name in ("passages_fts", "titles_fts", "notes_fts"):
            connection.exec_driver_sql(f"INSERT INTO {name}({name}) VALUES ('rebuild')")

    database.index.run(rebuild)


def _checks(database: Database) -> Iterator[Check]:
    driver = database.driver
    version = ".".join(map(str, driver.sqlite_version))
    extensions = "with extensions" if driver.can_load_extensions else "without extensions"
    yield Check("sqlite", True, f"{driver.name}, SQLite {version}, {extensions}")
    with database.reading() as connection:
        yield _quick_check(connection, "library", "main")
        yield _quick_check(connection, "index", "idx")
        yield _references(connection)
        yield from _orphans(connection)
        yield from _agreement(connection)
        yield _files(connection, database.paths)
    yield _full_text(database)


def _quick_check(connection: Connection, name: str, schema: str) -> Check:
    verdict = str(connection.exec_driver_sql(f"PRAGMA {schema}.quick_check(5)").scalars().first())
    whole = verdict == "ok"
    return Check(name, whole, "The file is whole." if whole else f"The file is damaged: {verdict}")


def _references(connection: Connection) -> Check:
    broken = connection.exec_driver_sql("PRAGMA main.foreign_key_check").fetchall()
    message = f"{len(broken)} rows point to something that is gone." if broken else "Every reference leads somewhere."
    return Check("references", not broken, message)


def _orphans(connection: Connection) -> Iterator[Check]:
    for name, query in _ORPHANS.items():
        count = int(connection.exec_driver_sql(query).scalar_one())
        message = f"{count} rows belong to a book that is not there." if count else "Every row has its book."
        yield Check(f"{name} rows", count == 0, message)


def _agreement(connection: Connection) -> Iterator[Check]:
    identity = identity_of(connection)
    if identity is None:
        return
    extra = len(books_to_forget(connection, identity.user_id))
    message = f"{extra} indexed books are no longer in the library." if extra else "The index has no book too many."
    yield Check("index agrees", extra == 0, message)
    rejected = int(connection.exec_driver_sql("SELECT count(*) FROM outbox WHERE state = 'rejected'").scalar_one())
    message = f"{rejected} changes were refused by the server." if rejected else "No change was refused."
    yield Check("outbox", rejected == 0, message)


def _files(connection: Connection, paths: LibraryPaths) -> Check:
    missing = [path for path in kept_files(connection).values() if not (paths.root / path).exists()]
    if not missing:
        return Check("files", True, "Every book's file is there.")
    return Check("files", False, f"{len(missing)} book files are missing, the first is {missing[0]}.")


def _full_text(database: Database) -> Check:
    def verify(connection: Connection) -> None:
        for name in ("passages_fts", "titles_fts", "notes_fts"):
            connection.exec_driver_sql(f"INSERT INTO {name}({name}, rank) VALUES ('integrity-check', 1)")

    try:
        database.index.run(verify)
    except SurroundingsError as error:
        return Check("full text", False, f"The full text does not match the passages: {error.detail}")
    return Check("full text", True, "The full text matches the passages.")
