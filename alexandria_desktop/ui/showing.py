"""Draw one page of a book into a picture, for ``alexandria show``."""

from __future__ import annotations

import argparse
import json
import sys

from PySide6.QtCore import QEventLoop, QTimer

from alexandria_desktop.base.errors import AlexandriaError, Code, ReaderError, SurroundingsError
from alexandria_desktop.book.places import place_of
from alexandria_desktop.ui.session import Session
from sync.places.locator import Locator

PATIENCE = 30_000
SETTLE = 600
"""Milliseconds for fonts and pictures after the first paint."""


def show_page(session: Session, options: argparse.Namespace) -> int:
    """Draw a page and return the exit status."""
    width, height = _size(options.size)
    library, window = session.library, session.window
    book_id = library.shelf.resolve(options.book)
    if options.theme:
        session.appearance.use(library.looks.named(options.theme))
    locator = _locator(options.at) if options.at else None
    progression = float(options.at) if options.at and locator is None else None
    window.resize(width, height)
    window.show()
    loop = QEventLoop()
    problems: list[AlexandriaError] = []
    window.reader.failed_opening.connect(problems.append)
    window.reader.failed_opening.connect(loop.quit)
    window.book_shown.connect(loop.quit)
    QTimer.singleShot(PATIENCE, loop.quit)
    window.open_book(book_id, locator)
    loop.exec()
    if progression is not None and window.reader.surface is not None:
        window.reader.surface.show_progression(progression)
    QTimer.singleShot(SETTLE, loop.quit)
    loop.exec()
    is_saved = window.grab().save(str(options.screenshot))
    title = library.shelf.details(book_id).row.title
    session.close()
    if problems:
        raise problems[0]
    if not is_saved:
        raise SurroundingsError(Code.STORE_READ_ONLY, f"The picture could not be written to {options.screenshot}.")
    answer = {"book_id": str(book_id), "title": title, "file": str(options.screenshot)}
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n" if options.json else f"{options.screenshot}\n")
    return 0


def _size(words: str) -> tuple[int, int]:
    try:
        width, height = (int(part) for part in words.lower().split("x"))
    except ValueError as error:
        raise ReaderError(Code.USAGE, "A size is two numbers, such as 1280x800.", detail=words) from error
    return max(320, min(width, 8000)), max(240, min(height, 8000))


def _locator(words: str) -> Locator | None:
    if not words.lstrip().startswith("{"):
        try:
            float(words)
        except ValueError as error:
            raise ReaderError(
                Code.LOCATOR_INVALID, "A place is a locator in JSON, or a part of the book from 0 to 1."
            ) from error
        return None
    try:
        return place_of(json.loads(words))
    except ValueError as error:
        raise ReaderError(Code.LOCATOR_INVALID, "This is not a place in a book.", detail=words[:200]) from error
