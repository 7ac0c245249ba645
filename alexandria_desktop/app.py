"""The composition root: builds everything the window needs and joins it to the library."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from alexandria_desktop.base.errors import AlexandriaError, Code, ProgramError, SurroundingsError
from alexandria_desktop.base.paths import LibraryPaths
from alexandria_desktop.base.resources import resource

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

    from alexandria_desktop.library.library import Library

APP_ID = "org.alexandria_desktop.Alexandria"
"""How desktops and window managers know the program; the installers say the same."""


def run_window(root: Path, options: argparse.Namespace) -> int:
    """Open the window and return when it is closed; ``show`` draws one page instead."""
    if not _has_display():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        if options.command != "show":
            raise SurroundingsError(
                Code.NO_DISPLAY,
                "There is no screen here. The commands import, list, search, show, note, backup and doctor need none.",
            )
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="opening") as opening:
        library = opening.submit(_open_library, root)  # the database comes up while Qt does
        application = make_application()
        still = _show_still(root, options)
        from alexandria_desktop.ui.session import Session

        try:
            session = Session(application, library.result())
        except Exception as fault:
            error = fault if isinstance(fault, AlexandriaError) else _our_mistake(fault)
            from alexandria_desktop.ui.program.refusal import refuse

            refuse(application, error, root)
            if error is fault:
                raise
            raise error from fault
    if options.command == "show":
        from alexandria_desktop.ui.showing import show_page

        return show_page(session, options)
    session.window.receive_newcomer()
    session.start(getattr(options, "book", None), still=still)
    status = application.exec()
    session.close()
    return int(status)


def _our_mistake(fault: Exception) -> ProgramError:
    logging.getLogger(__name__).exception("The library could not be opened")
    return ProgramError(
        Code.PROGRAM,
        "Something went wrong inside the program while the library was opened. `alexandria doctor` may know more.",
        detail=repr(fault),
    )


def _open_library(root: Path) -> Library:
    from alexandria_desktop.library.library import Library

    return Library.open(root)


def _show_still(root: Path, options: argparse.Namespace) -> QWidget | None:
    """Show the page that was read last, if it is what is asked for, before anything else is loaded."""
    if options.command != "open" or options.book is None:
        return None
    from PySide6.QtWidgets import QApplication

    from alexandria_desktop.ui.still import show_sight

    still = show_sight(LibraryPaths(root).pictures, options.book)
    if still is not None:
        QApplication.processEvents()  # the one place: nothing else is there yet that could be entered twice
    return still


def make_application() -> QApplication:
    """Make the application object; the scheme of book pages must be known before it."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication, QIcon
    from PySide6.QtWidgets import QApplication

    from alexandria_desktop.ui.application import Application
    from alexandria_desktop.ui.reader.scheme import register_scheme

    # All pages are one reader's: the view that prepares the next section shares the process of the one that is read.
    flags = os.environ.get("QTWEBENGINE_CHROMIUM_FLAGS", "")
    os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = f"{flags} --renderer-process-limit=1".strip()
    register_scheme()
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    application = Application(sys.argv[:1])
    application.setApplicationName("alexandria")
    application.setApplicationDisplayName("Alexandria")
    application.setDesktopFileName(APP_ID)
    application.setWindowIcon(QIcon(str(resource("icons/alexandria.svg"))))
    return application


def _has_display() -> bool:
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
