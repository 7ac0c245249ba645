"""Which books a course speaks of, and which of them say that they may be given to everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass

from alexandria_desktop.teach.blocks import BookPlace
from alexandria_desktop.teach.document import CourseDocument
from sync.assessing.questions.model import FindPassage

_FREE = re.compile(
    r"\bpublic domain\b|\bcc0\b|\bcc[ -]by\b|\bcreative ?commons\b|creativecommons\.org/(licenses|publicdomain)/",
    re.IGNORECASE,
)
_NOT_FREE = re.compile(
    r"\ball rights reserved\b|\bnot (?:\w+ ){0,4}(?:public domain|creative commons)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class NamedBook:
    """A book that a course speaks of."""

    edition: str
    """SHA-256 of the file that its places count in; empty where nobody knows."""
    book_id: str
    title: str
    author: str


def books_named(course: CourseDocument) -> list[NamedBook]:
    """Return every book that lessons, questions and notes over books speak of, once each, in the course's order."""
    found: dict[tuple[str, str], NamedBook] = {}
    questions = tuple(assessment.questions for assessment in course.assessments)
    for one in _named((course.lessons, questions, course.layers)):
        found.setdefault((one.edition or one.title, one.author if not one.edition else ""), one)
    return list(found.values())


def may_be_given(rights: str) -> bool:
    """Whether a book's own words say that it is in the public domain or under a licence of Creative Commons.

    Only a proposal: whether it is true, and true in the teacher's country, the teacher decides.
    """
    return bool(_FREE.search(rights)) and not _NOT_FREE.search(rights)


def _named(value: object) -> Iterator[NamedBook]:
    if isinstance(value, BookPlace):
        yield NamedBook(value.locator.edition or "", value.book_id, value.book_title, value.book_author)
    elif isinstance(value, FindPassage):
        yield NamedBook(value.edition, value.book_id, value.book_title, value.book_author)
    elif isinstance(value, tuple):
        for one in value:
            yield from _named(one)
    elif is_dataclass(value):
        for part in fields(value):
            yield from _named(getattr(value, part.name))
