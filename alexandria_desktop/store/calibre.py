"""A library of calibre's, read from a copy of its database: calibre's own file is never opened as a database.

Opening it would be enough to leave a journal beside it, or to roll one back.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from alexandria_desktop.base.errors import Code, ReaderError, SurroundingsError
from alexandria_desktop.store.driver import choose_driver

DATABASE = "metadata.db"
_BESIDE = ("-wal", "-journal")
_LARGEST = 4 << 30
_UNDEFINED = "0101"
"""The year of a date that calibre does not know."""


@dataclass(frozen=True, slots=True)
class CalibreBook:
    """What calibre knows of a book."""

    title: str
    folder: str
    """Relative to the library, with ``/``."""
    authors: tuple[str, ...] = ()
    series: str | None = None
    series_index: float | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    """ISO 639-2 or 639-3, as calibre keeps it."""
    publisher: str | None = None
    published: str | None = None
    rating: int | None = None
    """Stars, one to five."""
    identifiers: tuple[tuple[str, str], ...] = ()
    comments: str | None = None
    """HTML."""
    files: Mapping[str, str] = field(default_factory=dict)
    """The name of the file for each format, in capitals: ``{"EPUB": "Emma - Jane Austen.epub"}``."""


def read_calibre(folder: Path) -> list[CalibreBook]:
    """Return the books of a calibre library; raises ReaderError(import.damaged) where its database cannot be read."""
    module = choose_driver().module
    with tempfile.TemporaryDirectory(prefix="alexandria-calibre-") as passing:
        copy = Path(passing) / DATABASE
        try:
            if (folder / DATABASE).stat().st_size > _LARGEST:
                raise ReaderError(
                    Code.IMPORT_TOO_LARGE, "The database of this calibre library is too large to be read."
                )
            shutil.copyfile(folder / DATABASE, copy)
            for suffix in _BESIDE:
                if (folder / f"{DATABASE}{suffix}").is_file():
                    shutil.copyfile(folder / f"{DATABASE}{suffix}", copy.with_name(f"{DATABASE}{suffix}"))
        except OSError as error:
            raise SurroundingsError(
                Code.IMPORT_DAMAGED, "The calibre library cannot be read from the disk.", detail=str(error)
            ) from error
        connection = module.connect(str(copy))
        try:
            return _read(connection)
        except module.Error as error:
            raise ReaderError(
                Code.IMPORT_DAMAGED,
                "The database of this calibre library is damaged, or being written. Nothing was changed; close calibre "
                "and try again.",
                detail=str(error),
            ) from error
        finally:
            connection.close()


def _read(connection: Any) -> list[CalibreBook]:
    authors = _many(connection, "authors", "author", "name", order="books_authors_link.id")
    tags = _many(connection, "tags", "tag", "name", order="tags.name")
    series = _many(connection, "series", "series", "name")
    languages = _many(connection, "languages", "lang_code", "lang_code")
    publishers = _many(connection, "publishers", "publisher", "name")
    ratings = _many(connection, "ratings", "rating", "rating")
    identifiers: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for book, kind, value in connection.execute("SELECT book, type, val FROM identifiers ORDER BY id"):
        identifiers[book].append((str(kind), str(value)))
    comments = {book: str(text) for book, text in connection.execute("SELECT book, text FROM comments")}
    files: dict[int, dict[str, str]] = defaultdict(dict)
    for book, kind, name in connection.execute("SELECT book, format, name FROM data ORDER BY id"):
        files[book][str(kind).upper()] = f"{name}.{str(kind).lower()}"
    rows = connection.execute("SELECT id, title, path, pubdate, series_index FROM books ORDER BY id")
    return [
        CalibreBook(
            title=str(title),
            folder=str(path),
            # calibre keeps a comma within a name as a bar.
            authors=tuple(str(one).replace("|", ",") for one in authors[book]),
            series=_first(series[book]),
            series_index=float(index) if series[book] and index is not None else None,
            tags=tuple(str(one) for one in tags[book]),
            language=_first(languages[book]),
            publisher=_first(publishers[book]),
            published=_date(pubdate),
            rating=_stars(ratings[book]),
            identifiers=tuple(identifiers[book]),
            comments=comments.get(book),
            files=files[book],
        )
        for book, title, path, pubdate, index in rows
    ]


def _many(connection: Any, table: str, column: str, value: str, *, order: str = "") -> dict[int, list[Any]]:
    """Return the values that a link table gives to each book; the names are this module's own."""
    link = f"books_{table}_link"
    query = f"SELECT {link}.book, {table}.{value} FROM {link} JOIN {table} ON {table}.id = {link}.{column}"
    found: dict[int, list[Any]] = defaultdict(list)
    for book, one in connection.execute(f"{query} ORDER BY {order or f'{link}.id'}"):
        found[book].append(one)
    return found


def _first(values: list[Any]) -> str | None:
    return str(values[0]) if values else None


def _date(kept: object) -> str | None:
    date = str(kept or "")[:10]
    return date if len(date) == 10 and not date.startswith(_UNDEFINED) else None


def _stars(values: list[Any]) -> int | None:
    """Return stars from calibre's ten half-stars."""
    half = int(values[0] or 0) if values else 0
    return min(5, max(1, (half + 1) // 2)) if half > 0 else None
