"""A teacher who writes a course out of two books, of which one may be given, and students who get it in a file."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from alexandria_desktop.library.library import Library
from alexandria_desktop.teach import blocks as b
from alexandria_desktop.teach.document import CourseDocument, LessonDocument
from sync.assessing.assessment import AssessmentDocument, Mode
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from sync.assessing.questions.answers import Written
from tests.support.courses import PICTURE
from tests.support.epubs import make_epub

SECRET = "xylothek-of-the-graded-key"
RUBRIC = "mistletoe-of-the-rubric"
OPEN = "sandarach-of-the-practice-key"
FREE, KEPT = "A book for everybody", "A book of its owner"


def write_books(folder: Path) -> tuple[Path, Path]:
    """Write the two books and return their files."""
    free = make_epub(
        folder / "free.epub", [("One", "<p>Seeds travel far, said the gardener, and waited.</p>")], title=FREE,
        identifier="urn:test:free", rights="This work is in the public domain in the United States.",
    )  # fmt: skip
    kept = make_epub(
        folder / "kept.epub", [("One", "<p>Roots stay where they are, said the other one.</p>")], title=KEPT,
        identifier="urn:test:kept", rights="Copyright 2026, all rights reserved.",
    )  # fmt: skip
    return free, kept


def build_course(library: Library, folder: Path) -> UUID:
    """Make the course: two lessons, a picture, a quiz for practice and a graded one; return its id."""
    free, kept = (one.book_id for one in library.import_paths(write_books(folder)))
    assert free is not None
    assert kept is not None
    places = [
        b.BookPlace(
            locator=library.notes.find_quote(book, words), book_id=str(book), book_title=title, book_author="Somebody"
        )
        for book, words, title in ((free, "Seeds travel far", FREE), (kept, "Roots stay", KEPT))
    ]
    lessons = (
        LessonDocument(
            id="1", title="Seeds", objectives=("To wait.",), minutes=5,
            blocks=(b.PassageBlock(id="p", place=places[0], text="Seeds travel far"),),
        ),
        LessonDocument(
            id="2", title="Roots", prerequisites=("1",),
            blocks=(b.PassageBlock(id="r", place=places[1], text="Roots stay"),),
        ),
    )  # fmt: skip
    practice = AssessmentDocument(
        id="try", lesson_id="1", title="Try", questions=(q.ShortText(id="p", prompt="A resin?"),),
        keys={"p": k.ShortTextKey(variants=(k.Variant(text=OPEN),))},
    )  # fmt: skip
    exam = AssessmentDocument(
        id="exam", lesson_id="2", title="Examination", mode=Mode.GRADED, passing_score=50,
        questions=(q.ShortText(id="w", prompt="A library of wood?"), q.Essay(id="e", prompt="Why?", points=3)),
        keys={
            "w": k.ShortTextKey(variants=(k.Variant(text=SECRET),)),
            "e": k.EssayKey(rubric=(k.Criterion(id="c", title=RUBRIC, points=3),)),
        },
    )  # fmt: skip
    course = library.authoring.bring_in(
        CourseDocument(id="c", title="A garden", language="en", lessons=lessons, assessments=(practice, exam))
    )
    picture = folder / "dot.png"
    picture.write_bytes(PICTURE)
    media = library.authoring.add_picture(course, picture, alt="A dot")
    first = UUID(library.courses.document(course).lessons[0].id)
    library.authoring.add_block(first, b.ImageBlock(id="i", media=media))
    return course


def quiz(library: Library, course: UUID, mode: Mode) -> AssessmentDocument:
    return next(one for one in library.courses.document(course).assessments if one.mode is mode)


def take_exam(library: Library, course: UUID, word: str, why: str = "") -> UUID:
    """Hand the examination in and return the attempt's id."""
    sitting = library.attempts.begin(quiz(library, course, Mode.GRADED))
    sitting.answer("w", Written(word))
    if why:
        sitting.answer("e", Written(why))
    return sitting.hand_in().id


def free_books(library: Library, course: UUID) -> list[UUID]:
    """Return the books that say that they may be given."""
    return [one.book_id for one in library.course_packs.books(course) if one.is_free and one.book_id]
