"""Write a course as an EPUB: a chapter for each lesson, and the questions of its assessments without their keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alexandria_desktop.teach.blocks import HotspotBlock, VideoBlock
from alexandria_desktop.teach.document import CourseDocument
from alexandria_desktop.teach.formats.book.questions import assessment_html
from alexandria_desktop.teach.formats.pages import about_html, lesson_html
from alexandria_desktop.teach.formats.report import Loss, Report
from alexandria_desktop.teach.media import Files
from sync.assessing.assessment import AssessmentDocument
from sync.assessing.media import Media

NAME = "EPUB"
_STYLE = """
blockquote { border-left: 0.2em solid; margin: 1em 0; padding-left: 1em; }
ol.choices { list-style-type: upper-alpha; }
.gap { border-bottom: 1px solid; padding: 0 2em; }
"""
_SHOWN = ("image/png", "image/jpeg", "image/gif", "image/webp", "audio/mpeg", "audio/mp4", "video/mp4")
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp", "audio/mpeg": "mp3",
            "audio/mp4": "m4a", "video/mp4": "mp4"}  # fmt: skip


def address_of(media: Media) -> str:
    """Return where a file lies, as seen from a chapter."""
    return f"media/{media.sha256[:16]}.{_ENDINGS.get(media.media_type, 'bin')}"


def write(course: CourseDocument, path: Path, files: Files) -> Report:
    """Write an EPUB and return what it cannot hold."""
    from ebooklib import epub

    report = Report()
    language = course.language or "und"
    book = epub.EpubBook()
    book.set_identifier(f"urn:uuid:{course.id}")
    book.set_title(course.title or "Untitled")
    book.set_language(language)
    book.add_author("Alexandria")
    style = epub.EpubItem(uid="style", file_name="style.css", media_type="text/css", content=_STYLE.encode())
    book.add_item(style)
    chapters: list[Any] = []

    def chapter(name: str, title: str, body: str) -> None:
        one = epub.EpubHtml(uid=name, title=title or "Untitled", file_name=f"{name}.xhtml", lang=language)
        one.content = f"<html><head><title>{name}</title></head><body>{body}</body></html>"
        one.add_item(style)
        book.add_item(one)
        chapters.append(one)

    chapter("about", course.title, about_html(course))
    placed: set[str] = set()
    for number, lesson in enumerate(course.lessons, 1):
        body = lesson_html(lesson, address_of, carries_data=False)
        for one in course.assessments:
            if one.lesson_id == lesson.id:
                placed.add(one.id)
                body += assessment_html(one, address_of)
        chapter(f"lesson-{number}", lesson.title, body)
    for number, one in enumerate(course.assessments, 1):
        if one.id not in placed:
            chapter(f"assessment-{number}", one.title, assessment_html(one, address_of))
    _add_files(book, course, files, report)
    tell(course, report)
    book.toc = chapters
    book.spine = ["nav", *chapters]
    book.add_item(epub.EpubNcx())
    book.add_item(epub.EpubNav())
    epub.write_epub(str(path), book)
    return report


def _add_files(book: Any, course: CourseDocument, files: Files, report: Report) -> None:
    from ebooklib import epub

    for media in course.media().values():
        data = files.get(media.sha256)
        if data is None:
            report.add("", f"The bytes of “{media.name}” are not on this computer.", Loss.FILE)
        elif media.media_type not in _SHOWN:
            report.add("", f"“{media.name}” is of a kind that books do not show.", Loss.FILE)
        if data is not None:
            item = epub.EpubItem(
                uid=f"m{media.sha256[:16]}", file_name=address_of(media), media_type=media.media_type, content=data
            )
            book.add_item(item)


def tell(course: CourseDocument, report: Report) -> None:
    """Say what a book cannot do."""
    for lesson in course.lessons:
        if any(isinstance(block, HotspotBlock | VideoBlock) or block.kind in _PLAYED for block in lesson.blocks):
            report.add(lesson.title, "Films and exercises within the lesson stand still in a book.", Loss.MOVED)
        if lesson.minutes is not None or lesson.prerequisites:
            report.add(lesson.title, "A book does not say how long a lesson takes or what comes first.", Loss.SETTING)
    if course.difficulty or course.code or course.settings:
        report.add("", "A book does not hold the course's difficulty, code and settings.", Loss.FACT)
    for one in course.assessments:
        _tell_assessment(one, report)


def _tell_assessment(one: AssessmentDocument, report: Report) -> None:
    report.add(
        one.title, "Questions are printed without their answers, and cannot be answered in a book.", Loss.SCORING
    )


_PLAYED = frozenset({"reveal", "order", "match", "timeline"})
