"""The pages of a dialog about a file: what it waits for, what went wrong, and rows of buttons at the foot."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.courses.panes import foot
from alexandria_desktop.ui.courses.words import heading, small
from alexandria_desktop.ui.widgets.button import make_button
from alexandria_desktop.ui.widgets.working_dialog import WorkingDialog

WIDTH = 560


class PagedDialog(WorkingDialog):
    """A dialog that shows one of its pages, and is as high as that page needs."""

    def __init__(self, context: Context, title: str, parent: QWidget) -> None:
        super().__init__(context, title, parent)
        self.setFixedWidth(WIDTH)
        self.pages = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pages)

    def show_page(self, page: QWidget) -> None:
        """Show a page, made before or new, and fit the dialog to it."""
        if self.pages.indexOf(page) < 0:
            self.pages.addWidget(page)
        self.pages.setCurrentWidget(page)
        layout = page.layout()
        if layout is not None:
            layout.activate()
            height = (
                layout.totalHeightForWidth(WIDTH) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
            )
            self.setFixedHeight(max(180, min(height, 640)))


def page_of(*parts: QWidget | QHBoxLayout) -> QWidget:
    """Return a page with its parts one below the other, the last at the foot."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(24, 22, 24, 20)
    column.setSpacing(12)
    for number, part in enumerate(parts):
        if number == len(parts) - 1:
            column.addStretch(1)
        if isinstance(part, QHBoxLayout):
            column.addLayout(part)
        else:
            column.addWidget(part)
    return page


def key_box(appearance: Appearance, title: str, words: str, sentence: str, *, tone: str = "muted") -> QFrame:
    """Return a frame with the words of a key, to be read aloud and compared."""
    frame = QFrame()
    frame.setProperty("panel", "raised")
    column = QVBoxLayout(frame)
    column.setContentsMargins(14, 12, 14, 12)
    column.setSpacing(6)
    column.addWidget(small(appearance, title))
    shown = QLabel(words)
    shown.setTextFormat(Qt.TextFormat.PlainText)
    shown.setFont(appearance.font(TextSize.LARGE, MEDIUM))
    shown.setWordWrap(True)
    shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    shown.setAccessibleName(f"{title}: {words}")
    column.addWidget(shown)
    if sentence:
        column.addWidget(small(appearance, sentence, tone=tone))
    return frame


class BusyPage(QWidget):
    """Something that takes a while: what, how much of it is done, and a way to stop it where there is one."""

    def __init__(self, appearance: Appearance, words: str, *, can_stop: bool) -> None:
        super().__init__()
        self._heading = heading(appearance, words)
        self._count = small(appearance)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(words)
        self.stop = make_button("Stop")
        self.stop.setVisible(can_stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 20)
        column.setSpacing(12)
        for part in (self._heading, self.bar):
            column.addWidget(part)
        column.addStretch(1)
        column.addLayout(foot(self.stop, beside=self._count))

    def show_progress(self, done: int, total: int, words: str) -> None:
        """Show how much is done."""
        self.bar.setRange(0, 1000)
        self.bar.setValue(round(1000 * done / total) if total else 0)
        self._count.setText(words)
