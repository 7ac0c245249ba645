"""Books on the reader's shelf: added, found, listed, described, removed and brought back.

A book is four rows: the item, what is known of it as a book, its file, and its place on this reader's shelf. Their ids
follow from the reader and the file's content, so that two devices that add the same file mean the same book.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, select

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.book.model import BookFormat, Metadata
from alexandria_desktop.store import shelf
from alexandria_desktop.store.book_rows import Added, Arrival, BookDetails, BookFile, NewFile
from alexandria_desktop.store.files import file_of, files_of, remember_file
from alexandria_desktop.store.sorting import author_key, title_key
from alexandria_desktop.store.unit_of_work import UnitOfWork
from sync.schema import natural
from sync.schema.tables import table

_LONGEST = 500


def add_book(
    unit: UnitOfWork,
    user_id: UUID,
    metadata: Metadata,
    format: BookFormat,
    file: NewFile,
    *,
    cover: str | None = None,
    page_count: int | None = None,
) -> Added:
    """Put a book on the shelf, or find that it is there already, or bring it back where it had been removed."""
    known = find_by_edition(unit.connection, user_id, file.edition, removed=True)
    remember_file(unit.connection, file, unit.now)
    if known is not None:
        returned = bring_back(unit, user_id, known)
        return Added(known, Arrival.BROUGHT_BACK if returned else Arrival.DUPLICATE)
    content_id = natural.imported_item(user_id, file.edition)
    unit.insert("content_items", {**_item_values(user_id, metadata, format, file), "id": content_id})
    unit.insert(
        "books",
        {
            **_book_values(metadata),
            "id": natural.book(content_id),
            "content_id": content_id,
            "cover_sha256": cover,
            "page_count": page_count,
        },
    )
    _add_file_row(unit, content_id, format, file)
    unit.insert(
        "user_libraries",
        {"id": library_id(user_id, content_id), "user_id": user_id, "content_id": content_id, "added_at": unit.now},
    )
    return Added(content_id, Arrival.ADDED)


def add_edition(unit: UnitOfWork, content_id: UUID, format: BookFormat, file: NewFile) -> None:
    """Give a book another file, which is read from now on; notes keep the edition they were written in."""
    files = table("content_files")
    remember_file(unit.connection, file, unit.now)
    others = select(files.c.id, files.c.sha256).where(files.c.content_id == content_id)
    present = False
    for row in unit.connection.execute(others).all():
        is_this = row.sha256 == file.edition
        present = present or is_this
        unit.update(
            "content_files", row.id, {"is_current": is_this, "deleted_at": None} if is_this else {"is_current": False}
        )
    if not present:
        _add_file_row(unit, content_id, format, file)
    changes = {
        "edition": file.edition,
        "file_path": file.path,
        "file_size": file.size,
        "file_format": format.value,
    }
    if not unit.update("content_items", content_id, changes):
        raise _unknown(content_id)


def find_by_edition(connection: Connection, user_id: UUID, edition: str, *, removed: bool = False) -> UUID | None:
    """Return the book that this file belongs to, on this reader's shelf."""
    files, places = table("content_files"), table("user_libraries")
    chosen = (
        select(files.c.content_id)
        .join(places, places.c.content_id == files.c.content_id)
        .where(files.c.sha256 == edition, places.c.user_id == user_id)
    )
    if not removed:
        chosen = chosen.where(places.c.deleted_at.is_(None))
    return connection.execute(chosen.limit(1)).scalar()


def find_titled(connection: Connection, user_id: UUID, title: str, author: str) -> UUID | None:
    """Return the one book on this reader's shelf of exactly this title, and of this author if one is named."""
    items, places, known = table("content_items"), table("user_libraries"), table("books")
    chosen = (
        select(items.c.id)
        .join(places, places.c.content_id == items.c.id)
        .join(known, known.c.content_id == items.c.id)
        .where(items.c.title == title, places.c.user_id == user_id, places.c.deleted_at.is_(None))
    )
    if author:
        chosen = chosen.where(known.c.author == author)
    found = connection.execute(chosen.limit(2)).scalars().all()
    return found[0] if len(found) == 1 else None


def get_book(connection: Connection, user_id: UUID, content_id: UUID) -> BookDetails:
    """Return everything about a book; raises ReaderError(book.unknown)."""
    found = connection.execute(
        shelf.details_query().where(
            table("user_libraries").c.user_id == user_id, table("content_items").c.id == content_id
        )
    ).first()
    if found is None:
        raise _unknown(content_id)
    return shelf.details(found, file_of(connection, content_id))


def find_books(connection: Connection, user_id: UUID, words: str) -> list[UUID]:
    """Return the books whose title holds these words, whatever the case."""
    items, places = table("content_items"), table("user_libraries")
    pattern = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    holds: ColumnElement[bool] = items.c.title.ilike(f"%{pattern}%", escape="\\")
    chosen = (
        select(items.c.id)
        .join(places, places.c.content_id == items.c.id)
        .where(places.c.user_id == user_id, places.c.deleted_at.is_(None), items.c.content_type == "book", holds)
        .order_by(items.c.title)
    )
    return list(connection.execute(chosen).scalars())


def update_metadata(
    unit: UnitOfWork,
    content_id: UUID,
    metadata: Metadata,
    *,
    tags: Sequence[str] | None = None,
    genre: str | None = None,
    cover: str | None = None,
) -> None:
    """Replace what is known of a book; the file itself is never written to. None for a cover keeps the one it has."""
    item_changes: dict[str, Any] = {
        "title": metadata.title[:_LONGEST],
        "description": metadata.description,
        "metadata_json": _metadata_json(metadata),
    }
    if tags is not None:
        item_changes["tags"] = list(tags)
    if not unit.update("content_items", content_id, item_changes):
        raise _unknown(content_id)
    book_changes = {**_book_values(metadata), "genre": genre}
    if cover is not None:
        book_changes["cover_sha256"] = cover
    unit.update("books", natural.book(content_id), book_changes)


def rate(unit: UnitOfWork, user_id: UUID, content_id: UUID, rating: int | None) -> None:
    """Give a book one to five stars, or none."""
    if not unit.update("user_libraries", library_id(user_id, content_id), {"rating": rating}):
        raise _unknown(content_id)


def remove_book(unit: UnitOfWork, user_id: UUID, content_id: UUID) -> None:
    """Take a book off the shelf. Its file, notes and position stay, and ``bring_back`` undoes it."""
    if not unit.remove("user_libraries", library_id(user_id, content_id)):
        raise _unknown(content_id)


def bring_back(unit: UnitOfWork, user_id: UUID, content_id: UUID) -> bool:
    """Put a removed book on the shelf again; False where it is there already."""
    places = table("user_libraries")
    place_id = library_id(user_id, content_id)
    row = unit.connection.execute(select(places.c.deleted_at).where(places.c.id == place_id)).first()
    if row is None:
        raise _unknown(content_id)
    if row.deleted_at is None:
        return False
    return unit.bring_back("user_libraries", place_id)


def library_id(user_id: UUID, content_id: UUID) -> UUID:
    """Return the id of a book's place on a reader's shelf."""
    return natural.shelf_place(user_id, content_id)


def book_files(connection: Connection, content_id: UUID) -> list[BookFile]:
    """Return every edition of a book, the one that is read now first."""
    return files_of(connection, content_id)


def _add_file_row(unit: UnitOfWork, content_id: UUID, format: BookFormat, file: NewFile) -> None:
    unit.insert(
        "content_files",
        {
            "id": natural.content_file(content_id, file.edition),
            "content_id": content_id,
            "sha256": file.edition,
            "file_name": file.name[:_LONGEST],
            "file_size": file.size,
            "file_format": format.value,
        },
    )


def _item_values(user_id: UUID, metadata: Metadata, format: BookFormat, file: NewFile) -> dict[str, Any]:
    return {
        "title": metadata.title[:_LONGEST],
        "content_type": "book",
        "module_name": "library",
        "creator_id": user_id,
        "description": metadata.description,
        "metadata_json": _metadata_json(metadata),
        "tags": [],
        "visibility": "private",
        "status": "published",
        "file_path": file.path,
        "file_size": file.size,
        "file_format": format.value,
        "edition": file.edition,
    }


def _book_values(metadata: Metadata) -> dict[str, Any]:
    isbn = next((value for scheme, value in metadata.identifiers if scheme.lower() == "isbn"), None)
    return {
        "isbn": isbn[:20] if isbn else None,
        "author": "; ".join(metadata.authors)[:_LONGEST] or None,
        "authors": list(metadata.authors),
        "author_sort": author_key(metadata.authors),
        "title_sort": title_key(metadata.title, metadata.language),
        "publisher": metadata.publisher[:255] if metadata.publisher else None,
        "publication_date": _first_day(metadata.published),
        "language": metadata.language[:35] if metadata.language else None,
        "series": metadata.series[:_LONGEST] if metadata.series else None,
        "series_index": metadata.series_index,
    }


def _metadata_json(metadata: Metadata) -> dict[str, Any]:
    known = {
        "published": metadata.published,
        "identifiers": [list(pair) for pair in metadata.identifiers],
        "subjects": list(metadata.subjects),
        "rights": metadata.rights,
    }
    return {name: value for name, value in known.items() if value}


def _first_day(published: str | None) -> date | None:
    """Return the first day that ``1851``, ``1851-10`` or ``1851-10-18`` can mean."""
    if not published:
        return None
    parts = [*published.split("T")[0].split("-"), "1", "1"][:3]
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        return None


def _unknown(content_id: UUID) -> ReaderError:
    return ReaderError(Code.BOOK_UNKNOWN, "There is no such book in the library.", detail=str(content_id))
