"""The sheet of keys: every command that has one, by area, and a field to look for a key or for what one wants."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, SEMIBOLD, TextSize
from alexandria_desktop.ui.commands import Command
from alexandria_desktop.ui.help.keys import by_area, combinations
from alexandria_desktop.ui.widgets.button import make_icon_button
from alexandria_desktop.ui.widgets.shadow import cast_shadow

_CAP, _CAP_PAD, _GAP, _BETWEEN = 20, 6, 3, 10
"""Pixels: the height of a key, the room beside its word, between keys, between combinations."""

_COLUMN = 310
"""Pixels of a column at least."""

_MOST = 3
"""Combinations that are shown of one command; the guide has all."""


class KeyCaps(QWidget):
    """The keys of a command, painted as keys."""

    def __init__(self, appearance: Appearance, command: Command, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._combinations = combinations(command)[:_MOST]
        self._metrics = QFontMetricsF(appearance.font(TextSize.SMALL, MEDIUM))
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Return the room of all keys."""
        width = sum(sum(self._width(cap) + _GAP for cap in one) - _GAP for one in self._combinations)
        return QSize(round(width + _BETWEEN * (len(self._combinations) - 1)) + 1, _CAP + 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint each key as a rounded box with its word."""
        look = self._appearance
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(look.font(TextSize.SMALL, MEDIUM))
        left = 0.5
        for one in self._combinations:
            for cap in one:
                box = QRectF(left, 1.5, self._width(cap), _CAP - 1)
                painter.setPen(look.color("faint"))
                painter.setBrush(look.color("surface"))
                painter.drawRoundedRect(box, 4, 4)
                painter.setPen(look.color("text"))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, cap)
                left += box.width() + _GAP
            left += _BETWEEN - _GAP

    def _width(self, cap: str) -> float:
        return max(float(_CAP), self._metrics.horizontalAdvance(cap) + 2 * _CAP_PAD)


class KeysSheet(QFrame):
    """A card over the window; it closes itself when the keyboard goes elsewhere."""

    def __init__(self, appearance: Appearance, host: QWidget) -> None:
        super().__init__(host)
        self._appearance = appearance
        self._host = host
        self.shown: tuple[Command, ...] = ()
        """The commands that fit what was typed, in their order."""
        self.columns = 0
        """As many as there is room for."""
        self.setProperty("panel", "raised")
        self.setAccessibleName("Keyboard shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        cast_shadow(self, far=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head())
        line = QFrame()
        line.setFrameShape(QFrame.Shape.HLine)
        column.addWidget(line)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(self._area, 1)
        host.installEventFilter(self)

    def _head(self) -> QHBoxLayout:
        look = self._appearance
        row = QHBoxLayout()
        row.setContentsMargins(24, 12, 12, 12)
        row.setSpacing(12)
        icon = QLabel()
        icon.setPixmap(look.icon("keyboard", "muted").pixmap(18, 18))
        self.field = QLineEdit()
        self.field.setFrame(False)
        self.field.setFont(look.font(TextSize.HEADING))
        self.field.setPlaceholderText("Find a key, or what you want to do")
        self.field.setAccessibleName("Find a key, or what you want to do")
        self.field.setStyleSheet("QLineEdit { border: 0; background: transparent; padding: 4px 0; }")
        self.field.textChanged.connect(self._fill)
        self.field.installEventFilter(self)
        close = make_icon_button(look.icon("close", "muted"), "Close")
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.clicked.connect(self.dismiss)
        for part in (icon, self.field, close):
            row.addWidget(part)
        return row

    def open_sheet(self) -> None:
        """Show every key."""
        self._place()
        self._fill("")
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus)

    def dismiss(self) -> None:
        """Close; what was there before is as it was."""
        self._host.removeEventFilter(self)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.disconnect(self._on_focus)
        self.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the middle of the window; Escape closes, the arrows scroll while one types."""
        if watched is self._host and event.type() == QEvent.Type.Resize:
            self._place()
            self._fill(self.field.text())
        elif watched is self.field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            bar = self._area.verticalScrollBar()
            steps = {Qt.Key.Key_Down: 40, Qt.Key.Key_Up: -40, Qt.Key.Key_PageDown: 400, Qt.Key.Key_PageUp: -400}
            if event.key() == Qt.Key.Key_Escape:
                self.dismiss()
                return True
            if event.key() in steps:
                bar.setValue(bar.value() + steps[Qt.Key(event.key())])
                return True
        return super().eventFilter(watched, event)

    def focusNextPrevChild(self, _forward: bool) -> bool:
        """Keep the keyboard in the field: there is nothing else to go to."""
        return True

    def _on_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is not None and not self.isAncestorOf(now) and now.window() is self.window():
            self.dismiss()

    def _place(self) -> None:
        room = self._host.rect()
        self.setFixedSize(min(1120, room.width() - 48), min(760, room.height() - 48))
        self.move(QPoint((room.width() - self.width()) // 2, (room.height() - self.height()) // 2))

    def _fill(self, typed: str) -> None:
        """Show the commands that fit, in as many columns as there is room for."""
        groups = [(title, [one for one in commands if fits(one, title, typed)]) for title, commands in by_area()]
        groups = [(title, commands) for title, commands in groups if commands]
        self.shown = tuple(one for _, commands in groups for one in commands)
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(24, 12, 24, 16)
        row.setSpacing(32)
        self.columns = max(1, min(3, (self.width() - 48) // _COLUMN))
        for column in _columns(groups, self.columns):
            row.addLayout(self._column(column), 1)
        if not groups:
            row.addWidget(self._nothing(), 1)
        self._area.setWidget(page)

    def _column(self, groups: list[tuple[str, list[Command]]]) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(2)
        for number, (title, commands) in enumerate(groups):
            heading = QLabel(title)
            heading.setFont(self._appearance.font(TextSize.SMALL, SEMIBOLD))
            heading.setProperty("tone", "muted")
            heading.setContentsMargins(0, 16 if number else 0, 0, 4)
            column.addWidget(heading)
            for one in commands:
                column.addLayout(self._row(one))
        column.addStretch(1)
        return column

    def _row(self, command: Command) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        words = QLabel(command.words)
        words.setWordWrap(True)
        keys = " or ".join("+".join(one) for one in combinations(command))
        words.setAccessibleName(f"{command.words}: {keys}")
        row.addWidget(words, 1)
        row.addWidget(KeyCaps(self._appearance, command), 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _nothing(self) -> QLabel:
        told = QLabel("No key does that. Ctrl+K finds every command by its words.")
        told.setProperty("tone", "muted")
        told.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return told


def fits(command: Command, area: str, typed: str) -> bool:
    """Whether a command has all words that were typed, in its own words, its keys or its area."""
    keys = " ".join("+".join(one) for one in combinations(command))
    known = f"{command.words} {keys} {' '.join(command.keys)} {area}".lower()
    return all(word in known for word in typed.lower().split())


def _columns(groups: list[tuple[str, list[Command]]], most: int) -> list[list[tuple[str, list[Command]]]]:
    """Part groups into columns of about the same height, in their order; no group is torn."""
    total = sum(len(commands) + 2 for _, commands in groups)
    if not groups:
        return []
    columns: list[list[tuple[str, list[Command]]]] = [[]]
    filled = 0
    for title, commands in groups:
        height = len(commands) + 2
        if columns[-1] and len(columns) < most and filled + height / 2 > total / most:
            columns.append([])
            filled = 0
        columns[-1].append((title, commands))
        filled += height
    return columns
