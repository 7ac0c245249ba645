"""Write the assessments of a course as a package of QTI."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from alexandria_desktop.teach.document import CourseDocument
from alexandria_desktop.teach.formats.held import name_of
from alexandria_desktop.teach.formats.naming import to_identifier
from alexandria_desktop.teach.formats.package import write_package
from alexandria_desktop.teach.formats.qti.names import QTI_21, QTI_30, SPACE_21, Edition, as_edition
from alexandria_desktop.teach.formats.qti.processing import value_text
from alexandria_desktop.teach.formats.qti.write_item import ItemWriter, media_name
from alexandria_desktop.teach.formats.report import Loss, Report
from alexandria_desktop.teach.formats.xml import Element, add, add_markup, written
from alexandria_desktop.teach.media import Files
from sync.assessing.assessment import AssessmentDocument, Mode
from sync.assessing.rich_text import as_blocks

_CP = "http://www.imsglobal.org/xsd/imscp_v1p1"
_MD = "http://ltsc.ieee.org/xsd/LOM"


def write_21(course: CourseDocument, path: Path, files: Files) -> Report:
    """Write a package of QTI 2.1 and return what it cannot hold."""
    return _write(course, path, files, QTI_21)


def write_30(course: CourseDocument, path: Path, files: Files) -> Report:
    """Write a package of QTI 3 and return what it cannot hold."""
    return _write(course, path, files, QTI_30)


def _write(course: CourseDocument, path: Path, files: Files, edition: Edition) -> Report:
    work = _Work(course, files, edition)
    write_package(path, work.parts())
    return work.report


class _Work:
    def __init__(self, course: CourseDocument, files: Files, edition: Edition) -> None:
        self._course = course
        self._files = files
        self._edition = edition
        self.report = Report()
        self._number = 0
        self._parts: dict[str, bytes] = {}
        self._resources: list[tuple[str, str, str, list[str]]] = []
        """Identifier, type, name, and the identifiers it depends on."""

    def parts(self) -> dict[str, bytes]:
        course, name = self._course, self._edition.name
        for lesson in course.lessons:
            self.report.add(lesson.title, f"{name} holds questions only, so this lesson was left out.", Loss.LESSON)
        if course.description or course.objectives or course.difficulty or course.code or course.settings:
            self.report.add("", f"{name} does not hold the course's description, objectives and settings.", Loss.FACT)
        for assessment in course.assessments:
            self._assessment(assessment)
        return {"imsmanifest.xml": self._manifest(), **self._parts}

    def _assessment(self, one: AssessmentDocument) -> None:
        written_ids: list[str] = []
        for question in one.questions:
            self._number += 1
            where = name_of(question, self._number)
            writer = ItemWriter(question, one.keys.get(question.id), where, self.report, self._edition)
            item = writer.write()
            if item is None:
                continue
            written_ids.append(question.id)
            name = f"items/{to_identifier(question.id)}.xml"
            self._parts[name] = written(as_edition(item, self._edition))
            self._resources.append((to_identifier(question.id), self._edition.item_type, name, []))
        for file in one.media().values():
            data = self._files.get(file.sha256)
            if data is None:
                self.report.add(one.title, f"The bytes of “{file.name}” are not on this computer.", Loss.FILE)
            else:
                self._parts[media_name(file)] = data
        name = f"tests/{to_identifier(one.id)}.xml"
        self._parts[name] = written(as_edition(self._test(one, written_ids), self._edition))
        depends = [to_identifier(question) for question in written_ids]
        self._resources.append((to_identifier(one.id), self._edition.test_type, name, depends))

    def _test(self, one: AssessmentDocument, questions: list[str]) -> Element:
        if one.max_attempts is not None:
            what = f"{self._edition.name} does not hold how often the whole may be tried."
            self.report.add(one.title, what, Loss.SETTING)
        root = etree.Element(f"{{{SPACE_21}}}assessmentTest", nsmap={None: SPACE_21})
        root.set("identifier", to_identifier(one.id))
        root.set("title", one.title)
        percent = add(root, "outcomeDeclaration", identifier="PERCENT", cardinality="single", baseType="float")
        percent.set("masteryValue", value_text(one.passing_score))
        if one.time_limit is not None:
            add(root, "timeLimits", maxTime=str(one.time_limit))
        mode = "simultaneous" if one.mode is Mode.GRADED else "individual"
        part = add(root, "testPart", identifier="part", navigationMode="nonlinear", submissionMode=mode)
        section = add(part, "assessmentSection", identifier="main", title=one.title, visible="true")
        if one.is_shuffled:
            add(section, "ordering", shuffle="true")
        if one.instructions:
            add_markup(
                add(section, "rubricBlock", view="candidate", class_="instructions"), as_blocks(one.instructions)
            )
        self._fill(one, section, questions)
        return root

    def _fill(self, one: AssessmentDocument, section: Element, questions: list[str]) -> None:
        """Put the items into the section; those of a pool stand together, where the first of them stood."""
        pool_of = {question: pool for pool in reversed(one.drawn_from()) for question in pool.questions}
        put: list[str] = []
        for question in questions:
            pool = pool_of.get(question)
            if question in put:
                continue
            if pool is None:
                self._refer(section, question)
                put.append(question)
                continue
            inner = add(section, "assessmentSection", identifier=to_identifier(pool.id), title=pool.title)
            inner.set("visible", "false")
            add(inner, "selection", select=str(pool.draw))
            for inside in [other for other in questions if other in pool.questions and other not in put]:
                self._refer(inner, inside)
                put.append(inside)
        if put != questions:
            self.report.add(one.title, "The questions of a pool now stand together.", Loss.MOVED)

    def _refer(self, section: Element, question: str) -> None:
        name = to_identifier(question)
        add(section, "assessmentItemRef", identifier=name, href=f"../items/{name}.xml")

    def _manifest(self) -> bytes:
        root = etree.Element(f"{{{_CP}}}manifest", nsmap={None: _CP, "imsmd": _MD})
        root.set("identifier", to_identifier(self._course.id))
        metadata = add(root, "metadata")
        add(metadata, "schema", self._edition.schema)
        add(metadata, "schemaversion", "1.0.0")
        general = etree.SubElement(etree.SubElement(metadata, f"{{{_MD}}}lom"), f"{{{_MD}}}general")
        title = add(add(general, "title"), "string", self._course.title)
        if self._course.language:
            title.set("language", self._course.language)
        add(root, "organizations")
        resources = add(root, "resources")
        for identifier, kind, name, depends in self._resources:
            resource = add(resources, "resource", identifier=identifier, type=kind, href=name)
            add(resource, "file", href=name)
            for other in depends:
                add(resource, "dependency", identifierref=other)
        shown = [name for name in self._parts if name.startswith("media/")]
        for at, name in enumerate(shown, 1):
            resource = add(resources, "resource", identifier=f"media-{at}", type="webcontent", href=name)
            add(resource, "file", href=name)
        return written(root)
