"""The offer to use a folder instead of a server: choose one, and what is wrong with it stands below."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.ui.appearance.fonts import TextSize
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.widgets.button import make_button

if TYPE_CHECKING:
    from alexandria_desktop.library.syncing import SyncStatus

WITHOUT_SERVER = (
    "A folder keeps your devices in step as well: on a USB stick, on a share, or one that Syncthing or Dropbox keeps "
    "alike."
)


class FolderOffer(QWidget):
    """A sentence, a button, and room for what went wrong."""

    joined = Signal(object)
    """(SyncStatus): the library lives in a folder now."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        look = context.appearance
        self.words = QLabel(WITHOUT_SERVER)
        self.words.setProperty("tone", "muted")
        self.words.setFont(look.font(TextSize.SMALL))
        self.words.setWordWrap(True)
        self.choose = make_button("Use a folder instead…")
        self.choose.clicked.connect(self._on_choose)
        self._wrong = QLabel()
        self._wrong.setProperty("tone", "danger")
        self._wrong.setTextFormat(Qt.TextFormat.PlainText)
        self._wrong.setWordWrap(True)
        self._wrong.setMinimumHeight(20)  # nothing moves when it speaks
        row = QHBoxLayout()
        row.addWidget(self.choose)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.words)
        column.addLayout(row)
        column.addWidget(self._wrong)

    @property
    def complaint(self) -> str:
        """What is wrong with the folder that was chosen, or nothing."""
        return self._wrong.text()

    def join(self, folder: Path) -> None:
        """Use a folder."""
        syncing = self._context.library.syncing
        self._say("")
        self.choose.setEnabled(False)
        self._context.tasks.run(lambda: syncing.join_folder(folder), self._on_joined, self._on_refused)

    def _on_choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self.window(), "Choose a folder for all your devices")
        if chosen:
            self.join(Path(chosen))

    def _on_joined(self, status: SyncStatus) -> None:
        self.choose.setEnabled(True)
        self.joined.emit(status)

    def _on_refused(self, error: AlexandriaError) -> None:
        self.choose.setEnabled(True)
        self._say(f"{error.message} ({error.code})")
        self.choose.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, sentence: str) -> None:
        self._wrong.setText(sentence)
        self.choose.setAccessibleDescription(sentence)
