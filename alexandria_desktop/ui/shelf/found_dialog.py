"""Found on this computer, for a library that has books already: a window beside, which keeps nobody from reading."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.shelf.found_list import ROW, FoundList
from alexandria_desktop.ui.widgets.button import make_button

NOTHING = (
    "Nothing more was found in the usual folders. Books elsewhere come in by dropping them on the window. A Kindle's "
    "clippings are found while it is plugged in."
)
_WIDTH = 480


class FoundDialog(QDialog):
    """Looks when it is opened."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Books on this computer")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(_WIDTH)
        heading = QLabel("Found on this computer")
        heading.setFont(context.appearance.font(TextSize.HEADING, MEDIUM))
        self.found = FoundList(context, nothing=NOTHING)
        self.found.setMinimumHeight(3 * ROW)
        self.again = make_button("Look again")
        self.again.clicked.connect(self.found.look)
        close = make_button("Close")
        close.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.again)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(heading)
        column.addWidget(self.found, 1, Qt.AlignmentFlag.AlignTop)
        column.addLayout(foot)
        self.found.look()
