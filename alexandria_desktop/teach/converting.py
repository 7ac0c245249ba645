"""The command ``alexandria course convert IN OUT``: from one course format to another, without a library."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from alexandria_desktop.teach.formats.report import Report

# Named here, not asked of the catalogue: to load all formats takes longer than most commands run.
READABLE = "alexandria, gift, moodle, qti21, qti3, qti12, imscc, h5p, kolibri, perseus"
WRITABLE = "alexandria, gift, moodle, qti21, qti3, imscc, kolibri, epub, pdf"


class Told(Protocol):
    """Where answers go: data for scripts or words for people, and words that are no answer."""

    def item(self, data: dict[str, Any], words: str) -> None:
        """Give one answer."""

    def say(self, words: str) -> None:
        """Tell people something that is no answer."""


def add_convert(verbs: Any) -> None:
    """Add the verb to the parser of ``alexandria course``."""
    convert = verbs.add_parser("convert", help="turn a course of one format into another")
    convert.add_argument("source", type=Path, metavar="IN", help="a file, or the folder of a Kolibri channel")
    convert.add_argument("target", type=Path, metavar="OUT", help="its ending says the format, unless --to does")
    convert.add_argument("--from", dest="source_format", metavar="FORMAT", help=READABLE)
    convert.add_argument("--to", dest="target_format", metavar="FORMAT", help=WRITABLE)


def convert(options: argparse.Namespace, told: Told) -> int:
    """Convert, and tell what could not come over; raises ReaderError."""
    from alexandria_desktop.teach.formats.catalogue import as_json, for_reading, for_writing, keys_words

    target, write = for_writing(options.target, options.target_format)
    source, read = for_reading(options.source, options.source_format)
    opened = read(options.source)
    report = write(opened.document, options.target, opened.files)
    course = opened.document
    questions = sum(len(one.questions) for one in course.assessments)
    told.item(
        {
            "from": source.name, "to": target.name, "title": course.title, "lessons": len(course.lessons),
            "assessments": len(course.assessments), "questions": questions,
            "not_read": as_json(opened.report), "not_written": as_json(report),
            "graded_keys": target.graded_keys(course),
        },
        f"“{course.title}”: {len(course.lessons)} lessons, {len(course.assessments)} assessments, "
        f"{questions} questions, from {source.title} to {target.title}.",
    )  # fmt: skip
    _say(told, f"What of {source.title} could not come over", opened.report)
    _say(told, f"What {target.title} does not hold", report)
    if keys := target.graded_keys(course):
        told.say(keys_words(keys))
    return 0


def _say(told: Told, heading: str, report: Report) -> None:
    if report.lines:
        told.say(f"{heading}:")
    for line in report.lines:
        told.say(f"  {line.where}: {line.what}" if line.where else f"  {line.what}")
