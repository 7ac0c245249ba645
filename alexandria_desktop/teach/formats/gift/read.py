"""Read GIFT: each question on its own, so that one that cannot be read does not take the others with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from alexandria_desktop.teach.document import CourseDocument
from alexandria_desktop.teach.formats.gift.answers import Asked, answer_of, gap_of
from alexandria_desktop.teach.formats.gift.signs import cut, find, unescaped
from alexandria_desktop.teach.formats.intake import Intake
from alexandria_desktop.teach.formats.naming import steady_id
from alexandria_desktop.teach.formats.opened import Opened, bytes_of, damaged
from alexandria_desktop.teach.formats.report import Loss
from sync.assessing.assessment import AssessmentDocument
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from sync.assessing.rich_text import from_plain, to_plain

MAX_BYTES = 16 * 1024 * 1024
_FORMAT = re.compile(r"^\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_ID = re.compile(r"\[id:([^\]]{1,200})\]")


def read(path: Path) -> Opened:
    """Read a GIFT file; raises ReaderError(course.damaged) where it holds no question."""
    return from_gift(bytes_of(path, MAX_BYTES).decode("utf-8-sig", "replace"), title=path.stem)


def from_gift(text: str, *, title: str) -> Opened:
    """Read the text of a GIFT file as a course of one assessment."""
    intake = Intake()
    questions: list[q.Question] = []
    keys: dict[str, k.Key] = {}
    for number, part in enumerate(_parts(text, intake), 1):
        found = _question(part, number, title, intake)
        if found is not None:
            questions.append(found[0])
            keys[found[0].id] = found[1]
    if not questions:
        raise damaged("The file holds no question in GIFT.")
    assessment = AssessmentDocument(
        id=steady_id("gift", title, "assessment"), title=title, questions=tuple(questions), keys=keys
    )
    course = CourseDocument(id=steady_id("gift", title), title=title, assessments=(assessment,))
    return Opened(course, intake.files, intake.report)


@dataclass(frozen=True, slots=True)
class _Part:
    """The lines of one question, and the id that a comment gives it."""

    text: str
    id: str


def _parts(text: str, intake: Intake) -> Iterator[_Part]:
    """Give the questions of a file: stretches without an empty line, comments taken out."""
    lines: list[str] = []
    name = ""
    for line in [*text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), ""]:
        bare = line.strip()
        if bare.startswith("//"):
            found = _ID.search(bare)
            name = found.group(1) if found else name
        elif bare.startswith("$CATEGORY"):
            intake.report.add("", f"The heading “{bare[10:].strip(' :=')}” of a group is left out.", Loss.SETTING)
        elif bare:
            lines.append(line)
        elif lines:
            yield _Part("\n".join(lines), name)
            lines, name = [], ""


def _question(part: _Part, number: int, title: str, intake: Intake) -> tuple[q.Question, k.Key] | None:
    text = part.text.strip()
    name = ""
    if text.startswith("::"):
        name, text = cut(text[2:], "::")
        name = " ".join(unescaped(name).split())
    where = f"Question {number}" + (f": {name[:60]}" if name else "")
    start = find(text, "{")
    end = find(text, "}", start + 1) if start >= 0 else -1
    if start < 0:
        intake.report.add(where, "It is a text without a question and was left out.", Loss.QUESTION)
        return None
    if end < 0:
        intake.report.add(where, "Its answers do not end with a “}”, so it was left out.", Loss.DAMAGED)
        return None
    form = _FORMAT.match(text)
    kind = form.group(1).lower() if form else "moodle"
    before, inner, after = text[form.end() if form else 0 : start], text[start + 1 : end], text[end + 1 :]
    asked = Asked(
        id=steady_id("gift", title, part.id or f"{number}\x00{text}"), title=name, where=where, intake=intake, kind=kind
    )
    if to_plain(_rich(after, asked)):
        return _with_gap(before, inner, after, asked)
    return answer_of(asked, _rich(before + after, asked), inner)


def _with_gap(before: str, inner: str, after: str, asked: Asked) -> tuple[q.Question, k.Key]:
    mark = "[[gap1]]"
    gap, key, feedback = gap_of(asked, inner)
    prompt = _rich(f"{before}{mark}{after}", asked)
    return (
        q.Cloze(id=asked.id, title=asked.title, prompt=prompt, gaps=(gap,)),
        k.ClozeKey(gaps={gap.id: key}, feedback=feedback),
    )


def _rich(text: str, asked: Asked) -> str:
    return asked.rich(text) if text.strip() else from_plain("")
