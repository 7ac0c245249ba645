"""What a list or a pane shows when there is nothing in it yet: an icon, one sentence, one button, seldom a second."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from alexandria_desktop.ui.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button

_WIDEST = 380


class EmptyState(QWidget):
    """An icon, a title if need be, one sentence, and one button that puts it right."""

    activated = Signal()
    second_activated = Signal()

    def __init__(
        self,
        appearance: Appearance,
        *,
        icon: str,
        sentence: str,
        title: str = "",
        action: str = "",
        second: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._icon_name = icon
        self._icon = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._title = _centred(title, appearance.font(TextSize.HEADING, MEDIUM))
        self._title.setVisible(bool(title))
        self._sentence = _centred(sentence, appearance.font())
        self._sentence.setProperty("tone", "muted")
        self.button: QPushButton = make_button(action, kind=ButtonKind.PRIMARY)
        self.button.setVisible(bool(action))
        self.button.clicked.connect(self._on_clicked)
        self.second = make_button(second, kind=ButtonKind.PLAIN)
        self.second.setVisible(bool(second))
        self.second.clicked.connect(lambda: self.second_activated.emit())
        self._lay_out()
        self.setAccessibleName(title or sentence)
        self._paint_icon()
        appearance.changed.connect(self._paint_icon)

    def say(self, sentence: str, *, action: str | None = None) -> None:
        """Show another sentence, and another verb on the button."""
        self._sentence.setText(sentence)
        _make_room(self._sentence)
        if action is not None:
            self.button.setText(action)
            self.button.setVisible(bool(action))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(0)
        column.addStretch(5)
        column.addWidget(self._icon)
        column.addSpacing(16)
        column.addWidget(self._title, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        column.addWidget(self._sentence, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(24)
        column.addWidget(self.button, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        column.addWidget(self.second, alignment=Qt.AlignmentFlag.AlignHCenter)
        # A little above the middle is where the eye takes the middle to be.
        column.addStretch(7)

    def _paint_icon(self) -> None:
        icon = self._appearance.icon(self._icon_name, "faint")
        self._icon.setPixmap(icon.pixmap(QSize(40, 40), self.devicePixelRatioF()))

    def _on_clicked(self) -> None:
        self.activated.emit()


def _centred(text: str, font: QFont) -> QLabel:
    label = QLabel(text, alignment=Qt.AlignmentFlag.AlignCenter)
    label.setFont(font)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setMaximumWidth(_WIDEST)
    _make_room(label)
    return label


def _make_room(label: QLabel) -> None:
    """Make a label wide enough for its words on one line where they fit, and high enough for its lines where not."""
    width = min(_WIDEST, label.fontMetrics().horizontalAdvance(label.text()) + 8)
    label.setMinimumWidth(width)
    label.setMinimumHeight(max(0, label.heightForWidth(width)))
