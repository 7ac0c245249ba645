"""Write a course as a Common Cartridge 1.3."""

from __future__ import annotations

import json
from pathlib import Path

from lxml import etree

from alexandria_desktop.teach.document import CourseDocument, LessonDocument
from alexandria_desktop.teach.formats.naming import to_identifier
from alexandria_desktop.teach.formats.package import write_package
from alexandria_desktop.teach.formats.pages import about_html, lesson_html, page
from alexandria_desktop.teach.formats.qti12.write import NAME, as_qti12
from alexandria_desktop.teach.formats.report import Loss, Report
from alexandria_desktop.teach.formats.xml import Element, add, written
from alexandria_desktop.teach.media import Files
from sync.assessing.assessment import AssessmentDocument
from sync.assessing.media import Media
from sync.assessing.rich_text import to_plain

_CP = "http://www.imsglobal.org/xsd/imsccv1p3/imscp_v1p1"
_LOM = "http://ltsc.ieee.org/xsd/imsccv1p3/LOM/manifest"
_QUIZ = "imsqti_xmlv1p2/imscc_xmlv1p3/assessment"
LESSON_DATA = "alexandria-lesson"
COURSE_DATA = "alexandria-course"


def address_of(media: Media) -> str:
    """Return where a file lies, as seen from a page or an assessment."""
    return f"../web_resources/{media.sha256[:12]}/{media.name or 'file'}"


def write(course: CourseDocument, path: Path, files: Files) -> Report:
    """Write a cartridge and return what it cannot hold."""
    work = _Work(course, files)
    write_package(path, work.parts())
    return work.report


class _Work:
    def __init__(self, course: CourseDocument, files: Files) -> None:
        self._course = course
        self._files = files
        self.report = Report()
        self._number = 1
        self._parts: dict[str, bytes] = {}
        self._root = etree.Element(f"{{{_CP}}}manifest", nsmap={None: _CP, "lomimscc": _LOM})

    def parts(self) -> dict[str, bytes]:
        course = self._course
        self._root.set("identifier", to_identifier(course.id))
        self._metadata()
        organization = add(add(self._root, "organizations"), "organization", identifier="org_1")
        organization.set("structure", "rooted-hierarchy")
        top = add(organization, "item", identifier="LearningModules")
        resources = add(self._root, "resources")
        self._page(top, resources, "about", course.title or "About this course", self._about())
        for lesson in course.lessons:
            self._lesson(top, resources, lesson)
        known = {lesson.id for lesson in course.lessons}
        for one in course.assessments:
            if one.lesson_id not in known:
                self._assessment(top, resources, one)
        self._media(resources)
        return {"imsmanifest.xml": written(self._root), **self._parts}

    def _metadata(self) -> None:
        metadata = add(self._root, "metadata")
        add(metadata, "schema", "IMS Common Cartridge")
        add(metadata, "schemaversion", "1.3.0")
        general = etree.SubElement(etree.SubElement(metadata, f"{{{_LOM}}}lom"), f"{{{_LOM}}}general")
        add(add(general, "title"), "string", self._course.title)
        if self._course.language:
            add(general, "language", self._course.language)
        if self._course.description:
            add(add(general, "description"), "string", to_plain(self._course.description))

    def _about(self) -> bytes:
        course = self._course
        facts = {
            "description": course.description, "objectives": list(course.objectives), "difficulty": course.difficulty,
            "code": course.code, "settings": dict(course.settings),
        }  # fmt: skip
        data = (COURSE_DATA, json.dumps(facts))
        return page(course.title, about_html(course), language=course.language, data=data)

    def _lesson(self, top: Element, resources: Element, lesson: LessonDocument) -> None:
        folder = add(top, "item", identifier=f"folder-{to_identifier(lesson.id)}")
        add(folder, "title", lesson.title)
        facts = {
            "id": lesson.id, "title": lesson.title, "kind": lesson.kind.value, "objectives": list(lesson.objectives),
            "minutes": lesson.minutes, "prerequisites": list(lesson.prerequisites),
        }  # fmt: skip
        body = lesson_html(lesson, address_of, carries_data=True)
        data = page(lesson.title, body, language=self._course.language, data=(LESSON_DATA, json.dumps(facts)))
        self._page(folder, resources, to_identifier(lesson.id), lesson.title, data)
        for one in self._course.assessments:
            if one.lesson_id == lesson.id:
                self._assessment(folder, resources, one)

    def _page(self, parent: Element, resources: Element, identifier: str, title: str, data: bytes) -> None:
        name = f"pages/{identifier}.html"
        self._parts[name] = data
        item = add(parent, "item", identifier=f"item-{identifier}", identifierref=identifier)
        add(item, "title", title)
        self._resource(resources, identifier, "webcontent", name)

    def _assessment(self, parent: Element, resources: Element, one: AssessmentDocument) -> None:
        identifier = to_identifier(one.id)
        name = f"assessments/{identifier}.xml"
        self._parts[name] = as_qti12(one, address_of, self.report, start=self._number)
        self._number += len(one.questions)
        item = add(parent, "item", identifier=f"item-{identifier}", identifierref=identifier)
        add(item, "title", one.title)
        self._resource(resources, identifier, _QUIZ, name)

    def _media(self, resources: Element) -> None:
        for at, media in enumerate(self._course.media().values(), 1):
            data = self._files.get(media.sha256)
            if data is None:
                self.report.add("", f"The bytes of “{media.name}” are not on this computer.", Loss.FILE)
                continue
            name = address_of(media).removeprefix("../")
            self._parts[name] = data
            self._resource(resources, f"media-{at}", "webcontent", name)

    def _resource(self, resources: Element, identifier: str, kind: str, name: str) -> None:
        resource = add(resources, "resource", identifier=identifier, type=kind)
        if kind == "webcontent":
            resource.set("href", name)
        add(resource, "file", href=name)


__all__ = ["NAME", "write"]
