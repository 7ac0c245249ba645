"""Why there is no window: whoever started the program by its icon sees no terminal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QLabel, QStyle, QVBoxLayout

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.ui.tasks import Tasks
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button


class Refusal(QDialog):
    """One sentence, the folder, the code, and diagnostics to copy; there is no library to take a look from."""

    def __init__(self, error: AlexandriaError, root: Path, diagnose: Callable[[], str]) -> None:
        super().__init__()
        self._diagnose = diagnose
        self._tasks = Tasks(self, threads=1)
        self.setWindowTitle("Alexandria")
        self.setMinimumWidth(480)
        icon = QLabel()
        kind = QStyle.StandardPixmap.SP_MessageBoxWarning
        icon.setPixmap(self.style().standardIcon(kind).pixmap(QSize(32, 32)))
        self.sentence = _line(error.message)
        self.place = _line(f"The library: {root}\n{error.code}")
        self.copy = make_button("Copy diagnostics")
        self.copy.clicked.connect(self._on_copy)
        self.leave = make_button("Close", kind=ButtonKind.PRIMARY)
        self.leave.setDefault(True)
        self.leave.clicked.connect(self.accept)
        words = QVBoxLayout()
        words.setSpacing(8)
        words.addWidget(self.sentence)
        words.addWidget(self.place)
        above = QHBoxLayout()
        above.setSpacing(16)
        above.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        above.addLayout(words, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.copy)
        buttons.addWidget(self.leave)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 20)
        column.setSpacing(20)
        column.addLayout(above)
        column.addLayout(buttons)

    def done(self, result: int) -> None:
        """Close; what is under way is not heard any more."""
        self._tasks.close()
        super().done(result)

    def _on_copy(self) -> None:
        self.copy.setEnabled(False)
        self._tasks.run(self._diagnose, self._on_diagnosed, self._on_failed)

    def _on_diagnosed(self, words: str) -> None:
        QGuiApplication.clipboard().setText(words)
        self.copy.setText("Copied")

    def _on_failed(self, error: AlexandriaError) -> None:
        self.copy.setText("Copy diagnostics")
        self.copy.setEnabled(True)
        self.place.setText(f"{self.place.text()}\n{error.message}")


def refuse(application: QApplication, error: AlexandriaError, root: Path) -> None:
    """Show why there is no window, where anybody can see it, and wait until it was read."""
    if application.platformName() in ("offscreen", "minimal"):
        return

    def diagnose() -> str:
        from alexandria_desktop.doctor.report import report
        from alexandria_desktop.doctor.surroundings import examine

        return f"{report(root, list(examine(root)))}Refused: {error.code}\n"

    Refusal(error, root, diagnose).exec()


def _line(words: str) -> QLabel:
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
