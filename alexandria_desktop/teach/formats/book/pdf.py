"""Write a course as a PDF to print: lessons in order, then the questions of assessments without their keys."""

from __future__ import annotations

import io
import shutil
import tempfile
from pathlib import Path

from PIL import Image

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.pdf.client import PdfClient
from alexandria_desktop.teach.document import CourseDocument
from alexandria_desktop.teach.formats.book.questions import assessment_html
from alexandria_desktop.teach.formats.book.write import address_of, tell
from alexandria_desktop.teach.formats.pages import about_html, lesson_html
from alexandria_desktop.teach.formats.report import Loss, Report
from alexandria_desktop.teach.media import Files

_STYLE = """
h1 { page-break-before: always; font-size: 20pt; } h2 { font-size: 15pt; }
.first h1 { page-break-before: avoid; }
blockquote { margin-left: 12pt; font-style: italic; } img { max-width: 100%; }
"""
_SHOWN = ("image/png", "image/jpeg", "image/gif")


def write_pdf(course: CourseDocument, path: Path, files: Files) -> Report:
    """Write a PDF by the PDF worker and return what it cannot hold; raises AlexandriaError."""
    report = Report()
    tell(course, report)
    with tempfile.TemporaryDirectory(prefix="alexandria-course-") as folder:
        _lay_out(course, Path(folder), files, report)
        made = Path(folder) / "course.pdf"
        with PdfClient() as client:
            client.compose(_body(course), _STYLE, folder=Path(folder), target=made, title=course.title).result()
        try:
            shutil.copyfile(made, path)
        except OSError as error:
            raise ReaderError(
                Code.COURSE_DAMAGED, "The course could not be written to that place.", detail=str(error)
            ) from error
    return report


def _body(course: CourseDocument) -> str:
    parts = [f'<div class="first">{about_html(course)}</div>']
    placed: set[str] = set()
    for lesson in course.lessons:
        parts.append(lesson_html(lesson, address_of, carries_data=False))
        for one in course.assessments:
            if one.lesson_id == lesson.id:
                placed.add(one.id)
                parts.append(assessment_html(one, address_of))
    parts += [assessment_html(one, address_of) for one in course.assessments if one.id not in placed]
    return f"<html><body>{''.join(parts)}</body></html>"


def _lay_out(course: CourseDocument, folder: Path, files: Files, report: Report) -> None:
    """Put the pictures where the page looks for them."""
    for media in course.media().values():
        data = files.get(media.sha256)
        if data is None:
            report.add("", f"The bytes of “{media.name}” are not on this computer.", Loss.FILE)
        elif media.media_type not in _SHOWN or not _is_whole(data):
            report.add("", f"“{media.name}” is of a kind that is not printed, or damaged.", Loss.FILE)
        else:
            place = folder / address_of(media)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)


def _is_whole(data: bytes) -> bool:
    """Whether a picture can be drawn; one that cannot would end the whole PDF."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            picture.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
    return True
