"""Read QTI 1.2: single files of Canvas, and packages of Canvas, Blackboard and Respondus."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from alexandria_desktop.teach.document import CourseDocument
from alexandria_desktop.teach.formats.intake import Intake
from alexandria_desktop.teach.formats.naming import steady_id
from alexandria_desktop.teach.formats.opened import Opened, bytes_of, damaged
from alexandria_desktop.teach.formats.package import Package, is_package
from alexandria_desktop.teach.formats.qti12.item import Item, fields_of
from alexandria_desktop.teach.formats.qti12.kinds import question_of
from alexandria_desktop.teach.formats.report import Loss
from alexandria_desktop.teach.formats.xml import MAX_XML, Element, below, child, children, first, read_xml, words
from alexandria_desktop.text.canonical import local_name
from sync.assessing.assessment import AssessmentDocument, Pool
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q

ROOT = "questestinterop"


def read(path: Path) -> Opened:
    """Read a file or a package of QTI 1.2; raises ReaderError(course.damaged)."""
    if is_package(path):
        with Package(path) as package:
            return _from_package(package, path.stem)
    root = read_xml(bytes_of(path, MAX_XML), "The file")
    intake = Intake()
    found = list(assessments_of(root, path.stem, intake))
    return _opened(found[0].title if len(found) == 1 else path.stem, found, intake)


def is_qti12(root: Element) -> bool:
    """Whether the root of a file is that of QTI 1.2."""
    return local_name(root) == ROOT


def assessments_of(root: Element, scope: str, intake: Intake) -> Iterator[AssessmentDocument]:
    """Give the assessments and banks of a file; ``scope`` keeps their ids apart from those of other files."""
    if not is_qti12(root):
        raise damaged("The file is no QTI 1.2.")
    holders = list(children(root, "assessment", "objectbank")) or [root]
    for holder in holders:
        one = _assessment(holder, scope, intake)
        if one.questions:
            yield one


def _from_package(package: Package, title: str) -> Opened:
    intakes: list[Intake] = []
    found: list[AssessmentDocument] = []
    whole = Intake()
    for name in package.names:
        if not name.lower().endswith((".xml", ".qti", ".dat")) or name == "imsmanifest.xml":
            continue
        data = package.read(name)
        if data is None or ROOT.encode() not in data[:4096]:
            continue
        intake = Intake(package.beside(name))
        found += assessments_of(read_xml(data, f"The file “{name}”"), f"{title}/{name}", intake)
        intakes.append(intake)
        whole.report.lines += intake.report.lines
    files = {sha256: data for intake in intakes for sha256, data in intake.files.items()}
    opened = _opened(_manifest_title(package) or title, found, whole)
    return Opened(opened.document, files, opened.report)


def _manifest_title(package: Package) -> str:
    data = package.read("imsmanifest.xml")
    if data is None:
        return ""
    root = read_xml(data, "The manifest")
    title = first(root, "title")
    return " ".join(words(title).split())


def _opened(title: str, found: list[AssessmentDocument], intake: Intake) -> Opened:
    if not found:
        raise damaged("The file holds no question of QTI 1.2 that can be read.")
    course = CourseDocument(id=steady_id("qti12", title), title=title, assessments=tuple(found))
    return Opened(course, intake.files, intake.report)


def _assessment(holder: Element, scope: str, intake: Intake) -> AssessmentDocument:
    facts = dict(fields_of(holder))
    title = " ".join((holder.get("title") or facts.get("bank_title") or "").split())
    ident = holder.get("ident") or title
    questions: list[q.Question] = []
    keys: dict[str, k.Key] = {}
    pools: list[Pool] = []
    for number, element in enumerate(below(holder, "item"), 1):
        name = " ".join((element.get("title") or "").split())
        where = f"Question {number}" + (f": {name[:60]}" if name and name != f"Question {number}" else "")
        identity = steady_id("qti12", scope, ident, element.get("ident") or f"{number}")
        found = question_of(Item(element, identity, where, intake))
        if found is not None and found[0].id not in keys:
            questions.append(found[0])
            keys[found[0].id] = found[1]
    for section in below(holder, "section"):
        pools += _pool(section, scope, ident, set(keys), intake, title)
    return AssessmentDocument(
        id=steady_id("qti12", scope, ident), title=title or scope.rpartition("/")[2], questions=tuple(questions),
        keys=keys, pools=tuple(pools), time_limit=_minutes(facts), max_attempts=_attempts(facts),
    )  # fmt: skip


def _pool(
    section: Element, scope: str, ident: str, known: set[str], intake: Intake, title: str
) -> Iterator[Pool]:  # fmt: skip
    number = first(section, "selection_number")
    text = words(number).strip()
    ids = (steady_id("qti12", scope, ident, one.get("ident") or "") for one in below(section, "item"))
    inside = tuple(one for one in ids if one in known)
    if number is None or not text.isdigit() or child(section, "selection_ordering") is None:
        return
    if not inside:
        name = section.get("title") or "a bank"
        intake.report.add(title, f"Questions drawn from “{name}” are not in the file.", Loss.SETTING)
        return
    yield Pool(
        id=steady_id("qti12", scope, section.get("ident") or text), title=section.get("title") or "",
        questions=inside, draw=int(text[:6]),
    )  # fmt: skip


def _minutes(facts: dict[str, str]) -> int | None:
    text = facts.get("qmd_timelimit", "")
    return int(text[:6]) * 60 if text.isdigit() and int(text[:6]) else None


def _attempts(facts: dict[str, str]) -> int | None:
    text = facts.get("cc_maxattempts", "")
    return int(text[:6]) if text.isdigit() and int(text[:6]) else None
