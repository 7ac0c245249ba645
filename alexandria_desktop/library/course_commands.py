"""The commands ``alexandria course list``, ``show``, ``export`` and ``propose`` over a library."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alexandria_desktop.library import pack_commands
from alexandria_desktop.teach.converting import WRITABLE, Told

if TYPE_CHECKING:
    from alexandria_desktop.library.library import Library


def add_verbs(verbs: Any) -> None:
    """Add the verbs to the parser of ``alexandria course``."""
    verbs.add_parser("list", help="list the courses that you make, teach or take")
    show = verbs.add_parser("show", help="show the lessons and quizzes of a course")
    show.add_argument("course", metavar="COURSE", help="its id, or enough of its title")
    export = verbs.add_parser("export", help="write a course into a file of another format")
    export.add_argument("course", metavar="COURSE", help="its id, or enough of its title")
    export.add_argument("target", type=Path, metavar="OUT", help="its ending says the format, unless --to does")
    export.add_argument("--to", dest="target_format", metavar="FORMAT", help=WRITABLE)
    propose = verbs.add_parser("propose", help="propose lessons and questions from books for objectives")
    propose.add_argument("books", nargs="+", metavar="BOOK", help="its id, or enough of its title")
    propose.add_argument(
        "--objective", action="append", required=True, dest="objectives", metavar="TEXT",
        help="what students can do afterwards; may be given more than once",
    )  # fmt: skip
    propose.add_argument("--minutes", type=int, default=20, metavar="N", help="minutes of a lesson")
    propose.add_argument("--questions", type=int, default=4, metavar="N", help="questions of a lesson")
    propose.add_argument("--lessons", type=int, default=3, metavar="N", help="lessons for each objective, at most")
    propose.add_argument("--into", metavar="COURSE", help="write all of it into this course")
    pack_commands.add_pack_verbs(verbs)


def run_course(library: Library, options: argparse.Namespace, told: Told) -> int:
    """Carry out one of the verbs; raises ReaderError."""
    return _VERBS[options.verb](library, options, told)


def _list(library: Library, _options: argparse.Namespace, told: Told) -> int:
    for one in library.courses.list():
        data = {
            "id": str(one.id), "title": one.title, "status": one.status.value, "role": one.role.value,
            "lessons": one.lessons, "assessments": one.assessments, "done": one.done, "minutes": one.minutes,
        }  # fmt: skip
        told.item(data, f"{one.id}  {one.role.value:<9} {one.status.value:<9} {one.lessons:>3} lessons  {one.title}")
    return 0


def _show(library: Library, options: argparse.Namespace, told: Told) -> int:
    course = library.courses.document(library.courses.resolve(options.course))
    minutes = library.courses.minutes(course)
    told.say(f"{course.title}")
    for number, lesson in enumerate(course.lessons, 1):
        asked = [one for one in course.assessments if one.lesson_id == lesson.id]
        data = {
            "id": lesson.id, "title": lesson.title, "kind": lesson.kind.value, "minutes": minutes[lesson.id],
            "blocks": len(lesson.blocks), "prerequisites": list(lesson.prerequisites),
            "assessments": [
                {"id": one.id, "title": one.title, "mode": one.mode.value, "questions": len(one.questions)}
                for one in asked
            ],
        }  # fmt: skip
        quizzes = "".join(f"; {one.title or 'quiz'}, {one.mode.value}, {len(one.questions)} questions" for one in asked)
        told.item(data, f"{number:>3}. {lesson.title} ({minutes[lesson.id]} min, {len(lesson.blocks)} parts{quizzes})")
    return 0


def _export(library: Library, options: argparse.Namespace, told: Told) -> int:
    from alexandria_desktop.teach.formats.catalogue import as_json, for_writing, keys_words

    target, write = for_writing(options.target, options.target_format)
    course_id = library.courses.resolve(options.course)
    # Whoever is no teacher of the course has no graded keys to give away.
    course = library.courses.document(course_id)
    files = {
        name: path.read_bytes() for name, media in course.media().items() if (path := library.learning.file_of(media))
    }
    report = write(course, options.target, files)
    told.item(
        {
            "title": course.title, "to": target.name, "file": str(options.target), "not_written": as_json(report),
            "graded_keys": target.graded_keys(course),
        },
        f"“{course.title}” was written to {options.target} as {target.title}.",
    )  # fmt: skip
    for line in report.lines:
        told.say(f"  {line.where}: {line.what}" if line.where else f"  {line.what}")
    if keys := target.graded_keys(course):
        told.say(keys_words(keys))
    return 0


def _propose(library: Library, options: argparse.Namespace, told: Told) -> int:
    from alexandria_desktop.teach.compiling.telling import as_data, as_words

    course_id = library.courses.resolve(options.into) if options.into else None
    found = library.compiling.propose(
        [library.shelf.resolve(named) for named in options.books],
        options.objectives,
        minutes_per_lesson=options.minutes,
        questions_per_lesson=options.questions,
        lessons_per_objective=options.lessons,
    )
    if found is None:
        return 1
    for lesson in found.lessons:
        told.item(as_data(lesson), as_words(lesson))
    for kind, gone in (("objective", found.unmet), ("book", found.unread)):
        for one in gone:
            told.item(
                {"nothing_for": kind, "name": one.name, "reason": one.reason}, f"Nothing: {one.name}. {one.reason}"
            )
    if course_id is not None and found.lessons:
        added = library.compiling.accept(course_id, found, found.ids)
        told.say(f"{len(added.lessons)} lessons were written into the course.")
    return 1 if found.unmet or found.unread else 0


_VERBS = {
    "list": _list,
    "show": _show,
    "export": _export,
    "propose": _propose,
    "pack": pack_commands.pack,
    "open": pack_commands.open_pack,
    "answers": pack_commands.save_answers,
    "take-answers": pack_commands.take_answers,
}
