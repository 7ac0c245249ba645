"""A course in our own JSON, with the bytes of its pictures and films beside it in one zip."""

from __future__ import annotations

import json
from pathlib import Path

from alexandria_desktop.teach.document import CourseDocument
from alexandria_desktop.teach.formats.opened import Opened, damaged
from alexandria_desktop.teach.formats.package import Package, write_package
from alexandria_desktop.teach.formats.report import Loss, Report
from alexandria_desktop.teach.media import Files, media_of

_COURSE = "course.json"


def write(course: CourseDocument, path: Path, files: Files) -> Report:
    """Write everything that a course holds, keys too; only files that are not here are missing."""
    report = Report()
    parts = {_COURSE: json.dumps(course.to_json(), ensure_ascii=False, indent=1).encode()}
    for sha256, media in course.media().items():
        if sha256 in files:
            parts[f"files/{sha256}"] = files[sha256]
        else:
            report.add("", f"The bytes of “{media.name}” are not on this computer.", Loss.FILE)
    write_package(path, parts)
    return report


def read(path: Path) -> Opened:
    """Read what ``write`` wrote; raises ReaderError(course.damaged or course.invalid)."""
    report = Report()
    with Package(path) as package:
        try:
            course = CourseDocument.from_json(json.loads(package.must_read(_COURSE)))
        except (ValueError, RecursionError) as error:
            raise damaged("The course in the file is damaged.", str(error)) from error
        files: dict[str, bytes] = {}
        for sha256, media in course.media().items():
            data = package.read(f"files/{sha256}")
            if data is None or media_of(data, "").sha256 != sha256:
                report.add("", f"The file “{media.name}” is missing or damaged.", Loss.FILE)
            else:
                files[sha256] = data
    return Opened(course, files, report)
