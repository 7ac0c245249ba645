"""Course packs as tests make them: a small course, a picture, and a book that may be given."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from alexandria_desktop.teach.blocks import ImageBlock
from alexandria_desktop.teach.document import CourseDocument, LessonDocument
from alexandria_desktop.teach.packs.manifest import COURSE, GivenBook, Manifest, file_part
from alexandria_desktop.teach.packs.signing import new_key, public_half
from alexandria_desktop.teach.packs.writing import Source
from sync.assessing.assessment import AssessmentDocument, Mode
from sync.assessing.questions.keys import ShortTextKey, Variant
from sync.assessing.questions.model import ShortText
from sync.schema import natural
from tests.support.courses import FILES, IMAGE

ITEM, LESSON_ITEM, QUIZ_ITEM = (UUID(int=number) for number in (11, 12, 13))
COURSE_ID, LESSON_ID, QUIZ_ID = natural.course(ITEM), natural.lesson(LESSON_ITEM), natural.assessment(QUIZ_ITEM)
AUTHOR = UUID(int=7)
SECRET = new_key()
BOOK = b"A book of many words. " * 200_000


def small_course(*, title: str = "Finches", answer: str = "Galapagos") -> CourseDocument:
    picture = ImageBlock(id="a", order="a", media=IMAGE)
    return CourseDocument(
        id=str(COURSE_ID),
        title=title,
        lessons=(LessonDocument(id=str(LESSON_ID), title="Beaks", blocks=(picture,)),),
        assessments=(
            AssessmentDocument(
                id=str(QUIZ_ID),
                lesson_id=str(LESSON_ID),
                title="Where?",
                mode=Mode.PRACTICE,
                questions=(ShortText(id="q1", prompt="Where?"),),
                keys={"q1": ShortTextKey(variants=(Variant(text=answer),))},
            ),
        ),
    )  # fmt: skip


def from_bytes(name: str, data: bytes) -> Source:
    return Source(name, lambda: io.BytesIO(data))


def book_part(data: bytes) -> str:
    return f"books/{hashlib.sha256(data).hexdigest()}.txt"


def given(data: bytes, title: str = "A book") -> GivenBook:
    sha256 = hashlib.sha256(data).hexdigest()
    return GivenBook(sha256=sha256, part=book_part(data), name="a-book.txt", title=title, authors=("Somebody",))


def manifest(
    *, number: int = 1, books: tuple[GivenBook, ...] = (), secret: bytes = SECRET, title: str = "Finches"
) -> Manifest:
    return Manifest(
        course_id=COURSE_ID,
        title=title,
        number=number,
        made_at=datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
        author_id=AUTHOR,
        author="Ada",
        key=public_half(secret),
        items={COURSE_ID: ITEM, LESSON_ID: LESSON_ITEM, QUIZ_ID: QUIZ_ITEM},
        books=books,
    )


def sources(course: CourseDocument, *books: bytes) -> list[Source]:
    said = json.dumps(course.to_json(), ensure_ascii=False, indent=1).encode()
    pictures = [from_bytes(file_part(sha256), FILES[sha256]) for sha256 in course.media()]
    return [from_bytes(COURSE, said), *pictures, *(from_bytes(book_part(data), data) for data in books)]


def rewritten(
    pack: Path, change: Callable[[dict[str, bytes]], Mapping[str, bytes]], *, compression: int = zipfile.ZIP_STORED
) -> Path:
    """Write a pack anew beside it with other members, as somebody with a zip program would."""
    with zipfile.ZipFile(pack) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    target = pack.with_name(f"other-{pack.name}")
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name, data in change(members).items():
            archive.writestr(name, data)
    return target
