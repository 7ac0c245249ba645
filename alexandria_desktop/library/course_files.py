"""Files of a course: a teacher's pictures, copied into the library by their content; a student's, from the server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from alexandria_desktop.base.errors import Code, ReaderError, SurroundingsError
from alexandria_desktop.library.core import Core
from alexandria_desktop.store import courses
from alexandria_desktop.store.book_rows import NewFile
from alexandria_desktop.store.file_wishes import Attachment
from alexandria_desktop.store.files import remember_file
from alexandria_desktop.store.unit_of_work import UnitOfWork
from alexandria_desktop.teach.media import media_of, media_type_of
from sync.assessing.media import Media
from sync.protocol.blobs import BlobStore
from sync.schema import natural
from sync.schema.tables import table

FOLDER = "course-files"
LARGEST = 200 * 1024 * 1024
"""Bytes of one file."""
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")


def add_picture(core: Core, course_id: UUID, path: Path, *, alt: str = "") -> Media:
    """Take a picture into a course; raises ReaderError(course.invalid) for what is none that a page can show."""
    if path.stat().st_size > LARGEST:
        raise ReaderError(Code.COURSE_INVALID, "This picture is too large for a course.", detail=str(path))
    data = path.read_bytes()
    media = media_of(data, path.name, alt=alt)
    if media_type_of(data, "") not in PICTURES:  # by its bytes: a name may say anything
        raise ReaderError(Code.COURSE_INVALID, "This is no PNG, JPEG, GIF or WebP picture.", detail=media.media_type)
    kept = f"{FOLDER}/{media.sha256}"
    target = core.paths.root / kept
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            part = target.with_suffix(".part")
            part.write_bytes(data)
            part.replace(target)
    except OSError as error:
        raise SurroundingsError(Code.STORE_FULL, "The picture could not be kept.", detail=str(error)) from error
    core.write(_remember, course_id, media, NewFile(media.sha256, kept, media.name, len(data), str(path)))
    return media


def fetch_attachment(
    core: Core, client: BlobStore, sha256: str, wanted: Attachment, is_cancelled: Callable[[], bool]
) -> None:
    """Bring a file of a course here. Raises what ``BlobStore.fetch`` raises."""
    kept = f"{FOLDER}/{sha256}"
    path = core.paths.root / kept
    client.fetch(sha256, path, is_cancelled=is_cancelled)
    file = NewFile(sha256, kept, wanted.name, path.stat().st_size)

    def keep(unit: UnitOfWork) -> None:
        remember_file(unit.connection, file, unit.now)
        unit.touch("content_files", wanted.row_id)

    core.write(keep)


def _remember(unit: UnitOfWork, course_id: UUID, media: Media, file: NewFile) -> None:
    content_id = courses.get_course(unit.connection, course_id).content_id
    remember_file(unit.connection, file, unit.now)
    files = table("content_files")
    row_id = natural.content_file(content_id, media.sha256)
    if unit.connection.execute(select(files.c.id).where(files.c.id == row_id)).first() is not None:
        unit.bring_back("content_files", row_id)
        return
    unit.insert(
        "content_files",
        {
            "id": row_id,
            "content_id": content_id,
            "sha256": media.sha256,
            "kind": "attachment",
            "file_name": media.name,
            "file_size": file.size,
            "file_format": media.media_type.removeprefix("image/"),
            "media_type": media.media_type,
        },
    )
