"""What was found on this computer: a line for each place, with a button. Nothing comes in by itself."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.ui.appearance.fonts import TextSize
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.shelf.wording import counted
from alexandria_desktop.ui.widgets.button import make_button
from alexandria_desktop.ui.widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from alexandria_desktop.library.elsewhere.looking import Found
    from alexandria_desktop.ui.tasks import Task

MOST = 6
ROW = 52
LOOKING = "Looking for books on this computer…"
_ICONS = {"books": "folder", "pdfs": "pdf", "calibre": "library", "clippings": "highlight"}


class FoundList(QWidget):
    """Looks when it is told to, and leaves off when it is hidden."""

    looked = Signal()
    """The look is over, and what was found is shown."""

    def __init__(self, context: Context, *, nothing: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._nothing = nothing
        self.cancel: threading.Event | None = None
        """Ends the look that is under way."""
        self._task: Task | None = None
        self.rows: list[FoundRow] = []
        self.words = QLabel("")
        self.words.setProperty("tone", "muted")
        self.words.setWordWrap(True)
        self.words.setFont(context.appearance.font(TextSize.BODY))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.words)
        self.setAccessibleName("Found on this computer")

    def look(self) -> None:
        """Look around, unless that is under way."""
        if self._task is not None:
            return
        if not self.rows:
            self.words.setText(LOOKING)
        self.cancel = cancel = threading.Event()
        library = self._context.library
        self._task = self._context.tasks.run(lambda: library.look_around(cancel), self._show, self._fail, priority=-1)

    def stop(self) -> None:
        """Leave off; a later look begins anew."""
        if self.cancel is not None:
            self.cancel.set()
        if self._task is not None:
            self._task.cancel()
        self.cancel = self._task = None

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody sees it any more."""
        self.stop()
        super().hideEvent(event)

    def _show(self, found: list[Found]) -> None:
        self.cancel = self._task = None
        for row in self.rows:
            self._column.removeWidget(row)
            row.deleteLater()
        self.rows = [FoundRow(self._context, one) for one in found[:MOST]]
        for row in self.rows:
            self._column.addWidget(row)
        self.words.setText("" if self.rows else self._nothing)
        self.words.setVisible(not self.rows)
        self.looked.emit()

    def _fail(self, error: AlexandriaError) -> None:
        self._show([])
        self._context.navigator.report(error)


class FoundRow(QFrame):
    """One place: what it holds, where it is, and the way in."""

    def __init__(self, context: Context, found: Found, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._found = found
        self.setFixedHeight(ROW)
        look = context.appearance
        self._icon = QLabel()
        self._icon.setFixedSize(24, 24)
        self.title = QLabel(title_of(found))
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.where = ElidedLabel(place_of(found.path), mode=Qt.TextElideMode.ElideMiddle)
        self.where.setFont(look.font(TextSize.SMALL))
        self.where.setProperty("tone", "muted")
        self.button: QPushButton = make_button("Import")
        self.button.setAccessibleName(f"Import {self.title.text()}")
        self.button.clicked.connect(self._on_clicked)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self.title)
        words.addWidget(self.where)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._icon)
        row.addLayout(words, 1)
        row.addWidget(self.button)
        self._paint_icon()
        look.changed.connect(self._paint_icon)

    def _on_clicked(self) -> None:
        paths = self._found.files or (self._found.path,)
        self._context.navigator.import_files([str(path) for path in paths])

    def _paint_icon(self) -> None:
        icon = self._context.appearance.icon(_ICONS[self._found.kind.value], "muted")
        self._icon.setPixmap(icon.pixmap(QSize(24, 24), self.devicePixelRatioF()))


def title_of(found: Found) -> str:
    """Return what was found in words."""
    number = counted(found.count, "book", "books")
    if not found.is_all:
        number = f"more than {number}"
    match found.kind.value:
        case "calibre":
            words = f"calibre library, {number}" if found.count else "calibre library"
        case "clippings":
            words = "Kindle clippings"
        case "pdfs":
            words = number.replace("books", "PDFs").replace("book", "PDF")
        case _:
            words = number
    return words[:1].upper() + words[1:] if found.kind.value != "calibre" else words


def place_of(path: Path) -> str:
    """Return a path as people write it."""
    home = Path.home()
    return f"~/{path.relative_to(home).as_posix()}" if home in path.parents else str(path)
