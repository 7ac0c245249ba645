"""Read Moodle XML: each category becomes an assessment."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

from alexandria_desktop.teach.document import CourseDocument
from alexandria_desktop.teach.formats.intake import Intake
from alexandria_desktop.teach.formats.moodle.kinds import READERS, Part
from alexandria_desktop.teach.formats.naming import steady_id
from alexandria_desktop.teach.formats.opened import Opened, bytes_of, damaged
from alexandria_desktop.teach.formats.report import Loss
from alexandria_desktop.teach.formats.xml import Element, below, children, path_words, read_xml
from sync.assessing.assessment import AssessmentDocument
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q

MAX_BYTES = 128 * 1024 * 1024


def read(path: Path) -> Opened:
    """Read a file of Moodle XML; raises ReaderError(course.damaged)."""
    return from_moodle(bytes_of(path, MAX_BYTES), title=path.stem)


def from_moodle(data: bytes, *, title: str) -> Opened:
    """Read Moodle XML as a course."""
    root = read_xml(data, "The file", most=MAX_BYTES)
    if root.tag != "quiz":
        raise damaged("The file is no Moodle XML: it does not start with <quiz>.")
    files: dict[str, bytes] = {}
    intake = Intake(files.get)
    groups: list[tuple[str, list[q.Question], dict[str, k.Key]]] = []
    for number, element in enumerate(children(root, "question")):
        if element.get("type") == "category":
            groups.append((_category(path_words(element, "category", "text")), [], {}))
            continue
        if not groups:
            groups.append((title, [], {}))
        files.clear()
        files.update(_files_of(element))
        found = _question(element, number, title, intake)
        if found is not None:
            groups[-1][1].append(found[0])
            groups[-1][2][found[0].id] = found[1]
    assessments = tuple(
        AssessmentDocument(
            id=steady_id("moodle", title, f"{at}"), title=name, questions=tuple(questions), keys=keys
        )
        for at, (name, questions, keys) in enumerate(groups)
        if questions
    )  # fmt: skip
    if not assessments:
        raise damaged("The file holds no question that can be read.")
    course = CourseDocument(id=steady_id("moodle", title), title=title, assessments=assessments)
    return Opened(course, intake.files, intake.report)


def _question(element: Element, number: int, title: str, intake: Intake) -> tuple[q.Question, k.Key] | None:
    name = path_words(element, "name", "text")
    where = f"Question {number + 1}" + (f": {name[:60]}" if name else "")
    kind = element.get("type") or ""
    reader: Callable[[Part], tuple[q.Question, k.Key] | None] | None = READERS.get(kind)
    if reader is None:
        what = "is a text without a question" if kind == "description" else f"is of Moodle's kind “{kind}”"
        intake.report.add(where, f"It {what}, so it was left out.", Loss.QUESTION)
        return None
    identity = steady_id("moodle", title, path_words(element, "idnumber") or f"{number}")
    for tag in ("hint",):
        if next(below(element, tag), None) is not None:
            intake.report.add(where, "Hints after a wrong try are left out.", Loss.FEEDBACK)
    return reader(Part(element, identity, name, where, intake))


def _category(text: str) -> str:
    """Return the last name of a category's path, in which doubled slashes stand for one."""
    return text.replace("//", "\x00").rpartition("/")[2].replace("\x00", "/")


def _files_of(element: Element) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for file in below(element, "file"):
        try:
            data = base64.b64decode(file.text or "", validate=False)
        except (binascii.Error, ValueError):
            continue
        place = f"{file.get('path') or '/'}{file.get('name') or ''}"
        found[f"@@PLUGINFILE@@{unquote(place)}"] = data
    return found
