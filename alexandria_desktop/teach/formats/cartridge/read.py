"""Read Common Cartridges 1.0 to 1.3: each module, or page outside one, becomes a lesson."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any

from alexandria_desktop.base.errors import ReaderError
from alexandria_desktop.teach.blocks import Block, ImageBlock, TextBlock, VideoBlock
from alexandria_desktop.teach.document import CourseDocument, LessonDocument
from alexandria_desktop.teach.formats.cartridge.page import blocks_of, meta, page_root, title_of
from alexandria_desktop.teach.formats.cartridge.write import COURSE_DATA, LESSON_DATA
from alexandria_desktop.teach.formats.intake import Intake
from alexandria_desktop.teach.formats.naming import steady_id
from alexandria_desktop.teach.formats.opened import Opened, damaged
from alexandria_desktop.teach.formats.package import Package
from alexandria_desktop.teach.formats.qti12.read import assessments_of, is_qti12
from alexandria_desktop.teach.formats.report import Loss
from alexandria_desktop.teach.formats.xml import Element, below, child, children, first, path_words, read_xml, words
from sync.assessing.assessment import AssessmentDocument
from sync.assessing.codec import Unreadable, decode

_FILMS = ("youtube.com/", "youtu.be/", "vimeo.com/")
_FACTS = ("description", "objectives", "difficulty", "code", "settings")


def read(path: Path) -> Opened:
    """Read a cartridge; raises ReaderError(course.damaged)."""
    with Package(path) as package:
        return _Reading(package, path.stem).opened()


@dataclass(frozen=True, slots=True)
class _Resource:
    """A thing of the cartridge."""

    identifier: str
    kind: str
    href: str


class _Reading:
    def __init__(self, package: Package, title: str) -> None:
        self._package = package
        self._base = ""
        self._intake = Intake(lambda href: package.beside(self._base)(href))
        self._root = read_xml(package.must_read("imsmanifest.xml"), "The manifest")
        name = first(self._root, "title")
        found = next(below(name, "string", "langstring"), name) if name is not None else None
        self._title = " ".join(words(found).split()) or title
        self._scope = self._root.get("identifier") or title
        self._resources = {one.identifier: one for one in self._named()}
        self._used: set[str] = set()
        self._facts: dict[str, Any] = {}
        self._lessons: list[LessonDocument] = []
        self._assessments: list[AssessmentDocument] = []

    def opened(self) -> Opened:
        """Return the course."""
        for organization in below(self._root, "organization"):
            for top in children(organization, "item"):
                self._modules(top)
        for one in self._resources.values():
            if one.identifier not in self._used:
                self._left_over(one)
        if not (self._lessons or self._assessments or self._facts):
            raise damaged("The cartridge holds no page and no question that can be read.")
        language = ""
        general = first(self._root, "general")
        if general is not None:
            language = path_words(general, "language")
        course = CourseDocument(
            id=steady_id("cartridge", self._title, self._scope), title=self._title, language=language,
            lessons=tuple(self._lessons), assessments=tuple(self._assessments),
        )  # fmt: skip
        try:
            told = decode(CourseDocument, {"id": course.id, **self._facts})
            course = replace(course, **{name: getattr(told, name) for name in _FACTS})
        except Unreadable:
            self._intake.report.add("", "The course's objectives and settings could not be read.", Loss.FACT)
        return Opened(course, self._intake.files, self._intake.report)

    def _named(self) -> Iterator[_Resource]:
        for one in below(self._root, "resource"):
            file = child(one, "file")
            href = one.get("href") or (file.get("href") if file is not None else "") or ""
            yield _Resource(one.get("identifier") or href, (one.get("type") or "").lower(), href)

    def _modules(self, top: Element) -> None:
        """Read the items of a table of contents; the one on top holds the others and has no title of its own."""
        inner = list(children(top, "item"))
        if child(top, "title") is None and inner:
            for one in inner:
                self._module(one)
        else:
            self._module(top)

    def _module(self, item: Element) -> None:
        title = path_words(item, "title")
        leaves = list(_leaves(item))
        identity = steady_id("cartridge", self._scope, item.get("identifier") or title)
        blocks: list[Block] = []
        facts: dict[str, Any] | None = None
        tests: list[AssessmentDocument] = []
        for name, leaf in leaves:
            resource = self._resources.get(leaf)
            if resource is None:
                self._intake.report.add(title, f"“{name}” is not in the cartridge.", Loss.LESSON)
                continue
            self._used.add(resource.identifier)
            found, told, more = self._resource(resource, name, identity)
            if len(leaves) > 1 and found and told is None:
                heading = TextBlock(id=steady_id("cartridge", identity, leaf, "heading"), html=_heading(name))
                blocks.append(heading)
            blocks += found
            facts = facts or told
            tests += more
        if facts is None and blocks:
            blocks = [replace(one, order=f"a{at:04}") for at, one in enumerate(blocks)]
        lesson_id = ""
        if blocks or facts is not None:
            lesson = self._lesson(identity, title, tuple(blocks), facts)
            lesson_id = lesson.id
            self._lessons.append(lesson)
        self._assessments += [replace(one, lesson_id=lesson_id) for one in tests]

    def _lesson(
        self, identity: str, title: str, blocks: tuple[Block, ...], facts: dict[str, Any] | None
    ) -> LessonDocument:
        if facts is not None:
            try:
                return replace(decode(LessonDocument, {**facts, "blocks": []}), blocks=blocks)
            except Unreadable:
                self._intake.report.add(title, "The lesson's objectives and length could not be read.", Loss.FACT)
        return LessonDocument(id=identity, title=title, blocks=blocks)

    def _resource(
        self, one: _Resource, name: str, lesson: str
    ) -> tuple[list[Block], dict[str, Any] | None, list[AssessmentDocument]]:
        data = self._package.read(one.href)
        self._base = one.href
        if data is None:
            self._intake.report.add(name, f"The file “{one.href}” is not in the cartridge.", Loss.FILE)
        elif "imsqti" in one.kind or one.kind.endswith(("/assessment", "/question-bank")):
            return [], None, self._quiz(data, one, name)
        elif "imswl" in one.kind:
            return self._link(data, one, name), None, []
        elif "imsdt" in one.kind:
            return self._discussion(data, one, name), None, []
        elif one.href.lower().endswith((".html", ".htm", ".xhtml")):
            return self._page(data, one, name, lesson)
        elif "imsbasiclti" in one.kind:
            self._intake.report.add(name, "It starts a program on another server, so it was left out.", Loss.LESSON)
        else:
            return self._file(data, one, name), None, []
        return [], None, []

    def _page(
        self, data: bytes, one: _Resource, name: str, lesson: str
    ) -> tuple[list[Block], dict[str, Any] | None, list[AssessmentDocument]]:
        root = page_root(data)
        if root is None:
            self._intake.report.add(name, "The page is damaged and was left out.", Loss.DAMAGED)
            return [], None, []
        about = meta(root, COURSE_DATA)
        if about is not None:
            self._facts = {key: value for key, value in about.items() if key in _FACTS}
            return [], None, []
        identity = f"{lesson}/{one.identifier}"
        facts = meta(root, LESSON_DATA)
        blocks = blocks_of(root, identity, name, self._intake, is_ours=facts is not None)
        return list(blocks), facts, []

    def _quiz(self, data: bytes, one: _Resource, name: str) -> list[AssessmentDocument]:
        try:
            root = read_xml(data, f"The file “{one.href}”")
            if is_qti12(root):
                return list(assessments_of(root, self._scope, self._intake))
        except ReaderError as error:
            self._intake.report.add(name, error.message, Loss.DAMAGED)
            return []
        self._intake.report.add(name, "Its questions are in a form that is not read here.", Loss.QUESTION)
        return []

    def _link(self, data: bytes, one: _Resource, name: str) -> list[Block]:
        root = read_xml(data, f"The file “{one.href}”")
        found = first(root, "url")
        url = (found.get("href") or "") if found is not None else ""
        identity = steady_id("cartridge", self._scope, one.identifier, "link")
        if not url.startswith(("http://", "https://")):
            self._intake.report.add(name, "Its link leads nowhere on the web.", Loss.LESSON)
            return []
        if any(film in url for film in _FILMS):
            return [VideoBlock(id=identity, url=url, title=name)]
        link = f'<a href="{escape(url)}">{escape(name or url)}</a>'
        return [TextBlock(id=identity, html=self._intake.rich(link, name))]

    def _discussion(self, data: bytes, one: _Resource, name: str) -> list[Block]:
        root = read_xml(data, f"The file “{one.href}”")
        text = self._intake.auto(words(first(root, "text")), name)
        self._intake.report.add(name, "A discussion came over as plain text; nobody can answer in it.", Loss.MOVED)
        return [TextBlock(id=steady_id("cartridge", self._scope, one.identifier, "talk"), html=text)] if text else []

    def _file(self, data: bytes, one: _Resource, name: str) -> list[Block]:
        media = self._intake.keep(data, one.href, name)
        if media is None:
            return []
        identity = steady_id("cartridge", self._scope, one.identifier, "file")
        if media.media_type.startswith("image/"):
            return [ImageBlock(id=identity, media=media)]
        if media.media_type.startswith("video/"):
            return [VideoBlock(id=identity, media=media, title=name)]
        self._intake.report.add(name, f"The file “{media.name}” is no page and no picture.", Loss.FILE)
        return []

    def _left_over(self, one: _Resource) -> None:
        """Read what the table of contents does not name: pages and questions count, settings and pictures do not."""
        if one.href.startswith("course_settings/"):
            self._intake.report.add("", "The settings of Canvas are left out.", Loss.SETTING)
            return
        is_page = one.href.lower().endswith((".html", ".htm"))
        is_quiz = "imsqti" in one.kind or one.href.endswith(".xml.qti")
        if not is_page and not is_quiz:
            return
        data = self._package.read(one.href)
        root = page_root(data) if data is not None and is_page else None
        title = title_of(root) if root is not None else ""
        self._base = one.href
        identity = steady_id("cartridge", self._scope, one.identifier)
        blocks, facts, tests = self._resource(one, title or one.href, identity)
        if blocks or root is not None:
            self._lessons.append(self._lesson(identity, title or one.href, tuple(blocks), facts))
        self._assessments += tests


def _leaves(item: Element) -> Iterator[tuple[str, str]]:
    """Give the title and the resource of each item that leads somewhere, in order."""
    if item.get("identifierref"):
        yield path_words(item, "title"), item.get("identifierref") or ""
    for one in children(item, "item"):
        yield from _leaves(one)


def _heading(text: str) -> str:
    return f"<h2>{escape(text, quote=False)}</h2>" if text.strip() else ""
