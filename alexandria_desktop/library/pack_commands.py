"""The commands ``alexandria course pack``, ``open``, ``answers`` and ``take-answers``: courses without a server."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alexandria_desktop.base.errors import Code, ReaderError

if TYPE_CHECKING:
    from uuid import UUID

    from alexandria_desktop.library.course_packs import BookChoice
    from alexandria_desktop.library.library import Library
    from alexandria_desktop.teach.converting import Told

FREE = "free"


def add_pack_verbs(verbs: Any) -> None:
    """Add the verbs to the parser of ``alexandria course``."""
    pack = verbs.add_parser("pack", help="write one signed file with a course for students without a server")
    pack.add_argument("course", metavar="COURSE", help="its id, or enough of its title")
    pack.add_argument("target", type=Path, metavar="OUT", help="the file; a copy that was cut off there goes on")
    pack.add_argument(
        "--give",
        action="append",
        metavar="BOOK",
        help="a book that goes along, if its owner says that it may be given; `free` gives those whose own words say "
        "that they are in the public domain or under Creative Commons; without it no book goes along",
    )
    pack.add_argument("--by", default=None, metavar="NAME", help="your name as students see it")
    opened = verbs.add_parser("open", help="take the course of a pack, and the books that come with it")
    opened.add_argument("file", type=Path, metavar="FILE")
    opened.add_argument(
        "--accept-key", action="store_true", help="take it although another key signed it than the issue before"
    )
    answers = verbs.add_parser("answers", help="save what you handed in of a course into a file for its teacher")
    answers.add_argument("course", metavar="COURSE", help="its id, or enough of its title")
    answers.add_argument("target", type=Path, metavar="OUT")
    answers.add_argument("--name", default=None, metavar="NAME", help="your name as the teacher sees it")
    take = verbs.add_parser("take-answers", help="take files of students' answers into the courses that you teach")
    take.add_argument("files", nargs="+", type=Path, metavar="FILE")


def pack(library: Library, options: argparse.Namespace, told: Told) -> int:
    """Write a pack; raises ReaderError or SurroundingsError."""
    course_id = library.courses.resolve(options.course)
    packs = library.course_packs
    choices = packs.books(course_id)
    give = _chosen(choices, options.give or [])
    author = packs.name() if options.by is None else options.by
    written = packs.write(course_id, options.target, give, author=author)
    left_out = [one.title for one in choices if one.book_id not in give]
    told.item(
        {
            "file": str(written.file), "title": written.manifest.title, "number": written.manifest.number,
            "size": written.size, "already_there": written.kept, "key": written.key.public.hex(),
            "words": written.key.words, "key_in_file": written.key.in_file, "key_is_new": written.key.is_new,
            "books": [one.title for one in written.manifest.books], "not_given": left_out,
            "missing": list(written.missing),
        },
        f"“{written.manifest.title}” was written to {written.file}, {written.size:,} bytes with "
        f"{len(written.manifest.books)} books. Its key reads: {written.key.words}",
    )  # fmt: skip
    for title in left_out:
        told.say(f"  Not given: “{title}”. Students need their own copy of it.")
    for name in written.missing:
        told.say(f"  Not on this computer, and so not in the pack: “{name}”.")
    if written.key.is_new:
        told.say("  The key is a new one; students who have an earlier issue will be asked about it. Tell them.")
    if written.key.in_file:
        told.say("  There is no keyring here: the key lies in a file that only this account may read.")
    return 0


def open_pack(library: Library, options: argparse.Namespace, told: Told) -> int:
    """Open a pack; raises ReaderError or SurroundingsError."""
    opened = library.course_packs.open(options.file, accept_key=options.accept_key)
    told.item(
        {
            "course": str(opened.course_id), "title": opened.title, "author": opened.author,
            "arrived": opened.arrived.value, "words": opened.words, "books": [str(one) for one in opened.books],
            "failed": list(opened.failed),
        },
        f"“{opened.title}” by {opened.author or 'somebody without a name'}: {opened.arrived.value}, "
        f"{len(opened.books)} books came along. The key that signed it reads: {opened.words}",
    )  # fmt: skip
    for sentence in opened.failed:
        told.say(f"  {sentence}")
    return 1 if opened.failed else 0


def save_answers(library: Library, options: argparse.Namespace, told: Told) -> int:
    """Save the reader's answers; raises ReaderError or SurroundingsError."""
    packs = library.course_packs
    name = packs.name() if options.name is None else options.name
    saved = packs.save_answers(library.courses.resolve(options.course), options.target, name=name)
    told.item(
        {"file": str(saved.file), "attempts": saved.attempts, "still_open": saved.still_open},
        f"{saved.attempts} attempts were saved to {saved.file}. Give the file to your teacher.",
    )
    if saved.still_open:
        told.say(f"  {saved.still_open} attempts are not handed in yet, and not in the file.")
    return 0


def take_answers(library: Library, options: argparse.Namespace, told: Told) -> int:
    """Take files of answers in, each for itself."""
    failed = False
    for file in options.files:
        try:
            taken = library.course_packs.take_answers(file)
        except ReaderError as error:
            failed = True
            told.item(
                {"file": str(file), "error": error.code.value, "message": error.message},
                f"{file}: {error.message} [{error.code}]",
            )
            continue
        told.item(
            {
                "file": str(file), "course": str(taken.course_id), "student": taken.student, "new": taken.new,
                "known": taken.known, "strange": taken.strange,
            },
            f"{file}: {taken.new} new attempts of {taken.student or 'a student without a name'} at “{taken.course}”, "
            f"{taken.known} were here already.",
        )  # fmt: skip
        if taken.strange:
            told.say(f"  {taken.strange} attempts at quizzes that the course does not have were left out.")
    return 1 if failed else 0


def _chosen(choices: list[BookChoice], named: list[str]) -> set[UUID]:
    """Return the books that are meant; raises ReaderError(book.unknown or book.ambiguous)."""
    found: set[UUID] = set()
    for word in named:
        if word == FREE:
            found |= {one.book_id for one in choices if one.is_free and one.book_id is not None}
            continue
        found.add(_one(choices, word))
    return found


def _one(choices: list[BookChoice], word: str) -> UUID:
    close = [one for one in choices if word == str(one.book_id) or word.casefold() in one.title.casefold()]
    if len(close) != 1:
        code = Code.BOOK_AMBIGUOUS if close else Code.BOOK_UNKNOWN
        words = "several books" if close else "no book"
        raise ReaderError(code, f"The course speaks of {words} called “{word}”.")
    book_id = close[0].book_id
    if book_id is None or not close[0].can_be_given:
        raise ReaderError(Code.BOOK_FILE_MISSING, f"The file of “{close[0].title}” is not on this computer.")
    return book_id
