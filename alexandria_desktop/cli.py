"""The command line: the same library without a window.

With ``--json`` only JSON lines go to stdout; words for people always go to stderr or, without it, to stdout. Exit 0 all
done, 1 some items failed and each is named, 2 usage.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alexandria_desktop import asking
from alexandria_desktop.base.errors import AlexandriaError, Code, ReaderError
from alexandria_desktop.base.log import configure_logging
from alexandria_desktop.base.paths import LibraryPaths, default_library
from alexandria_desktop.library.course_commands import add_verbs, run_course
from alexandria_desktop.teach.converting import add_convert, convert

if TYPE_CHECKING:
    from alexandria_desktop.library.library import Library
    from alexandria_desktop.library.syncing import SyncStatus

_USAGE_CODES = frozenset(
    {
        Code.USAGE,
        Code.BOOK_UNKNOWN,
        Code.BOOK_AMBIGUOUS,
        Code.THEME_UNKNOWN,
        Code.COLLECTION_UNKNOWN,
        Code.COURSE_FORMAT,
    }
)


class Output:
    """Where answers go."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json

    def item(self, data: dict[str, Any], words: str) -> None:
        """Give one answer: a JSON line, or a line for people."""
        if self.as_json:
            sys.stdout.write(json.dumps(data, ensure_ascii=False) + "\n")
            sys.stdout.flush()
        else:
            print(words)

    def say(self, words: str) -> None:
        """Tell people something that is no answer."""
        print(words, file=sys.stderr)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of every command."""
    parser = argparse.ArgumentParser(
        prog="alexandria", description="Read, mark and find, offline. Without a command the window opens."
    )
    parser.add_argument("--library", type=Path, metavar="DIR", help="the library folder (or ALEXANDRIA_LIBRARY)")
    parser.add_argument("--json", action="store_true", help="answers as JSON lines on stdout, nothing else there")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    add = commands.add_parser("import", help="bring files and folders into the library")
    add.add_argument("paths", nargs="+", type=Path, metavar="PATH")

    opened = commands.add_parser("open", help="open the window, at a book or a file if one is named")
    opened.add_argument("book", nargs="?", metavar="BOOK|FILE")

    commands.add_parser("list", help="list the books")

    search = commands.add_parser("search", help="find passages by words and by meaning")
    search.add_argument("words")
    search.add_argument("--mode", choices=("all", "words", "meaning"), default="all")
    search.add_argument("--in", dest="book", metavar="BOOK", help="only in this book")
    search.add_argument("--limit", type=int, default=20, metavar="N")

    show = commands.add_parser("show", help="draw a page of a book into a picture")
    show.add_argument("book", metavar="BOOK")
    show.add_argument("--at", metavar="LOCATOR", help="where: a locator in JSON, or a part of the book from 0 to 1")
    show.add_argument("--theme", metavar="NAME")
    show.add_argument("--size", default="1280x800", metavar="WxH")
    show.add_argument("--screenshot", required=True, type=Path, metavar="OUT.png")

    note = commands.add_parser("note", help="write and list notes").add_subparsers(dest="verb", required=True)
    note_add = note.add_parser("add", help="highlight words of a book, with or without a note")
    note_add.add_argument("book", metavar="BOOK")
    note_add.add_argument("--quote", required=True, metavar="TEXT")
    note_add.add_argument("--text", default="", metavar="NOTE")
    note_add.add_argument("--color", default="yellow", metavar="NAME")
    note_list = note.add_parser("list", help="list notes")
    note_list.add_argument("book", nargs="?", metavar="BOOK")

    theme = commands.add_parser("theme", help="list and choose themes").add_subparsers(dest="verb", required=True)
    theme.add_parser("list", help="list the themes")
    theme.add_parser("use", help="read in this theme").add_argument("name", metavar="NAME")

    backup = commands.add_parser("backup", help="copy everything that you wrote")
    backup.add_argument("file", nargs="?", type=Path, metavar="FILE")
    commands.add_parser("restore", help="put a backup in place").add_argument("file", type=Path, metavar="FILE")
    sign_in = commands.add_parser("sign-in", help="sign in to a server and make this library the account's")
    sign_in.add_argument("server", metavar="SERVER", help="its address, such as https://books.example.org")
    sign_in.add_argument("email", metavar="EMAIL")
    sign_in.add_argument("--new", metavar="NAME", help="make an account under this name")
    sign_in.add_argument("--invitation", metavar="CODE", help="the invitation that a new account needs")
    sign_in.add_argument(
        "--keep-with-passphrase",
        action="store_true",
        help="stay signed in without a keyring (or ALEXANDRIA_PASSPHRASE)",
    )
    commands.add_parser("sign-out", help="end the session; the library stays the account's")
    join = commands.add_parser("join-folder", help="keep in step through a folder instead of a server")
    join.add_argument("folder", type=Path, metavar="DIR", help="on a stick, a share, or kept alike by a sync tool")
    commands.add_parser("leave-folder", help="use the folder no longer; the library stays as it is")
    sync = commands.add_parser("sync", help="keep in step with the server or folder, once")
    sync.add_argument("verb", nargs="?", choices=("now", "status", "verify", "files"), default="now")
    sync.add_argument("state", nargs="?", choices=("on", "off"), help="with `files`: keep book files there too")
    fetch = commands.add_parser("fetch", help="bring the file of a book here from the server or folder")
    fetch.add_argument("book", metavar="BOOK")
    back = commands.add_parser("give-back", help="take the file of a book off this computer; the server keeps it")
    back.add_argument("book", metavar="BOOK")
    keep = commands.add_parser("keep", help="always have the book files of a collection here, or no longer")
    keep.add_argument("collection", metavar="COLLECTION")
    keep.add_argument("state", nargs="?", choices=("on", "off"), default="on")
    course = commands.add_parser("course", help="courses and their formats").add_subparsers(dest="verb", required=True)
    add_convert(course)
    add_verbs(course)
    commands.add_parser("doctor", help="check the library and repair what can be computed again")
    return parser


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return the exit status."""
    options = build_parser().parse_args(arguments)
    output = Output(as_json=options.json)
    root = (options.library or default_library()).expanduser().absolute()
    try:
        configure_logging(LibraryPaths(root).logs)
        if options.command in (None, "open", "show"):
            from alexandria_desktop.app import run_window

            return run_window(root, options)
        if options.command == "course" and options.verb == "convert":
            return convert(options, output)
        if options.command == "restore":
            return _restore(root, options, output)
        from alexandria_desktop.library.library import Library

        with Library.open(root, check=options.command == "doctor") as library:
            if options.command == "course":
                return run_course(library, options, output)
            return _COMMANDS[options.command](library, options, output)
    except AlexandriaError as error:
        logging.getLogger(__name__).info("%s: %s %s", error.code, error.message, error.detail)
        if options.json:
            output.item({"error": error.code.value, "message": error.message}, "")
        output.say(f"{error.message} [{error.code}]")
        return 2 if error.code in _USAGE_CODES else 1
    except BrokenPipeError:
        return 1


def _import(library: Library, options: argparse.Namespace, output: Output) -> int:
    from alexandria_desktop.library.importing import Outcome, Progress, Status

    def item(outcome: Outcome) -> None:
        data = {
            "path": str(outcome.path),
            "status": outcome.status.value,
            "id": str(outcome.book_id) if outcome.book_id else None,
            "title": outcome.title,
            "code": outcome.code.value if outcome.code else None,
            "message": outcome.message,
        }
        code = f" [{outcome.code}]" if outcome.code else ""
        output.item(
            data, f"{outcome.status.value:<9} {outcome.path}  {outcome.title or ''} {outcome.message}{code}".rstrip()
        )

    def report(progress: Progress) -> None:
        item(progress.outcome)

    brought = library.bring_in(options.paths, report=report)
    outcomes = brought.outcomes
    if brought.clippings is not None:
        output.item(brought.clippings.as_data(), brought.clippings.sentence)
    if brought.clippings is not None and not outcomes:
        return 0
    counted = {status: sum(1 for one in outcomes if one.status is status) for status in Status}
    output.say(
        f"{counted[Status.IMPORTED]} added, {counted[Status.DUPLICATE]} already here, "
        f"{counted[Status.FAILED]} could not be read."
    )
    return 1 if counted[Status.FAILED] else 0


def _list(library: Library, _options: argparse.Namespace, output: Output) -> int:
    for row in library.shelf.books():
        data = {
            "id": str(row.id),
            "title": row.title,
            "authors": list(row.authors),
            "language": row.language,
            "format": row.format,
            "progress": row.progress,
        }
        output.item(data, f"{row.title} · {', '.join(row.authors) or 'Unknown author'} · {row.progress:.0f} %")
    return 0


def _search(library: Library, options: argparse.Namespace, output: Output) -> int:
    from alexandria_desktop.search.finder import Mode

    book = library.shelf.resolve(options.book) if options.book else None
    hits = library.finding.search(options.words, mode=Mode(options.mode), book=book, limit=options.limit)
    for hit in hits:
        data = {
            "book_id": str(hit.book_id),
            "title": hit.title,
            "chapter": hit.chapter,
            "snippet": hit.snippet.text,
            "score": hit.score,
            "locator": hit.locator.to_json(),
        }
        output.item(data, f"{hit.title} · {hit.chapter or ''}\n    {hit.snippet.text}")
    if not hits:
        output.say("Nothing was found.")
    return 0


def _note(library: Library, options: argparse.Namespace, output: Output) -> int:
    if options.verb == "add":
        book = library.shelf.resolve(options.book)
        locator = library.notes.find_quote(book, options.quote)
        notes = [library.notes.add(book, locator, text=options.text, color=options.color)]
        library.notes.refresh_words()
    elif options.book:
        notes = library.notes.of_book(library.shelf.resolve(options.book))
    else:
        notes = library.notes.all()
    for note in notes:
        data = {
            "id": str(note.id),
            "book_id": str(note.content_id),
            "type": note.type.value,
            "quote": note.quote,
            "text": note.text,
            "color": note.color,
            "locator": note.locator.to_json() if note.locator else None,
            "placed": note.placed,
        }
        where = "" if note.placed else " (not found in this edition)"
        output.item(data, f"{note.color or '-':<7} “{note.quote}” {note.text}{where}".rstrip())
    return 0


def _theme(library: Library, options: argparse.Namespace, output: Output) -> int:
    if options.verb == "use":
        theme = library.looks.named(options.name)
        library.looks.use(theme)
        output.item({"id": theme.id, "name": theme.name}, f"Reading in {theme.name}.")
        return 0
    current = library.looks.current().id
    for theme in library.looks.themes():
        data = {"id": theme.id, "name": theme.name, "kind": theme.kind.value, "current": theme.id == current}
        output.item(data, f"{'•' if theme.id == current else ' '} {theme.id:<22} {theme.name}")
    return 0


def _backup(library: Library, options: argparse.Namespace, output: Output) -> int:
    contents = library.care.back_up(options.file.absolute() if options.file else None)
    data = {"file": str(contents.file), "books": contents.books, "notes": contents.notes}
    output.item(data, f"{contents.file}: {contents.books} books, {contents.notes} notes")
    return 0


def _restore(root: Path, options: argparse.Namespace, output: Output) -> int:
    from alexandria_desktop.store.backup import read_backup, restore_backup

    contents = read_backup(options.file.absolute())
    kept = restore_backup(LibraryPaths(root), options.file.absolute())
    data = {
        "file": str(options.file),
        "books": contents.books,
        "notes": contents.notes,
        "kept": str(kept) if kept else None,
    }
    words = f"Restored {contents.books} books and {contents.notes} notes."
    output.item(data, f"{words} The library of before is kept as {kept}." if kept else words)
    return 0


def _doctor(library: Library, _options: argparse.Namespace, output: Output) -> int:
    failed = False
    for check in library.repair():
        failed = failed or not check.ok
        data = {"check": check.name, "ok": check.ok, "message": check.message}
        output.item(data, f"{'ok  ' if check.ok else 'FAIL'} {check.name:<12} {check.message}")
    return 1 if failed else 0


def _sign_in(library: Library, options: argparse.Namespace, output: Output) -> int:
    passphrase = asking.new_passphrase() if options.keep_with_passphrase else None
    password = asking.password_of(options.email)
    if options.new:
        status = library.syncing.sign_up(
            options.server, options.email, password, options.new, invitation=options.invitation
        )
    else:
        status = library.syncing.sign_in(options.server, options.email, password)
    if passphrase is not None:
        library.syncing.keep_with_passphrase(passphrase)
    output.item({"server": status.server, "email": status.email}, f"Signed in to {status.server} as {status.email}.")
    if library.syncing.kept_in == "memory":
        output.say("There is no keyring here, so the session ends with this command. See --keep-with-passphrase.")
    return 0


def _sign_out(library: Library, _options: argparse.Namespace, output: Output) -> int:
    asking.unlock_if_possible(library)
    status = library.syncing.sign_out()
    output.item({"server": status.server, "waiting": status.waiting}, "Signed out. What waits is kept.")
    return 0


def _join_folder(library: Library, options: argparse.Namespace, output: Output) -> int:
    status = library.syncing.join_folder(options.folder)
    output.item({"folder": status.folder}, f"Keeping in step through {status.folder}.")
    return 0


def _leave_folder(library: Library, _options: argparse.Namespace, output: Output) -> int:
    status = library.syncing.leave_folder()
    output.item({"waiting": status.waiting}, "The folder is used no longer. What waits is kept.")
    return 0


def _sync(library: Library, options: argparse.Namespace, output: Output) -> int:
    from alexandria_desktop.library.traveling import FILES_TRAVEL

    if options.verb == "files":
        library.set({FILES_TRAVEL: options.state == "on" or None})
        words = "Book files are kept on the server too." if options.state == "on" else "Book files stay where they are."
        output.item({"files": options.state == "on"}, words)
        return 0
    if options.verb != "status":
        asking.unlock(library)
    if options.verb == "verify":
        differed = library.syncing.verify()
        words = "All that should be here is here, and nothing else."
        output.item({"differed": differed}, f"Put right: {', '.join(differed)}." if differed else words)
        return 0
    if options.verb == "now":
        report = library.syncing.sync()
        carried = library.carry_files(anyhow=True)
        brought = carried.fetched + carried.attachments
        if carried.sent or brought:
            output.say(f"Sent {carried.sent} files, brought {brought}.")
        data = {"sent": report.sent, "received": report.received, "left": report.left}
        output.item(
            {**data, "conflicts": report.conflicts, "refused": report.rejected},
            f"Sent {report.sent}, received {report.received} rows.",
        )
    status = library.syncing.status()
    if options.verb == "status":
        last = status.last_round.isoformat() if status.last_round else None
        problem = {"code": status.problem.code, "message": status.problem.sentence} if status.problem else None
        output.item(
            {
                "server": status.server, "email": status.email, "folder": status.folder,
                "signed_in": status.is_signed_in, "locked": status.is_locked, "last_round": last,
                "waiting": status.waiting, "conflicts": status.conflicts, "refused": status.refused, "problem": problem,
            },
            _words_of(status),
        )  # fmt: skip
    if status.conflicts or status.refused:
        output.say(f"{status.conflicts} differences and {status.refused} refused changes want your eye in the window.")
    return 1 if status.problem else 0


def _fetch(library: Library, options: argparse.Namespace, output: Output) -> int:
    book = library.shelf.resolve(options.book)
    asking.unlock(library)
    library.fetch_file(book)
    output.item({"book_id": str(book)}, "The file is here.")
    return 0


def _give_back(library: Library, options: argparse.Namespace, output: Output) -> int:
    book = library.shelf.resolve(options.book)
    asking.unlock(library)
    count = library.files.give_back([book])
    words = "The file is off this computer; `alexandria fetch` brings it back." if count else "It was not here."
    output.item({"book_id": str(book), "files": count}, words)
    return 0


def _keep(library: Library, options: argparse.Namespace, output: Output) -> int:
    found = [one for one in library.shelf.collections() if one.name.casefold() == options.collection.casefold()]
    if not found:
        raise ReaderError(Code.COLLECTION_UNKNOWN, f"No collection is called “{options.collection}”.")
    is_on = options.state == "on"
    library.files.keep_here(found[0].id, always=is_on)
    words = f"The files of “{found[0].name}” are {'always kept here' if is_on else 'fetched when they are wanted'}."
    output.item({"collection": str(found[0].id), "always_here": is_on}, words)
    return 0


def _words_of(status: SyncStatus) -> str:
    if not status.has_account:
        return "This library has no account. `alexandria sign-in` gives it one, `alexandria join-folder` uses a folder."
    last = f"last in step {status.last_round:%Y-%m-%d %H:%M}" if status.last_round else "never in step yet"
    waits = f"{status.waiting} changes wait" if status.waiting else "nothing waits"
    problem = f"\n{status.problem.sentence} [{status.problem.code}]" if status.problem else ""
    home = status.folder or f"{status.email} on {status.server}"
    locked = "\nThe session is locked; `alexandria sync` asks for its passphrase." if status.is_locked else ""
    return f"{home}: {last}, {waits}.{locked}{problem}"


_COMMANDS: dict[str, Callable[[Library, argparse.Namespace, Output], int]] = {
    "import": _import,
    "list": _list,
    "search": _search,
    "note": _note,
    "theme": _theme,
    "backup": _backup,
    "sign-in": _sign_in,
    "sign-out": _sign_out,
    "join-folder": _join_folder,
    "leave-folder": _leave_folder,
    "sync": _sync,
    "fetch": _fetch,
    "give-back": _give_back,
    "keep": _keep,
    "doctor": _doctor,
}
