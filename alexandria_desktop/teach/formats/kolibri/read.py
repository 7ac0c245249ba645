"""Read a channel of Kolibri: a folder or zip with Channel.csv, Content.csv, Exercises.csv, ExerciseQuestions.csv."""

from __future__ import annotations

import csv
import io
import posixpath
from collections.abc import Callable, Iterator
from pathlib import Path

from alexandria_desktop.ingest.archive import safe_name
from alexandria_desktop.teach.blocks import TextBlock, VideoBlock
from alexandria_desktop.teach.document import CourseDocument, LessonDocument, LessonKind
from alexandria_desktop.teach.formats.intake import Intake
from alexandria_desktop.teach.formats.kolibri.questions import question_of
from alexandria_desktop.teach.formats.naming import steady_id
from alexandria_desktop.teach.formats.opened import Opened, damaged
from alexandria_desktop.teach.formats.package import Package
from alexandria_desktop.teach.formats.report import Loss
from sync.assessing.assessment import AssessmentDocument
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from sync.assessing.rich_text import from_plain

MAX_BYTES = 64 * 1024 * 1024
Row = dict[str, str]
Find = Callable[[str], bytes | None]


def read(path: Path) -> Opened:
    """Read a channel; raises ReaderError(course.damaged)."""
    if path.is_dir() or path.suffix.lower() == ".csv":
        folder = path if path.is_dir() else path.parent
        return _Channel(_in_folder(folder), folder.name).opened()
    with Package(path) as package:
        start = next((name for name in package.names if posixpath.basename(name) == "Channel.csv"), "Channel.csv")
        base = posixpath.dirname(start)
        return _Channel(lambda name: package.read(posixpath.join(base, name)), path.stem).opened()


def _in_folder(folder: Path) -> Find:
    """Return what reads files of a folder, and none outside it."""
    root = folder.resolve()

    def find(name: str) -> bytes | None:
        inside = safe_name(name)
        place = (root / inside).resolve() if inside else root
        if not place.is_relative_to(root) or not place.is_file() or place.stat().st_size > MAX_BYTES:
            return None
        return place.read_bytes()

    return find


class _Channel:
    def __init__(self, find: Find, title: str) -> None:
        self._find = find
        self._intake = Intake(find)
        about = next(self._rows("Channel.csv"), {})
        self._title = about.get("title") or title
        self._about = about
        self._scope = about.get("source id") or title

    def opened(self) -> Opened:
        """Return the channel as a course: a lesson for each film or text, an assessment for each exercise."""
        lessons = tuple(self._lessons())
        by_source: dict[str, list[Row]] = {}
        for row in self._rows("ExerciseQuestions.csv"):
            by_source.setdefault(row.get("source id", ""), []).append(row)
        exercises = list(self._rows("Exercises.csv"))
        known = {row.get("source id", "") for row in exercises}
        exercises += [{"source id": source, "title": source} for source in by_source if source not in known]
        tests = tuple(
            one for row in exercises if (one := self._exercise(row, by_source.get(row.get("source id", ""), [])))
        )  # fmt: skip
        if not lessons and not tests:
            raise damaged("The channel holds no exercise and no film that can be read.")
        course = CourseDocument(
            id=steady_id("kolibri", self._scope), title=self._title, language=self._about.get("language", ""),
            description=from_plain(self._about.get("description", "")), lessons=lessons, assessments=tests,
        )  # fmt: skip
        return Opened(course, self._intake.files, self._intake.report)

    def _rows(self, name: str) -> Iterator[Row]:
        """Give the rows of a table, columns named in lower case without the star of those that must be filled."""
        data = self._find(name)
        if data is None or len(data) > MAX_BYTES:
            return
        try:
            for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig", "replace"), newline="")):
                yield {
                    str(key).strip(" *").lower(): value.strip() if isinstance(value, str) else ""
                    for key, value in row.items()
                    if key
                }
        except csv.Error:
            self._intake.report.add(name, "A part of this table could not be read.", Loss.DAMAGED)

    def _exercise(self, row: Row, asked: list[Row]) -> AssessmentDocument | None:
        title = row.get("title") or "Exercise"
        questions: list[q.Question] = []
        keys: dict[str, k.Key] = {}
        for number, one in enumerate(asked, 1):
            identity = steady_id(
                "kolibri", self._scope, row.get("source id", ""), one.get("question id") or f"{number}"
            )
            found = question_of(one, identity, f"{title}, question {number}", self._intake)
            if found is not None and identity not in keys:
                questions.append(found[0])
                keys[identity] = found[1]
        if not questions:
            self._intake.report.add(title, "The exercise has no question that can be read.", Loss.QUESTION)
            return None
        if row.get("author") or row.get("license id"):
            self._intake.report.add(title, "Author and licence of the exercise are left out.", Loss.FACT)
        return AssessmentDocument(
            id=steady_id("kolibri", self._scope, row.get("source id") or title), title=title,
            instructions=from_plain(row.get("description", "")), passing_score=_mastery(row),
            is_shuffled=row.get("randomize", "").upper() == "TRUE", questions=tuple(questions), keys=keys,
        )  # fmt: skip

    def _lessons(self) -> Iterator[LessonDocument]:
        for row in self._rows("Content.csv"):
            path, title = row.get("path", ""), row.get("title", "")
            ending = posixpath.splitext(path)[1].lower()
            if not ending:
                self._intake.report.add(title, "It is a folder; what is in it stands in one list.", Loss.MOVED)
                continue
            identity = steady_id("kolibri", self._scope, row.get("source id") or path)
            data = self._find(path) or self._find(path.partition("/")[2])
            media = self._intake.keep(data, path, title) if data is not None else None
            if data is None:
                self._intake.report.add(title, f"The file “{path}” is not in the channel.", Loss.FILE)
            if media is None or not media.media_type.startswith("video/"):
                if data is not None:
                    self._intake.report.add(title, "Only films become lessons; this file was left out.", Loss.LESSON)
                continue
            about = from_plain(row.get("description", ""))
            text = [TextBlock(id=steady_id("kolibri", identity, "about"), order="a0", html=about)] if about else []
            film = VideoBlock(id=steady_id("kolibri", identity, "film"), order="a1", media=media, title=title)
            yield LessonDocument(id=identity, title=title, kind=LessonKind.VIDEO, blocks=(*text, film))


def _mastery(row: Row) -> float:
    """Return how many per cent must be right, where the table says so many out of so many."""
    right, whole = row.get("number correct", ""), row.get("out of total", "")
    if right.isdigit() and whole.isdigit() and 0 < int(right[:6]) <= int(whole[:6]):
        return round(100 * int(right[:6]) / int(whole[:6]), 2)
    return 70.0
