"""The rows of a course that came in a pack, with the ids that its teacher's library gave them.

Ids of courses, lessons and assessments follow from those of their items, as everywhere; a pack whose ids do not is one
that speaks for something else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from alexandria_desktop.library.course_documents import as_id, assessment_metadata
from alexandria_desktop.store.course_packs import Rows, clash
from alexandria_desktop.store.course_parts import LONGEST
from alexandria_desktop.store.course_rows import Audience, Status
from alexandria_desktop.store.layers import layer_metadata
from alexandria_desktop.store.lessons import BLOCKS
from alexandria_desktop.teach.authoring.order_keys import spread
from alexandria_desktop.teach.document import CourseDocument, LayerDocument, LessonDocument
from alexandria_desktop.teach.packs.manifest import Manifest
from alexandria_desktop.teach.unreadable import invalid
from sync.assessing.assessment import AssessmentDocument
from sync.assessing.questions.keys import answers_to_json, rubrics_to_json
from sync.assessing.questions.model import questions_to_json
from sync.schema import natural


def rows_of(manifest: Manifest, course: CourseDocument) -> Rows:
    """Return every row of a course; raises ReaderError(course.pack-clash) for ids that do not belong together."""
    return _Making(manifest, course.without_graded_keys()).rows


_MOST = 1_000_000
"""Minutes, seconds or attempts that anybody can mean."""


class _Making:
    def __init__(self, manifest: Manifest, course: CourseDocument) -> None:
        self._manifest = manifest
        if course.id != str(manifest.course_id):
            raise clash(f"{course.id} is not {manifest.course_id}")
        self._root = self._item(course.id, natural.course)
        self.rows: dict[str, dict[UUID, Mapping[str, Any]]] = {
            name: {} for name in ("content_items", "courses", "lessons", "assessments", "assessment_keys")
        }
        self._add_course(course)
        lessons = {one.id for one in course.lessons}
        for lesson, key in zip(course.lessons, spread(len(course.lessons)), strict=True):
            self._add_lesson(lesson, key, lessons)
        for assessment in course.assessments:
            self._add_assessment(assessment, lessons)
        for layer in course.layers:
            self._add_layer(layer)

    def _item(self, part_id: str, derive: Callable[[UUID], UUID]) -> UUID:
        """Return the item of a part."""
        known = as_id(part_id)
        item = self._manifest.items.get(known) if known is not None else None
        if item is None or derive(item) != known:
            raise clash(part_id)
        return item

    def _add_item(self, item: UUID, kind: str, title: str, metadata: Mapping[str, Any], **more: Any) -> None:
        if item in self.rows["content_items"]:
            raise clash(str(item))
        self.rows["content_items"][item] = {
            "title": title[:LONGEST],
            "content_type": kind,
            "module_name": "lms",
            "creator_id": self._manifest.author_id,
            "metadata_json": {name: value for name, value in metadata.items() if value is not None},
            "tags": [],
            "visibility": Audience.INVITED.value,
            "status": Status.PUBLISHED.value,
            "root_id": None if item == self._root else self._root,
            "is_stub": False,
            **more,
        }

    def _add_course(self, course: CourseDocument) -> None:
        metadata = {"language": course.language or None, "settings": dict(course.settings) or None}
        self._add_item(self._root, "course", course.title, metadata, description=course.description or None)
        self.rows["courses"][self._manifest.course_id] = {
            "content_id": self._root,
            "course_code": course.code[:50] or None,
            "difficulty_level": course.difficulty[:50] or None,
            "prerequisites": [],
            "learning_objectives": list(course.objectives),
        }

    def _add_lesson(self, lesson: LessonDocument, key: str, lessons: set[str]) -> None:
        if lesson.minutes is not None and not 0 <= lesson.minutes < _MOST:
            raise invalid(f"a lesson does not take {lesson.minutes} minutes")
        item = self._item(lesson.id, natural.lesson)
        blocks = {block.id: block.to_json() for block in lesson.blocks}
        self._add_item(
            item, "lesson", lesson.title, {"objectives": list(lesson.objectives) or None, BLOCKS: blocks or None}
        )
        self.rows["lessons"][natural.lesson(item)] = {
            "content_id": item,
            "course_id": self._manifest.course_id,
            "root_id": self._root,
            "order_key": key,
            "order_index": 0,
            "lesson_type": lesson.kind.value,
            "duration": lesson.minutes,
            "prerequisites": [one for one in lesson.prerequisites if one in lessons],
        }

    def _add_assessment(self, assessment: AssessmentDocument, lessons: set[str]) -> None:
        _insist_on_sense(assessment)
        item = self._item(assessment.id, natural.assessment)
        self._add_item(item, "assessment", assessment.title, assessment_metadata(assessment))
        assessment_id = natural.assessment(item)
        self.rows["assessments"][assessment_id] = {
            "content_id": item,
            "lesson_id": as_id(assessment.lesson_id) if assessment.lesson_id in lessons else None,
            "root_id": self._root,
            "mode": assessment.mode.value,
            "questions_json": questions_to_json(assessment.questions),
            "passing_score": Decimal(str(round(assessment.passing_score, 2))),
            "time_limit": assessment.time_limit,
            "max_attempts": assessment.max_attempts,
        }
        if assessment.keys:
            self.rows["assessment_keys"][natural.assessment_key(assessment_id)] = {
                "assessment_id": assessment_id,
                "root_id": self._root,
                "answers_json": answers_to_json(assessment.keys),
                "rubric_json": rubrics_to_json(assessment.keys),
            }

    def _add_layer(self, layer: LayerDocument) -> None:
        item = as_id(layer.id)
        if item is None:
            raise clash(layer.id)
        book = {"edition": layer.edition, "title": layer.title, "author": layer.author}
        metadata = layer_metadata(book, {block.id: block.to_json() for block in layer.blocks})
        self._add_item(item, "lesson", layer.title, metadata)


def _insist_on_sense(assessment: AssessmentDocument) -> None:
    """Raise ReaderError(course.invalid) for numbers that no quiz has."""
    limits = (assessment.time_limit, assessment.max_attempts)
    if not 0 <= assessment.passing_score <= 100 or any(one is not None and not 1 <= one < _MOST for one in limits):
        raise invalid("a quiz has limits that make no sense")
