"""Shelves: one query for all rows of a grid, sorted by the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, and_, select
from sqlalchemy.sql.elements import ColumnElement

from alexandria_desktop.book.model import Metadata
from alexandria_desktop.store.book_rows import BookDetails, BookFile, BookRow, Order
from sync.schema.tables import table


def list_rows(
    connection: Connection,
    user_id: UUID,
    *,
    order: Order = Order.TITLE,
    descending: bool = False,
    collection: UUID | None = None,
    removed: bool = False,
    limit: int | None = None,
) -> list[BookRow]:
    """Return a shelf; with ``removed`` what was taken off it, with ``collection`` what the reader put together."""
    places, items = table("user_libraries"), table("content_items")
    tombstone = places.c.deleted_at
    query = _rows_query().where(places.c.user_id == user_id, items.c.content_type == "book")
    query = query.where(tombstone.is_not(None) if removed else tombstone.is_(None))
    if collection is not None:
        members = table("collection_items")
        inside = select(members.c.content_id).where(
            members.c.collection_id == collection, members.c.deleted_at.is_(None)
        )
        query = query.where(items.c.id.in_(inside))
    query = query.order_by(*_order_by(order, descending=descending)).limit(limit)
    return [_row(found) for found in connection.execute(query).all()]


def recent_rows(connection: Connection, user_id: UUID, *, limit: int = 12) -> list[BookRow]:
    """Return the books that were opened last, the latest first."""
    places = table("user_libraries")
    query = (
        _rows_query()
        .where(places.c.user_id == user_id, places.c.deleted_at.is_(None), places.c.last_accessed.is_not(None))
        .order_by(places.c.last_accessed.desc())
        .limit(limit)
    )
    return [_row(found) for found in connection.execute(query).all()]


def details_query() -> Select[Any]:
    """Return the query for everything about a book."""
    items, books, places = table("content_items"), table("books"), table("user_libraries")
    return _rows_query().add_columns(
        items.c.description,
        items.c.metadata_json,
        items.c.tags,
        books.c.publisher,
        books.c.isbn,
        books.c.genre,
        books.c.page_count,
        places.c.deleted_at,
    )


def details(found: Row[Any], file: BookFile | None) -> BookDetails:
    """Return everything about a book from its row."""
    row = _row(found)
    known = found.metadata_json or {}
    metadata = Metadata(
        title=row.title,
        authors=row.authors,
        language=row.language,
        publisher=found.publisher,
        published=known.get("published"),
        description=found.description,
        identifiers=tuple((str(scheme), str(value)) for scheme, value in known.get("identifiers", ())),
        subjects=tuple(known.get("subjects", ())),
        series=row.series,
        series_index=row.series_index,
        rights=known.get("rights"),
    )
    return BookDetails(
        row=row,
        metadata=metadata,
        isbn=found.isbn,
        genre=found.genre,
        tags=tuple(found.tags or ()),
        page_count=found.page_count,
        file=file,
        removed=found.deleted_at is not None,
    )


def _rows_query() -> Select[Any]:
    items, books, places = table("content_items"), table("books"), table("user_libraries")
    local = table("local_files")
    return select(
        items.c.id,
        items.c.title,
        books.c.authors,
        items.c.file_format,
        books.c.language,
        places.c.progress,
        places.c.added_at,
        places.c.last_accessed,
        books.c.series,
        books.c.series_index,
        places.c.rating,
        books.c.cover_sha256,
        items.c.edition,
        local.c.sha256.is_not(None),
    ).select_from(
        places.join(items, items.c.id == places.c.content_id)
        .join(books, books.c.content_id == items.c.id)
        .join(local, and_(local.c.sha256 == items.c.edition, local.c.state == "present"), isouter=True)
    )


def _row(found: Sequence[Any]) -> BookRow:
    # By position: a name takes twice as long to look up, and a shelf has ten thousand rows.
    return BookRow(
        id=found[0],
        title=found[1],
        authors=tuple(found[2] or ()),
        format=found[3] or "",
        language=found[4],
        progress=float(found[5]),
        added_at=found[6],
        last_opened=found[7],
        series=found[8],
        series_index=None if found[9] is None else float(found[9]),
        rating=found[10],
        cover=found[11],
        edition=found[12],
        is_here=bool(found[13]),
    )


def _order_by(order: Order, *, descending: bool) -> list[ColumnElement[Any]]:
    items, books, places = table("content_items"), table("books"), table("user_libraries")
    columns: dict[Order, tuple[ColumnElement[Any], ...]] = {
        Order.TITLE: (books.c.title_sort,),
        Order.AUTHOR: (books.c.author_sort, books.c.series, books.c.series_index, books.c.title_sort),
        Order.ADDED: (places.c.added_at,),
        Order.OPENED: (places.c.last_accessed,),
        Order.PROGRESS: (places.c.progress,),
        Order.SERIES: (books.c.series, books.c.series_index, books.c.title_sort),
        Order.RATING: (places.c.rating,),
    }
    # What has no series, no rating, was never opened, stands last whichever way the shelf is turned.
    absent_last = [columns[order][0].is_(None)]
    chosen = [column.desc() if descending else column.asc() for column in columns[order]]
    return [*absent_last, *chosen, items.c.id]
