"""Which files this device has, by their content."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from alexandria_desktop.store.book_rows import BookFile, NewFile
from sync.schema.tables import table


def remember_file(connection: Connection, file: NewFile, now: datetime) -> None:
    """Note that this device has a file."""
    files = table("local_files")
    values = {"path": file.path, "file_size": file.size, "state": "present", "source_path": file.source}
    known = connection.execute(update(files).where(files.c.sha256 == file.edition).values(values))
    if known.rowcount == 0:
        connection.execute(insert(files).values(sha256=file.edition, added_at=now, **values))


def forget_file(connection: Connection, sha256: str) -> None:
    """Forget that this device ever had a file, as where it was removed on purpose."""
    local = table("local_files")
    connection.execute(delete(local).where(local.c.sha256 == sha256))


def known_sources(connection: Connection) -> frozenset[str]:
    """Return the paths that this device's files were imported from."""
    files = table("local_files")
    chosen = select(files.c.source_path).where(files.c.source_path.is_not(None))
    return frozenset(connection.execute(chosen).scalars())


def files_of(connection: Connection, content_id: UUID) -> list[BookFile]:
    """Return every edition of a book, the one that is read now first."""
    files, local = table("content_files"), table("local_files")
    chosen = (
        select(files, local.c.path, local.c.state, local.c.source_path)
        .join(local, local.c.sha256 == files.c.sha256, isouter=True)
        .where(files.c.content_id == content_id, files.c.kind == "original", files.c.deleted_at.is_(None))
        .order_by(files.c.is_current.desc(), files.c.created_at)
    )
    return [
        BookFile(
            row.sha256,
            row.file_name,
            row.file_size,
            row.file_format,
            bool(row.is_current),
            row.path if row.state == "present" else None,
            row.source_path,
        )
        for row in connection.execute(chosen)
    ]


def file_of(connection: Connection, content_id: UUID) -> BookFile | None:
    """Return the edition of a book that is read now."""
    found = files_of(connection, content_id)
    return found[0] if found else None


def kept_files(connection: Connection) -> dict[str, str]:
    """Return every file that should be on this device: its hash and where it is kept."""
    files = table("local_files")
    return {row.sha256: row.path for row in connection.execute(select(files.c.sha256, files.c.path))}
