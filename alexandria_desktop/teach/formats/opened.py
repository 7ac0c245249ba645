"""What reading a file of another program gives."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.teach.document import CourseDocument
from alexandria_desktop.teach.formats.report import Report
from alexandria_desktop.teach.media import Files


@dataclass(frozen=True, slots=True)
class Opened:
    """A course that was read, the bytes of its pictures and films, and what could not come over."""

    document: CourseDocument
    files: Files
    report: Report


def damaged(what: str, detail: str = "") -> ReaderError:
    """Return the error for a file that is not what its name says; ``what`` is a sentence."""
    return ReaderError(Code.COURSE_DAMAGED, what, detail=detail)


def bytes_of(path: Path, most: int) -> bytes:
    """Return what is in a file; raises ReaderError(course.damaged) for one of more than ``most`` bytes."""
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise damaged(f"The file is larger than {most // 1_048_576} MB and was not opened.")
    return data
