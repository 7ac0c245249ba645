"""Newer versions on the page about the program: whether to look, what was found, and the file brought here."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.ui.account.wording import ago, now
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.program.words import heading, line
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button
from alexandria_desktop.ui.widgets.leaving import ask_to_open
from alexandria_desktop.ui.widgets.progress_line import ProgressLine

if TYPE_CHECKING:
    from alexandria_desktop.library.updating import Found, Updates
    from alexandria_desktop.update.memory import Memory

_MB = 1_000_000
NO_CHANNEL = "This build has no update channel. Look for newer versions where you got it."
PRIVATE = "Nothing is sent that tells who asks, not even the version that you have. Nothing is installed by itself."
OFFER = "Look for newer versions once a day"


class UpdatesCard(QWidget):
    """Everything about newer versions."""

    progressed = Signal(int, int)

    def __init__(self, context: Context, updates: Updates, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._updates = updates
        self._found: Found | None = None
        self._called_off: threading.Event | None = None
        self._file: Path | None = None
        look = context.appearance
        self.said = line(look)
        self.notes = line(look, tone="muted")
        self.automatic = QCheckBox(OFFER)
        self.automatic.clicked.connect(self._on_automatic)
        self.private = line(look, PRIVATE, tone="muted", is_small=True)
        self.check = make_button("Check now", icon=look.icon("refresh"))
        self.check.clicked.connect(self.look)
        self.download = make_button("Download", kind=ButtonKind.PRIMARY, icon=look.icon("download", "accent_text"))
        self.download.clicked.connect(self._on_download)
        self.page = make_button("Open its page", icon=look.icon("open"))
        self.page.clicked.connect(self._on_page)
        self.show_file = make_button("Show the file", kind=ButtonKind.PRIMARY)
        self.show_file.clicked.connect(self._on_show_file)
        self.progress = ProgressLine(look, "Downloading")
        self.progress.cancelled.connect(self._on_cancel)
        self.progressed.connect(self._on_progress)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.download, self.show_file, self.check, self.page):
            buttons.addWidget(button)
        buttons.addStretch(1)
        for part in (heading(look, "Newer versions"), self.said, self.notes, self.progress):
            column.addWidget(part)
        column.addLayout(buttons)
        column.addWidget(self.automatic)
        column.addWidget(self.private)
        self._show()

    def refresh(self) -> None:
        """Read what this computer remembers."""
        self._context.tasks.run(self._read, self._on_read, self._context.navigator.report)

    def look(self) -> None:
        """Ask for the newest version now."""
        if not self.check.isEnabled():
            return
        self.check.setEnabled(False)
        self._say("Asking…")
        self._context.tasks.run(self._updates.look, self.show_found, self._on_failed)

    def show_found(self, found: Found) -> None:
        """Show what a look came to."""
        self._found = found
        self.check.setEnabled(True)
        self._say(f"{found.sentence} {found.advice}".strip(), found.manifest.notes if found.is_newer else "")
        self._show()

    def stop(self) -> None:
        """Call off a download; what has come is gone on with later."""
        if self._called_off is not None:
            self._called_off.set()

    def _read(self) -> tuple[bool, Memory]:
        return self._updates.has_channel, self._updates.memory()

    def _on_read(self, read: tuple[bool, Memory]) -> None:
        has_channel, memory = read
        for part in (self.check, self.automatic, self.private):
            part.setVisible(has_channel)
        self.automatic.setChecked(bool(memory.agreed))
        if not has_channel:
            self._say(NO_CHANNEL)
        elif self._found is None and self.check.isEnabled():
            self._say(f"Looked {ago(memory.looked_at, now())}." if memory.looked_at else "Not looked for yet.")

    def _say(self, sentence: str, notes: str = "") -> None:
        self.said.setText(sentence)
        self.notes.setText(notes)
        self.notes.setVisible(bool(notes))

    def _show(self) -> None:
        found = self._found
        is_coming = self._called_off is not None
        has_file = found is not None and found.file is not None
        self.progress.setVisible(is_coming)
        self.show_file.setVisible(self._file is not None)
        self.download.setVisible(has_file and not is_coming and self._file is None)
        self.page.setVisible(found is not None and found.is_newer)
        self.notes.setVisible(bool(self.notes.text()))
        if found is not None and found.file is not None:
            self.download.setText(f"Download {found.file.size // _MB} MB" if found.file.size >= _MB else "Download")

    def _on_failed(self, error: AlexandriaError) -> None:
        self.check.setEnabled(True)
        self._say(f"{error.message} ({error.code})")

    def _on_automatic(self, wanted: bool) -> None:
        updates = self._updates
        self._context.tasks.run(lambda: updates.agree(to_look=wanted), failed=self._context.navigator.report)

    def _on_download(self) -> None:
        found, called_off = self._found, threading.Event()
        if found is None:
            return
        self._called_off = called_off
        self.progress.cancel.setEnabled(True)
        self.progress.set_progress(0, 0, words="Downloading")
        self._show()
        fetch, told, updates = called_off.is_set, self.progressed.emit, self._updates

        def bring() -> Path | None:
            from alexandria_desktop.update.fetching import Interrupted

            try:
                return updates.fetch(found, on_progress=told, is_cancelled=fetch)
            except Interrupted:
                return None

        self._context.tasks.run(bring, self._on_brought, self._on_not_brought)

    def _on_brought(self, file: Path | None) -> None:
        self._called_off = None
        self._file = file
        words = f"{file.name} is in your downloads, as it was signed. Close Alexandria, then open it." if file else ""
        self._say(words or "Stopped. What has come is kept, and gone on with next time.", self.notes.text())
        self._show()

    def _on_not_brought(self, error: AlexandriaError) -> None:
        self._called_off = None
        self._on_failed(error)
        self._show()

    def _on_progress(self, done: int, total: int) -> None:
        self.progress.set_progress(done // _MB, total // _MB, words="Downloading, in MB")

    def _on_cancel(self) -> None:
        self.stop()

    def _on_page(self) -> None:
        if self._found is not None:
            ask_to_open(self, self._found.manifest.page, "The page of this version is on the internet.")

    def _on_show_file(self) -> None:
        if self._file is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._file.parent)))
