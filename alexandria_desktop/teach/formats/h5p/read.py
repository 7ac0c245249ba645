"""Read H5P packages: question sets and single question types; the libraries inside are never looked at."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from alexandria_desktop.teach.document import CourseDocument
from alexandria_desktop.teach.formats.h5p.kinds import READERS, Content
from alexandria_desktop.teach.formats.intake import Intake
from alexandria_desktop.teach.formats.naming import steady_id
from alexandria_desktop.teach.formats.opened import Opened, damaged
from alexandria_desktop.teach.formats.package import Package
from alexandria_desktop.teach.formats.report import Loss
from sync.assessing.assessment import AssessmentDocument
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q

MAX_JSON = 16 * 1024 * 1024
_SETS = {
    "H5P.QuestionSet": "questions", "H5P.SingleChoiceSet": "choices", "H5P.Column": "content",
    "H5P.InteractiveBook": "chapters",
}  # fmt: skip
_MAX_DEPTH = 6


def read(path: Path) -> Opened:
    """Read a package; raises ReaderError(course.damaged)."""
    with Package(path) as package:
        about = _json(package, "h5p.json")
        content = _json(package, "content/content.json")
        title = " ".join(str(about.get("title") or path.stem).split())
        library = str(about.get("mainLibrary") or "")
        intake = Intake(package.beside("content/content.json"))
        questions: list[q.Question] = []
        keys: dict[str, k.Key] = {}
        for number, (name, part) in enumerate(_parts(library, content, 0, intake), 1):
            where = f"Question {number}"
            reader = READERS.get(name)
            if reader is None:
                intake.report.add(where, f"“{name or 'An unknown kind'}” is no question here, so it was left out.",
                                  Loss.QUESTION)  # fmt: skip
                continue
            overall = part.get("overallFeedback")
            if isinstance(overall, list) and any(isinstance(one, dict) and one.get("feedback") for one in overall):
                intake.report.add(where, "Feedback by ranges of the score is left out.", Loss.FEEDBACK)
            for found in reader(Content(part, steady_id("h5p", title, f"{number}"), where, intake)):
                questions.append(found[0])
                keys[found[0].id] = found[1]
        if not questions:
            raise damaged("The package holds no question that can be read here.", library)
        one = AssessmentDocument(
            id=steady_id("h5p", title, "test"), title=title, questions=tuple(questions), keys=keys,
            passing_score=_passing(content),
        )  # fmt: skip
        language = str(about.get("language") or "")
        course = CourseDocument(
            id=steady_id("h5p", title), title=title, language="" if language == "und" else language, assessments=(one,)
        )
        return Opened(course, intake.files, intake.report)


def _json(package: Package, name: str) -> dict[str, Any]:
    data = package.must_read(name)
    try:
        found = json.loads(data) if len(data) <= MAX_JSON else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise damaged(f"The file “{name}” of the package is damaged.")
    return found


def _parts(library: str, content: Any, depth: int, intake: Intake) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give each question's kind and content, out of sets and columns."""
    if not isinstance(content, dict) or depth > _MAX_DEPTH:
        return
    inside = _SETS.get(library)
    if inside is None or library == "H5P.SingleChoiceSet":
        yield library, content
        return
    entries = content.get(inside)
    for entry in entries if isinstance(entries, list) else ():
        part = entry.get("content", entry) if isinstance(entry, dict) else {}
        if isinstance(part, dict) and part.get("library"):
            name = str(part["library"]).partition(" ")[0]
            if name in ("H5P.AdvancedText", "H5P.Text"):
                intake.report.add("", "Words between the questions are left out.", Loss.LESSON)
            else:
                yield from _parts(name, part.get("params"), depth + 1, intake)


def _passing(content: dict[str, Any]) -> float:
    behaviour = content.get("behaviour")
    value = behaviour.get("passPercentage") if isinstance(behaviour, dict) else content.get("passPercentage")
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and value is not None and 0 <= value <= 100 else 70.0
