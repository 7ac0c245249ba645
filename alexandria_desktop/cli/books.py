"""Books and what is in them: import, list, open, show, search."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alexandria_desktop.cli.output import Commands, Output

if TYPE_CHECKING:
    from alexandria_desktop.library.library import Library


def add_commands(commands: Any) -> None:
    """Add the commands to the parser."""
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
    rows = library.shelf.books()
    if not rows:
        _say_empty(library, output)
    for row in rows:
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
    if not hits and not library.shelf.books():
        _say_empty(library, output)
    elif not hits:
        output.say("Nothing was found.")
    return 0


def _say_empty(library: Library, output: Output) -> None:
    """Name the folder: whoever finds it empty mostly meant another."""
    output.say(f"There are no books in {library.paths.root}. --library or ALEXANDRIA_LIBRARY names another library.")


COMMANDS: Commands = {
    "import": _import,
    "list": _list,
    "search": _search,
}
