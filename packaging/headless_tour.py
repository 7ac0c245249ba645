"""Take the tour of the window without a screen, and say what was seen; run inside the environment."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.base.log import configure_logging
from alexandria_desktop.base.paths import LibraryPaths
from alexandria_desktop.library.guide import guide_book
from alexandria_desktop.library.importing import Status
from alexandria_desktop.library.library import Library
from alexandria_desktop.search.finder import Mode

MOST_BOOKS = 40
"""More than these are imported and searched, but not each is opened."""

QUESTIONS = ((Mode.WORDS, "corrected edition"), (Mode.MEANING, "will I lose what I wrote if the power fails"))


def main(arguments: Sequence[str]) -> int:
    """Take the tour; returns 1 when something could not be imported or shown."""
    parser = argparse.ArgumentParser(prog="tour", description="The headless tour.")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the pictures go")
    parser.add_argument("--library", type=Path, metavar="DIR", help="the library; a passing one without this")
    parser.add_argument("--json", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files and folders to import")
    options = parser.parse_args(arguments)
    passing = None if options.library else Path(tempfile.mkdtemp(prefix="alexandria-tour-"))
    root = (options.library or passing).expanduser().absolute()
    try:
        configure_logging(LibraryPaths(root).logs)
        return take(root, options.out, options.paths)
    except AlexandriaError as error:
        print(f"{error.message} [{error.code}]")
        return 1
    finally:
        if passing is not None:
            shutil.rmtree(passing, ignore_errors=True)


def take(root: Path, folder: Path, paths: Sequence[Path]) -> int:
    """Import, open, search and keep pictures; says on stdout what was seen."""
    # Imported here: the processes that read files start with this module, and need no window.
    from alexandria_desktop.app import make_application
    from alexandria_desktop.ui.session import Session
    from alexandria_desktop.ui.tour import Tour

    application = make_application()
    library = Library.open(root)
    guide = guide_book(library)
    failed = bring_in(library, paths)
    session = Session(application, library)
    tour = Tour(session, folder)
    tour.start()
    pictures = tour.library()
    print("\nOpened")
    rows = sorted(library.shelf.books(), key=lambda row: row.id != guide)
    for number, row in enumerate(rows[:MOST_BOOKS], 1):
        opened = tour.open_book(row, number)
        failed += bool(opened.problem)
        pictures += [opened.picture] if opened.picture else []
        print(f"  {opened.seconds * 1000:5.0f} ms  {row.title}  {opened.problem}".rstrip())
    if len(rows) > MOST_BOOKS:
        print(f"  and {len(rows) - MOST_BOOKS} more on the shelf")
    print("\nSearched")
    for mode, words in QUESTIONS:
        hits, seconds = tour.find(words, mode=mode)
        failed += not hits
        first = f"{hits[0].title} › {hits[0].chapter}: “{' '.join(hits[0].snippet.text.split())[:90]}”" if hits else "-"
        print(f"  {seconds * 1000:5.0f} ms  by {mode}: {words} → {first}")
    pictures += tour.themes(guide)
    place = tour.find(QUESTIONS[0][1])[0][0]
    pictures += tour.notes(place)
    pictures += tour.courses(place)
    pictures += tour.finder("edition")
    session.close()
    print(f"\nPictures in {folder}")
    for picture in pictures:
        print(f"  {picture.name}")
    wrong = f"; {failed} went wrong and {'is' if failed == 1 else 'are'} named above" if failed else ", all well"
    print(f"\n{len(rows)} books on the shelf, {len(pictures)} pictures{wrong}.")
    return 1 if failed else 0


def bring_in(library: Library, paths: Sequence[Path]) -> int:
    """Import files and folders; returns how many could not be read."""
    print("Imported\n  the guide")
    failed = 0
    for outcome in library.import_paths([path.absolute() for path in paths]) if paths else []:
        code = f" [{outcome.code}]" if outcome.code else ""
        print(f"  {outcome.status}: {outcome.title or outcome.path.name}  {outcome.message}{code}".rstrip())
        failed += outcome.status is Status.FAILED
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
