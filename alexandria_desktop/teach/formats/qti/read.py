"""Read packages and single items of QTI 2 and QTI 3."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from alexandria_desktop.ingest.epub_package import resolve
from alexandria_desktop.teach.document import CourseDocument
from alexandria_desktop.teach.formats.intake import Intake
from alexandria_desktop.teach.formats.naming import steady_id
from alexandria_desktop.teach.formats.opened import Opened, bytes_of, damaged
from alexandria_desktop.teach.formats.package import Package, is_package
from alexandria_desktop.teach.formats.qti.item import Item
from alexandria_desktop.teach.formats.qti.kinds import question_of
from alexandria_desktop.teach.formats.qti.names import as_old
from alexandria_desktop.teach.formats.report import Loss
from alexandria_desktop.teach.formats.xml import (
    MAX_XML,
    Element,
    below,
    child,
    children,
    first,
    inner_markup,
    read_xml,
    words,
)
from sync.assessing.assessment import AssessmentDocument, Mode, Pool
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q

_ITEM, _TEST = "assessmentItem", "assessmentTest"
Found = tuple[q.Question, k.Key]


def read(path: Path) -> Opened:
    """Read a package or a single item; raises ReaderError(course.damaged)."""
    if is_package(path):
        with Package(path) as package:
            return _Reading(package, path.stem).opened()
    root = as_old(read_xml(bytes_of(path, MAX_XML), "The file"))
    if root.tag != _ITEM:
        raise damaged("The file is no item of QTI.")
    intake = Intake()
    title = " ".join((root.get("title") or "").split()) or path.stem
    found = question_of(Item(root, steady_id("qti", title, root.get("identifier") or ""), title, intake))
    return _course(title, steady_id("qti", title), [found] if found else [], intake)


def _course(title: str, identity: str, found: list[Found], intake: Intake) -> Opened:
    if not found:
        raise damaged("The file holds no question that can be read.")
    one = AssessmentDocument(
        id=steady_id("qti", title, "test"), title=title, questions=tuple(pair[0] for pair in found),
        keys={pair[0].id: pair[1] for pair in found},
    )  # fmt: skip
    return Opened(CourseDocument(id=identity, title=title, assessments=(one,)), intake.files, intake.report)


@dataclass(slots=True)
class _Loose:
    """An item of the package that waits for a test to name it."""

    root: Element
    name: str
    is_used: bool = False


class _Reading:
    """A package that is being read."""

    def __init__(self, package: Package, title: str) -> None:
        self._package = package
        self._base = ""
        self._intake = Intake(lambda href: package.beside(self._base)(href))
        self._items: dict[str, _Loose] = {}
        self._tests: list[tuple[str, Element]] = []
        self._title, self._identity, self._language = self._manifest(title)
        for name in package.names:
            if name.lower().endswith(".xml") and name != "imsmanifest.xml":
                self._sort(name)

    def opened(self) -> Opened:
        """Return the course: an assessment for each test, and one for the items that no test names."""
        assessments = [self._test(name, root) for name, root in self._tests]
        loose = [one for one in self._items.values() if not one.is_used]
        pairs = [pair for number, one in enumerate(loose, 1) if (pair := self._question(one, number))]
        if pairs:
            assessments.append(
                AssessmentDocument(
                    id=steady_id("qti", self._title, "loose"), title=self._title,
                    questions=tuple(pair[0] for pair in pairs), keys={pair[0].id: pair[1] for pair in pairs},
                )
            )  # fmt: skip
        found = tuple(one for one in assessments if one.questions)
        if not found:
            raise damaged("The package holds no question of QTI that can be read.")
        course = CourseDocument(
            id=self._identity, title=self._title, language=self._language, assessments=found
        )  # fmt: skip
        return Opened(course, self._intake.files, self._intake.report)

    def _manifest(self, title: str) -> tuple[str, str, str]:
        data = self._package.read("imsmanifest.xml")
        if data is None:
            return title, steady_id("qti", title), ""
        root = read_xml(data, "The manifest")
        found = first(root, "title")
        text = next(below(found, "string", "langstring"), None) if found is not None else None
        name = " ".join(words(text if text is not None else found).split())
        language = (text.get("language") or "") if text is not None else ""
        return name or title, steady_id("qti", title, root.get("identifier") or title), language

    def _sort(self, name: str) -> None:
        data = self._package.read(name)
        if data is None or (b"assessmentItem" not in data and b"assessment" not in data):
            return
        root = as_old(read_xml(data, f"The file “{name}”"))
        if root.tag == _ITEM:
            self._items[name] = _Loose(root, name)
        elif root.tag == _TEST:
            self._tests.append((name, root))

    def _question(self, loose: _Loose, number: int) -> Found | None:
        loose.is_used = True
        self._base = loose.name
        title = " ".join((loose.root.get("title") or "").split())
        where = f"Question {number}" + (f": {title[:60]}" if title else "")
        identity = steady_id("qti", self._title, loose.root.get("identifier") or loose.name)
        return question_of(Item(loose.root, identity, where, self._intake))

    def _test(self, name: str, root: Element) -> AssessmentDocument:
        title = " ".join((root.get("title") or "").split())
        pairs: list[Found] = []
        pools: list[Pool] = []
        for part in children(root, "testPart"):
            for section in children(part, "assessmentSection"):
                self._section(section, name, title, pairs, pools)
        parts = list(children(root, "testPart"))
        if any(next(below(root, tag), None) is not None for tag in ("branchRule", "preCondition")):
            self._intake.report.add(title, "Rules that skip questions are left out.", Loss.SETTING)
        limit = child(root, "timeLimits")
        percent = [one for one in children(root, "outcomeDeclaration") if one.get("identifier") == "PERCENT"]
        is_graded = any(part.get("submissionMode") == "simultaneous" for part in parts)
        order = next((section for section in below(root, "assessmentSection")), None)
        shuffled = child(order, "ordering") if order is not None else None
        self._base = name
        words_before = [one for one in below(root, "rubricBlock") if "instructions" in (one.get("class") or "")]
        return AssessmentDocument(
            id=steady_id("qti", self._title, root.get("identifier") or name), title=title,
            instructions=self._intake.rich(inner_markup(words_before[0]), title) if words_before else "",
            mode=Mode.GRADED if is_graded else Mode.PRACTICE,
            passing_score=_number(percent[0].get("masteryValue"), 70.0) if percent else 70.0,
            time_limit=int(_number(limit.get("maxTime"), 0.0)) or None if limit is not None else None,
            is_shuffled=shuffled is not None and shuffled.get("shuffle") == "true", pools=tuple(pools),
            questions=tuple(pair[0] for pair in pairs), keys={pair[0].id: pair[1] for pair in pairs},
        )  # fmt: skip

    def _section(
        self, section: Element, name: str, title: str, pairs: list[Found], pools: list[Pool]
    ) -> list[str]:  # fmt: skip
        """Add the questions of a section in their order, and return their ids."""
        added: list[str] = []
        for one in children(section, "assessmentItemRef", "assessmentSection"):
            if one.tag == "assessmentSection":
                added += self._section(one, name, title, pairs, pools)
                continue
            pair = self._referred(one, name, len(pairs) + 1, title)
            if pair is not None and pair[0].id not in [other[0].id for other in pairs]:
                pairs.append(pair)
                added.append(pair[0].id)
        selection = child(section, "selection")
        if selection is not None and added:
            pools.append(_pool(section, selection, added))
        return added

    def _referred(self, one: Element, base: str, number: int, title: str) -> Found | None:
        href = one.get("href") or ""
        loose = self._items.get(resolve(base, href) or "")
        if loose is None:
            by_id = [item for item in self._items.values() if item.root.get("identifier") == one.get("identifier")]
            loose = by_id[0] if by_id else None
        if loose is None:
            self._intake.report.add(title, f"The question “{href[:120]}” is not in the package.", Loss.QUESTION)
            return None
        return self._question(loose, number)


def _pool(section: Element, selection: Element, added: list[str]) -> Pool:
    return Pool(
        id=steady_id("qti", section.get("identifier") or ""), title=" ".join((section.get("title") or "").split()),
        questions=tuple(added), draw=int(_number(selection.get("select"), 1.0)),
    )  # fmt: skip


def _number(text: str | None, default: float) -> float:
    try:
        value = float(text or "")
    except ValueError:
        return default
    return value if 0 <= value < 1e9 else default
