"""Bringing files into the library: chosen, dropped, or left over from an import that was cut off; one at a time."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.teach.packs.suffixes import ANSWERS, PACK
from alexandria_desktop.ui.courses.packs.suffixes import sorted_out
from alexandria_desktop.ui.widgets.banner import Severity
from alexandria_desktop.ui.widgets.progress_line import ProgressLine

if TYPE_CHECKING:
    from alexandria_desktop.library.elsewhere.bringing import Brought
    from alexandria_desktop.library.elsewhere.clippings import ClippingsReport
    from alexandria_desktop.library.importing import Progress
    from alexandria_desktop.ui.main_window import MainWindow


class Importing(QObject):
    """Belongs to the window; its line stands at the foot of it while an import runs."""

    progressed = Signal(object)
    """(Progress): a file is done."""
    ended = Signal(object)
    """(Brought)"""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._context = window.context
        self._cancel: threading.Event | None = None
        self.line = ProgressLine(self._context.appearance)
        self.line.cancelled.connect(self.stop)
        self.line.hide()
        self.progressed.connect(self._on_progress)
        self.ended.connect(self._on_ended)

    @property
    def is_on(self) -> bool:
        """Whether an import is under way."""
        return self._cancel is not None

    def choose_files(self) -> None:
        """Ask for files to import."""
        from alexandria_desktop.ingest.detect import SUFFIXES

        books = f"{' '.join(f'*{suffix}' for suffix in sorted(SUFFIXES))} *.fb2.zip"
        kinds = f"Books and courses ({books} *{PACK} *{ANSWERS});;All files (*)"
        files, _ = QFileDialog.getOpenFileNames(self._window, "Import books", "", kinds)
        if files:
            self.begin(files)

    def choose_folder(self) -> None:
        """Ask for a folder to import."""
        folder = QFileDialog.getExistingDirectory(self._window, "Import a folder")
        if folder:
            self.begin([folder])

    def find(self) -> None:
        """Look for books on this computer, in a window beside."""
        from alexandria_desktop.ui.shelf.found_dialog import FoundDialog

        dialog = FoundDialog(self._context, self._window)
        self.ended.connect(dialog.found.look)
        dialog.show()

    def begin(self, paths: list[str]) -> None:
        """Bring files and folders in; packs of courses and answers to them go their own way."""
        of_courses, paths = sorted_out(paths)
        if of_courses:
            self._window.packs.open(of_courses)
        if not paths:
            return
        if self._cancel is not None:
            self._window.say("Books are being imported; try again when they are in.")
            return
        self._cancel = cancel = threading.Event()
        self.line.set_progress(0, 0, words="Looking at the files…")
        self.line.show()
        library = self._context.library

        def work() -> Brought:
            return library.bring_in([Path(path) for path in paths], report=self.progressed.emit, cancel=cancel)

        self._context.tasks.run(work, self.ended.emit, self._on_failed)

    def stop(self) -> None:
        """Stop after the files that are under way."""
        if self._cancel is not None:
            self._cancel.set()

    def _on_progress(self, progress: Progress) -> None:
        name = progress.outcome.title or progress.outcome.path.name
        self.line.set_progress(progress.done, progress.total, words=f"Importing · {name}")

    def _on_failed(self, error: AlexandriaError) -> None:
        self._rest()
        self._window.report(error)

    def _on_ended(self, brought: Brought) -> None:
        from alexandria_desktop.library.importing import Status

        self._rest()
        outcomes = brought.outcomes
        counted = {status: [one for one in outcomes if one.status is status] for status in Status}
        words = [f"{len(counted[Status.IMPORTED])} added"]
        if counted[Status.DUPLICATE]:
            words.append(f"{len(counted[Status.DUPLICATE])} already here")
        failed = counted[Status.FAILED]
        if failed:
            words.append(f"{len(failed)} could not be read")
        if brought.clippings is not None:
            self._tell_of_clippings(brought.clippings)
        if outcomes or brought.clippings is None:
            self._window.say(", ".join(words) + ".")
        if failed:
            listed = "\n".join(f"{one.path.name}: {one.message}" for one in failed[:6])
            more = f"\n… and {len(failed) - 6} more" if len(failed) > 6 else ""
            self._window.banner.say(listed + more, code=", ".join(sorted({str(one.code) for one in failed})))
        if self._window.made_shelf is not None:
            self._window.made_shelf.refresh()

    def _tell_of_clippings(self, told: ClippingsReport) -> None:
        """Say what became of clippings: at length where some wait, for these are what the reader may look for."""
        if not told.tray and not told.waiting:
            self._window.say(told.sentence)
            return
        titles = [f"{title} ({number})" for title, number in told.waiting[:6]]
        more = f", and {len(told.waiting) - 6} more books" if len(told.waiting) > 6 else ""
        waits = f"\nWaiting for: {', '.join(titles)}{more}." if titles else ""
        self._window.banner.say(told.sentence + waits, severity=Severity.NOTE)

    def _rest(self) -> None:
        self._cancel = None
        self.line.hide()
        self.line.cancel.setEnabled(True)
