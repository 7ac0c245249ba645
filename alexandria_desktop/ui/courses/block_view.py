"""What the view of every block has."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from alexandria_desktop.teach import blocks as b
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button


class BlockView(QWidget):
    """What all blocks have."""

    place_wanted = Signal(object)
    """(BookPlace): the reader wants to see it in the book."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(8)

    def add_place(self, place: b.BookPlace, words: str = "Open in the book") -> None:
        """Add the way to the place in its book."""
        link = make_button(words, kind=ButtonKind.LINK)
        link.clicked.connect(lambda: self.place_wanted.emit(place))
        self.column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
