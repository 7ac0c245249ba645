"""Write a course of one's own into a pack: what students may have of it, and the books that the teacher gives."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.library import course_documents
from alexandria_desktop.library.core import Core
from alexandria_desktop.library.course_documents import as_id
from alexandria_desktop.library.pack_key import PackKey, pack_key
from alexandria_desktop.store import assessments, books, courses, files, lessons
from alexandria_desktop.store.book_rows import BookFile
from alexandria_desktop.store.identity import person_name, recall, remember
from alexandria_desktop.store.unit_of_work import UnitOfWork
from alexandria_desktop.teach.document import CourseDocument
from alexandria_desktop.teach.packs.manifest import COURSE, LARGEST_BOOK, LARGEST_FILE, GivenBook, Manifest, file_part
from alexandria_desktop.teach.packs.naming_books import NamedBook, books_named, may_be_given
from alexandria_desktop.teach.packs.writing import Progress, Source, write_pack

_NUMBER = "packs.number."
"""The fact that says which issue of a course was written last, with the course's id behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookChoice:
    """A book that the course speaks of, for the teacher to say whether it may be given."""

    book_id: UUID | None
    title: str
    authors: tuple[str, ...]
    rights: str = ""
    """What the book says of its rights; empty where it says nothing."""
    file: BookFile | None = None
    """Its file on this computer; None where it is not here, so that it cannot be given."""

    @property
    def is_free(self) -> bool:
        """Whether the book says that it may be given to everybody."""
        return self.can_be_given and may_be_given(self.rights)

    @property
    def can_be_given(self) -> bool:
        """Whether its file is here and small enough for a pack."""
        return self.file is not None and self.file.size <= LARGEST_BOOK


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenPack:
    """What became of a pack."""

    file: Path
    manifest: Manifest
    size: int
    kept: int
    """Bytes that an earlier copy, cut off, had left there."""
    key: PackKey
    missing: tuple[str, ...]
    """Names of pictures and films that are not on this computer, and so not in the pack."""


def books_of(core: Core, course_id: UUID) -> list[BookChoice]:
    """Return the books that a course speaks of."""
    with core.reading() as connection:
        course = course_documents.read_course(connection, course_id)
        return [_choice(core, connection, one) for one in books_named(course)]


def author_of(core: Core) -> str:
    """Return the name that the reader goes by; empty where they never gave one."""
    with core.reading() as connection:
        return person_name(connection, core.identity.user_id)


def write(
    core: Core,
    course_id: UUID,
    target: Path,
    give: Collection[UUID],
    *,
    author: str,
    on_progress: Progress,
    is_cancelled: Callable[[], bool],
) -> WrittenPack:
    """Write a course into a pack; errors as ``CoursePacks.write`` says."""
    with core.reading() as connection:
        row = courses.get_course(connection, course_id)
        if row.creator_id != core.identity.user_id:
            raise ReaderError(Code.COURSE_NOT_YOURS, "Only the person who made this course can make a pack of it.")
        course = _for_students(course_documents.read_course(connection, course_id))
        items = _items(connection, course_id, row.content_id)
        kept = files.kept_files(connection)
    chosen = [one for one in books_of(core, course_id) if one.book_id in give and one.can_be_given]
    pictures, missing = _pictures(core, course, kept)
    given, bytes_of_books = _given(core, chosen)
    key = pack_key(core)
    manifest = Manifest(
        course_id=course_id,
        title=row.title,
        number=core.write(_next_number, course_id),
        made_at=core.database.clock(),
        author_id=core.identity.user_id,
        author=author.strip()[:200],
        key=key.public,
        items=items,
        books=given,
    )
    said = json.dumps(course.to_json(), ensure_ascii=False, indent=1).encode()
    sources = [Source(COURSE, lambda: io.BytesIO(said)), *pictures, *bytes_of_books]
    written = write_pack(
        target, manifest, sources, key.secret, on_progress=on_progress, is_cancelled=is_cancelled
    )  # fmt: skip
    return WrittenPack(
        file=target, manifest=written.manifest, size=written.size, kept=written.kept, key=key, missing=missing
    )


def _for_students(course: CourseDocument) -> CourseDocument:
    """Return what students see: no graded key, and no quiz of a lesson that was taken away."""
    seen = course.without_graded_keys()
    there = {one.id for one in seen.lessons}
    asked = tuple(one for one in seen.assessments if not one.lesson_id or one.lesson_id in there)
    return replace(seen, assessments=asked)


def _choice(core: Core, connection: Connection, named: NamedBook) -> BookChoice:
    user_id = core.identity.user_id
    known = as_id(named.book_id)
    found = books.find_by_edition(connection, user_id, named.edition) if named.edition else None
    found = found or (known if known is not None and _is_here(connection, user_id, known) else None)
    found = found or books.find_titled(connection, user_id, named.title, named.author)
    if found is None:
        return BookChoice(book_id=None, title=named.title, authors=(named.author,) if named.author else ())
    details = books.get_book(connection, user_id, found)
    editions = [one for one in files.files_of(connection, found) if one.path and (core.paths.root / one.path).is_file()]
    # The file that the places of the course count in, before the one that is read now.
    chosen = next((one for one in editions if one.sha256 == named.edition), editions[0] if editions else None)
    return BookChoice(
        book_id=found,
        title=details.row.title,
        authors=details.row.authors,
        rights=details.metadata.rights or "",
        file=chosen,
    )


def _is_here(connection: Connection, user_id: UUID, book_id: UUID) -> bool:
    try:
        books.get_book(connection, user_id, book_id)
    except ReaderError:
        return False
    return True


def _items(connection: Connection, course_id: UUID, content_id: UUID) -> dict[UUID, UUID]:
    found = {course_id: content_id}
    found |= {one.id: one.content_id for one in lessons.lessons_of(connection, course_id)}
    return found | {one.id: one.content_id for one in assessments.assessments_of(connection, content_id)}


def _pictures(core: Core, course: CourseDocument, kept: Mapping[str, str]) -> tuple[list[Source], tuple[str, ...]]:
    found, missing = [], []
    for sha256, media in course.media().items():
        path = core.paths.root / kept[sha256] if sha256 in kept else None
        if path is not None and path.is_file() and path.stat().st_size <= LARGEST_FILE:
            found.append(Source(file_part(sha256), _opening(path)))
        else:
            missing.append(media.name or sha256[:12])
    return found, tuple(missing)


def _given(core: Core, chosen: list[BookChoice]) -> tuple[tuple[GivenBook, ...], list[Source]]:
    given, sources = [], []
    for choice in {one.file.sha256: one for one in chosen if one.file}.values():
        file = choice.file
        assert file is not None
        assert file.path is not None
        part = f"books/{file.sha256}.{file.format}"
        given.append(
            GivenBook(
                sha256=file.sha256, part=part, name=file.name, title=choice.title, authors=choice.authors,
                rights=choice.rights[:2_000],
            )
        )  # fmt: skip
        sources.append(Source(part, _opening(core.paths.root / file.path)))
    return tuple(given), sources


def _opening(path: Path) -> Callable[[], io.BufferedReader]:
    return lambda: path.open("rb")


def _next_number(unit: UnitOfWork, course_id: UUID) -> int:
    """Return a number above those of earlier issues, even where the clock was set back."""
    name = f"{_NUMBER}{course_id}"
    before = recall(unit.connection, name)
    number = max(_microseconds(unit.now), int(before) + 1 if isinstance(before, int) else 0)
    remember(unit.connection, name, number)
    return number


def _microseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000)
