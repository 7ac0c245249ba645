"""All formats of courses, each once: what it is called, how its files end, what reads and writes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.teach.document import CourseDocument
from alexandria_desktop.teach.formats import course_json
from alexandria_desktop.teach.formats.book.pdf import write_pdf
from alexandria_desktop.teach.formats.book.write import write as write_book
from alexandria_desktop.teach.formats.cartridge.read import read as read_cartridge
from alexandria_desktop.teach.formats.cartridge.write import write as write_cartridge
from alexandria_desktop.teach.formats.gift.read import read as read_gift
from alexandria_desktop.teach.formats.gift.write import write as write_gift
from alexandria_desktop.teach.formats.h5p.read import read as read_h5p
from alexandria_desktop.teach.formats.kolibri.read import read as read_kolibri
from alexandria_desktop.teach.formats.kolibri.write import write as write_kolibri
from alexandria_desktop.teach.formats.moodle.read import read as read_moodle
from alexandria_desktop.teach.formats.moodle.write import write as write_moodle
from alexandria_desktop.teach.formats.opened import Opened
from alexandria_desktop.teach.formats.package import Package
from alexandria_desktop.teach.formats.perseus.read import read as read_perseus
from alexandria_desktop.teach.formats.qti.read import read as read_qti
from alexandria_desktop.teach.formats.qti.write import write_21, write_30
from alexandria_desktop.teach.formats.qti12.read import read as read_qti12
from alexandria_desktop.teach.formats.report import Loss, Report
from alexandria_desktop.teach.media import Files
from sync.assessing.assessment import Mode

Reader = Callable[[Path], Opened]
Writer = Callable[[CourseDocument, Path, Files], Report]
_HEAD = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format of courses."""

    name: str
    title: str
    suffixes: tuple[str, ...] = ()
    """The endings that mean this format where a course is written."""
    read: Reader | None = None
    write: Writer | None = None
    holds_keys: bool = True
    """Whether what is right is in the file."""
    holds_layers: bool = False
    """Whether notes over a book are in the file."""

    def graded_keys(self, course: CourseDocument) -> list[str]:
        """Return the titles of the graded assessments whose answers a file of this format holds."""
        graded = [one for one in course.assessments if one.mode is Mode.GRADED and one.keys]
        return [one.title or "Untitled" for one in graded] if self.holds_keys else []


FORMATS = (
    Format(name="alexandria", title="Alexandria course", suffixes=(".alexcourse",), read=course_json.read,
           write=course_json.write, holds_layers=True),
    Format(name="gift", title="GIFT", suffixes=(".gift", ".txt"), read=read_gift, write=write_gift),
    Format(name="moodle", title="Moodle XML", suffixes=(".xml",), read=read_moodle, write=write_moodle),
    Format(name="qti21", title="QTI 2.1", read=read_qti, write=write_21),
    Format(name="qti3", title="QTI 3", suffixes=(".zip",), read=read_qti, write=write_30),
    Format(name="qti12", title="QTI 1.2 and Canvas", suffixes=(".qti",), read=read_qti12),
    Format(name="imscc", title="Common Cartridge", suffixes=(".imscc",), read=read_cartridge, write=write_cartridge),
    Format(name="h5p", title="H5P", suffixes=(".h5p",), read=read_h5p),
    Format(name="kolibri", title="Kolibri channel (CSV)", read=read_kolibri,
           write=write_kolibri),
    Format(name="perseus", title="Perseus exercise", suffixes=(".json",), read=read_perseus),
    Format(name="epub", title="EPUB", suffixes=(".epub",), write=write_book, holds_keys=False),
    Format(name="pdf", title="PDF", suffixes=(".pdf",), write=write_pdf, holds_keys=False),
)  # fmt: skip


def named(name: str) -> Format:
    """Return a format by its name; raises ReaderError(course.format)."""
    found = next((one for one in FORMATS if one.name == name.lower()), None)
    if found is None:
        names = ", ".join(one.name for one in FORMATS)
        raise ReaderError(Code.COURSE_FORMAT, f"No course format is called “{name}”. There are: {names}.")
    return found


def for_writing(path: Path, name: str | None = None) -> tuple[Format, Writer]:
    """Return what writes to a path, by name or by its ending; raises ReaderError(course.format)."""
    if name is None:
        found = [one for one in FORMATS if path.suffix.lower() in one.suffixes and one.write]
        if not found:
            raise ReaderError(Code.COURSE_FORMAT, f"No course format to write ends in “{path.suffix}”.")
        chosen = found[0]
    else:
        chosen = named(name)
    if chosen.write is None:
        raise ReaderError(Code.COURSE_FORMAT, f"{chosen.title} is read, but not written.")
    return chosen, chosen.write if chosen.holds_layers else _without_layers(chosen.title, chosen.write)


def _without_layers(title: str, write: Writer) -> Writer:
    """Return a writer that also says which notes over books were left out."""

    def written(course: CourseDocument, path: Path, files: Files) -> Report:
        report = write(course, path, files)
        for layer in course.layers:
            report.add(
                f"Notes on {layer.title}", f"{title} holds no notes over a book, so they were left out.", Loss.LESSON
            )
        return report

    return written


def for_reading(path: Path, name: str | None = None) -> tuple[Format, Reader]:
    """Return what reads a path, by name or by what is in it; raises ReaderError(course.format)."""
    if not path.exists():
        raise ReaderError(Code.IMPORT_MISSING, "The file is no longer there.", detail=str(path))
    chosen = named(name or _guess(path))
    if chosen.read is None:
        raise ReaderError(Code.COURSE_FORMAT, f"{chosen.title} is written, but not read.")
    return chosen, chosen.read


def _guess(path: Path) -> str:
    """Return the name of the format that a file or folder is in."""
    if path.is_dir():
        return "kolibri"
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(b"PK"):
        return _guess_zip(path)
    suffix = path.suffix.lower()
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<"):
        for mark, name in ((b"<questestinterop", "qti12"), (b"assessment-item", "qti3"), (b"assessmentItem", "qti21"),
                           (b"<quiz", "moodle")):  # fmt: skip
            if mark in head:
                return name
    if suffix == ".csv":
        return "kolibri"
    if suffix == ".json" or start.startswith(b"{"):
        return "perseus"
    if suffix in (".gift", ".txt"):
        return "gift"
    raise ReaderError(Code.COURSE_FORMAT, "This file is in no course format that is read here.", detail=path.name)


def _guess_zip(path: Path) -> str:
    with Package(path) as package:
        names = set(package.names)
        if "course.json" in names:
            return "alexandria"
        if "h5p.json" in names:
            return "h5p"
        if any(name.rpartition("/")[2] == "Channel.csv" for name in names):
            return "kolibri"
        manifest = package.read("imsmanifest.xml") or b""
        if b"Common Cartridge" in manifest or b"imscc_xmlv1p" in manifest or b"imsccv1p" in manifest:
            return "imscc"
        if b"imsqti_item_xmlv" in manifest or b"imsqti_test_xmlv" in manifest:
            return "qti3" if b"xmlv3p" in manifest else "qti21"
        if any(_holds_qti12(package, name) for name in package.names):
            return "qti12"
        if any(name.lower().endswith(".xml") for name in names):
            return "qti21"
    raise ReaderError(Code.COURSE_FORMAT, "This package is in no course format that is read here.", detail=path.name)


def _holds_qti12(package: Package, name: str) -> bool:
    if not name.lower().endswith((".xml", ".qti", ".dat")):
        return False
    data = package.read(name)
    return data is not None and b"<questestinterop" in data[:_HEAD]


def keys_words(titles: list[str]) -> str:
    """Return the sentence that says whose answers a file holds."""
    return f"The file holds the answers to what is graded, so it is not for students: {'; '.join(titles)}."


def as_json(report: Report) -> list[dict[str, str]]:
    """Return a report for scripts."""
    return [{"where": one.where, "what": one.what, "code": one.code.value} for one in report.lines]
