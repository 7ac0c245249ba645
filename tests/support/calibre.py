"""Make a small library as calibre keeps one: a database, and a folder of files for each book."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.epubs import make_epub, prose

_TABLES = """
CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT, path TEXT, pubdate TEXT, series_index REAL DEFAULT 1.0);
CREATE TABLE data (id INTEGER PRIMARY KEY, book INTEGER, format TEXT, uncompressed_size INTEGER, name TEXT);
CREATE TABLE comments (id INTEGER PRIMARY KEY, book INTEGER, text TEXT);
CREATE TABLE identifiers (id INTEGER PRIMARY KEY, book INTEGER, type TEXT, val TEXT);
"""
_LINKED = (("authors", "author", "name"), ("tags", "tag", "name"), ("series", "series", "name"),
           ("languages", "lang_code", "lang_code"), ("publishers", "publisher", "name"),
           ("ratings", "rating", "rating"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shelved:
    """A book as calibre has it; its file says less."""

    title: str
    authors: Sequence[str] = ("Unknown",)
    tags: Sequence[str] = ()
    series: str | None = None
    series_index: float = 1.0
    languages: Sequence[str] = ()
    half_stars: int | None = None
    pubdate: str = "0101-01-01 00:00:00+00:00"
    comments: str | None = None
    isbn: str | None = None
    formats: Sequence[str] = ("EPUB",)


def make_calibre(folder: Path, *shelved: Shelved) -> Path:
    """Write a library; each book's text is its own."""
    folder.mkdir(parents=True)
    connection = sqlite3.connect(folder / "metadata.db")
    connection.executescript(_TABLES)
    for table, column, value in _LINKED:
        connection.execute(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, {value} UNIQUE)")
        connection.execute(f"CREATE TABLE books_{table}_link (id INTEGER PRIMARY KEY, book INTEGER, {column} INTEGER)")
    for number, book in enumerate(shelved, 1):
        _put(connection, folder, number, book)
    connection.commit()
    connection.close()
    return folder


def _put(connection: sqlite3.Connection, folder: Path, number: int, book: Shelved) -> None:
    path = f"{book.authors[0]}/{book.title} ({number})"
    row = (number, book.title, path, book.pubdate, book.series_index)
    connection.execute("INSERT INTO books VALUES (?, ?, ?, ?, ?)", row)
    values = {
        "authors": book.authors, "tags": book.tags, "series": [book.series] if book.series else [],
        "languages": book.languages, "publishers": [], "ratings": [book.half_stars] if book.half_stars else [],
    }  # fmt: skip
    for table, column, value in _LINKED:
        for one in values[table]:
            connection.execute(f"INSERT OR IGNORE INTO {table} ({value}) VALUES (?)", (one,))
            chosen = f"SELECT ?, id FROM {table} WHERE {value} = ?"
            connection.execute(f"INSERT INTO books_{table}_link (book, {column}) {chosen}", (number, one))
    if book.comments:
        connection.execute("INSERT INTO comments (book, text) VALUES (?, ?)", (number, book.comments))
    if book.isbn:
        connection.execute("INSERT INTO identifiers (book, type, val) VALUES (?, 'isbn', ?)", (number, book.isbn))
    for kind in book.formats:
        connection.execute("INSERT INTO data (book, format, name) VALUES (?, ?, 'the file')", (number, kind))
        file = folder / path / f"the file.{kind.lower()}"
        if kind == "EPUB":
            make_epub(file, [("One", f"<p>{prose(number)}</p>")], title="untitled", authors=["nobody"])
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(prose(number))
