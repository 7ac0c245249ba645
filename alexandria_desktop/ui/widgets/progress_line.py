"""How far a long job is: words, a count, a thin line, and a way to stop it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QWidget

from alexandria_desktop.ui.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import TextSize
from alexandria_desktop.ui.widgets.button import make_icon_button
from alexandria_desktop.ui.widgets.elided_label import ElidedLabel


class ProgressLine(QWidget):
    """A determinate line; it says what is being done and how many of how many are done."""

    cancelled = Signal()

    def __init__(self, appearance: Appearance, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ElidedLabel(words)
        self._count = QLabel()
        self._count.setProperty("tone", "muted")
        self._count.setFont(appearance.font(TextSize.SMALL))
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.cancel = make_icon_button(appearance.icon("cancel", "muted"), "Stop")
        self.cancel.clicked.connect(self._on_cancel)
        self._lay_out()
        self.set_progress(0, 0)

    def set_progress(self, done: int, total: int, *, words: str | None = None) -> None:
        """Show ``done`` of ``total``; a total of 0 shows an empty line."""
        if words is not None:
            self._words.setText(words)
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(min(done, max(1, total)))
        self._count.setText(f"{done:,} of {total:,}" if total else "")
        self.bar.setAccessibleName(self._words.text() or "Progress")

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.addWidget(self._words, 0, 0)
        grid.addWidget(self._count, 0, 1)
        grid.addWidget(self.cancel, 0, 2, 2, 1)
        grid.addWidget(self.bar, 1, 0, 1, 2)
        grid.setColumnStretch(0, 1)

    def _on_cancel(self) -> None:
        # Stopping takes a moment; the button must not ask twice.
        self.cancel.setEnabled(False)
        self._words.setText("Stopping…")
        self.cancelled.emit()
