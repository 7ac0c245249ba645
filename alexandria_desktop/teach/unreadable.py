"""What the reader is told where a part of a course cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alexandria_desktop.base.errors import Code, ReaderError
from sync.assessing.codec import Unreadable


def invalid(detail: str) -> ReaderError:
    """Return the error for data that is no course, lesson or question."""
    return ReaderError(Code.COURSE_INVALID, "This part of a course cannot be read.", detail=detail)


@contextmanager
def said_to_reader() -> Iterator[None]:
    """Raise ReaderError(course.invalid) for what cannot be read inside."""
    try:
        yield
    except Unreadable as error:
        raise invalid(str(error)) from error
