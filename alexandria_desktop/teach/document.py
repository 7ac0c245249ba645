"""A whole course in memory: what formats read and write, versions compare, packs carry and previews show.

Ids are strings; those of our own courses are the UUIDs of their rows. The keys of an assessment are a field of their
own and can be left out as a whole (``without_keys``), which is what a student's copy of a graded one is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from alexandria_desktop.teach.blocks import Block, readable_block
from alexandria_desktop.teach.unreadable import said_to_reader
from sync.assessing.assessment import AssessmentDocument, Mode
from sync.assessing.codec import Unreadable, decode, encode
from sync.assessing.media import Media, media_in
from sync.assessing.questions.keys import answers_to_json, keys_from_json, rubrics_to_json
from sync.assessing.questions.model import questions_from_json, questions_to_json
from sync.assessing.rich_text import RichText

VERSION = 1


class LessonKind(StrEnum):
    """What a lesson mostly is."""

    TEXT = "text"
    VIDEO = "video"
    INTERACTIVE = "interactive"
    ASSESSMENT = "assessment"


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonDocument:
    """A lesson with its blocks, in the order of display."""

    id: str
    title: str = ""
    kind: LessonKind = LessonKind.TEXT
    objectives: tuple[str, ...] = ()
    minutes: int | None = None
    prerequisites: tuple[str, ...] = ()
    """Ids of the lessons that come first."""
    blocks: tuple[Block, ...] = ()

    def media(self) -> dict[str, Media]:
        """Return every file that the lesson shows, by SHA-256."""
        return media_in(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerDocument:
    """A teacher's notes on a book, which lie over the students' own: passages and notes."""

    id: str
    edition: str = ""
    """SHA-256 of the file that they were made in."""
    title: str = ""
    """The book's."""
    author: str = ""
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseDocument:
    """A course."""

    id: str
    title: str = ""
    description: RichText = ""
    language: str = ""
    """A language tag; empty where it is not known."""
    objectives: tuple[str, ...] = ()
    difficulty: str = ""
    code: str = ""
    """The code in a school's catalogue."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Theme, completion rules, late policy: JSON values by name."""
    lessons: tuple[LessonDocument, ...] = ()
    assessments: tuple[AssessmentDocument, ...] = ()
    layers: tuple[LayerDocument, ...] = ()

    def without_graded_keys(self) -> CourseDocument:
        """Return the course as a student may hold it: with the keys of practice only."""
        return replace(
            self,
            assessments=tuple(one.without_keys() if one.mode is Mode.GRADED else one for one in self.assessments),
        )

    def media(self) -> dict[str, Media]:
        """Return every file that the course shows, by SHA-256."""
        return media_in(self)

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form; the keys are in an object of their own, by assessment."""
        return {
            "v": VERSION,
            **_facts(self, "lessons", "assessments", "layers"),
            "lessons": [_with_blocks(lesson) for lesson in self.lessons],
            **({"layers": [_with_blocks(layer) for layer in self.layers]} if self.layers else {}),
            "assessments": [
                {**_facts(one, "questions", "keys"), "questions": questions_to_json(one.questions)}
                for one in self.assessments
            ],
            "keys": {
                one.id: {"answers": answers_to_json(one.keys), "rubrics": rubrics_to_json(one.keys)}
                for one in self.assessments
                if one.keys
            },
        }

    @staticmethod
    def from_json(data: object) -> CourseDocument:
        """Read the JSON form; raises ReaderError(course.invalid)."""
        with said_to_reader():
            return _course(data)


def _course(data: object) -> CourseDocument:
    if not isinstance(data, Mapping):
        raise Unreadable("a course is an object")
    keys = data.get("keys")
    lessons = tuple(_lesson(item) for item in _objects(data, "lessons"))
    assessments = tuple(
        _assessment(item, keys if isinstance(keys, Mapping) else {}) for item in _objects(data, "assessments")
    )
    layers = tuple(_layer(item) for item in _objects(data, "layers"))
    facts = decode(CourseDocument, _but(data, "lessons", "assessments", "layers"))
    return replace(facts, lessons=lessons, assessments=assessments, layers=layers)


def _with_blocks(part: LessonDocument | LayerDocument) -> dict[str, Any]:
    return {**_facts(part, "blocks"), "blocks": [block.to_json() for block in part.blocks]}


def _blocks(data: Mapping[str, Any]) -> tuple[Block, ...]:
    return tuple(readable_block(str(item.get("id") or ""), item) for item in _objects(data, "blocks"))


def _lesson(data: Mapping[str, Any]) -> LessonDocument:
    return replace(decode(LessonDocument, _but(data, "blocks")), blocks=_blocks(data))


def _layer(data: Mapping[str, Any]) -> LayerDocument:
    return replace(decode(LayerDocument, _but(data, "blocks")), blocks=_blocks(data))


def _assessment(data: Mapping[str, Any], keys: Mapping[str, Any]) -> AssessmentDocument:
    apart = keys.get(str(data.get("id")))
    apart = apart if isinstance(apart, Mapping) else {}
    return replace(
        decode(AssessmentDocument, _but(data, "questions", "keys")),
        questions=questions_from_json(_objects(data, "questions")),
        keys=keys_from_json(apart.get("answers", {}), apart.get("rubrics")),
    )


def _objects(data: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = data.get(name, ())
    if not isinstance(found, list | tuple) or not all(isinstance(item, Mapping) for item in found):
        raise Unreadable(f"{name} is a list of objects")
    return list(found)


def _but(data: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in names}


def _facts(value: object, *but: str) -> dict[str, Any]:
    encoded: dict[str, Any] = encode(value)
    return _but(encoded, *but)
