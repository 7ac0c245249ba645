"""The two bars around a page: what is read above, how far below. They fade when the mouse rests."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QPropertyAnimation, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QGraphicsOpacityEffect, QHBoxLayout, QLabel, QToolButton, QWidget

from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import TextSize
from alexandria_desktop.ui.commands import command
from alexandria_desktop.ui.reader.progress_bar import ProgressBar
from alexandria_desktop.ui.reader.surface import Where
from alexandria_desktop.ui.widgets.button import make_icon_button
from alexandria_desktop.ui.widgets.elided_label import ElidedLabel

HEIGHT = 44


class TopBar(QFrame):
    """The way back, the book and chapter, and what can be opened."""

    asked = Signal(str)
    """The id of a command."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._title = ""
        self.setFixedHeight(HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(4)
        self._back = self._button("library", "back", words="Library")
        self._contents = self._button("contents", "contents")
        self._words = ElidedLabel("")
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words.setProperty("tone", "muted")
        self._look = self._button("look", "text")
        self._find = self._button("find", "find")
        self._notes = self._button("notes", "notes")
        self._notes.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        row.addWidget(self._back)
        row.addWidget(self._contents)
        row.addWidget(self._words, 1)
        for button in (self._look, self._find, self._notes):
            row.addWidget(button)

    def part_of(self, command_id: str) -> QWidget:
        """Return the button of a command."""
        return {"look": self._look, "find": self._find, "notes": self._notes, "contents": self._contents}[command_id]

    def set_title(self, title: str) -> None:
        """Show whose pages these are."""
        self._title = title
        self._words.setText(title)

    def set_chapter(self, chapter: str) -> None:
        """Show the chapter behind the title."""
        self._words.setText(f"{self._title}  ·  {chapter}" if chapter and chapter != self._title else self._title)

    def set_notes(self, count: int) -> None:
        """Show how many notes there are."""
        self._notes.setText(str(count) if count else "")

    def _button(self, command_id: str, icon: str, *, words: str = "") -> QToolButton:
        known = command(command_id)
        button = make_icon_button(self._appearance.icon(icon, "muted"), words or known.words, words=bool(words))
        keys = f" ({known.shown_keys})" if known.shown_keys else ""
        button.setToolTip(f"{known.words}{keys}")
        button.setAccessibleName(known.words)
        button.setFixedHeight(32)
        button.setIconSize(QSize(18, 18))
        button.clicked.connect(lambda: self.asked.emit(command_id))
        return button


class BottomBar(QFrame):
    """The way through the book, in per cent, pages and minutes."""

    sought = Signal(float)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 16, 4)
        row.setSpacing(16)
        self.progress = ProgressBar(appearance)
        self.progress.sought.connect(self.sought)
        row.addWidget(self.progress, 1)
        self._percent = self._label(appearance)
        self._page = self._label(appearance)
        self._left = self._label(appearance)
        for label in (self._percent, self._page, self._left):
            row.addWidget(label)

    def show_where(self, where: Where) -> None:
        """Show what is on the screen."""
        self.progress.set_value(where.progression)
        self._percent.setText(f"{where.progression * 100:.0f} %")
        for label, words in ((self._page, where.page), (self._left, where.left)):
            label.setText(words)
            label.setVisible(bool(words))

    def _label(self, appearance: Appearance) -> QLabel:
        label = QLabel()
        label.setProperty("tone", "muted")
        label.setFont(appearance.font(TextSize.SMALL))
        return label


class Fading(QWidget):
    """Lets widgets step back after two seconds of rest, keeping their room so that no page moves."""

    REST = 2_000

    def __init__(self, appearance: Appearance, widgets: tuple[QWidget, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()
        self._appearance = appearance
        self._animations: list[QPropertyAnimation] = []
        self._widgets = widgets
        for widget in widgets:
            effect = QGraphicsOpacityEffect(widget)
            effect.setOpacity(1.0)
            widget.setGraphicsEffect(effect)
            animation = QPropertyAnimation(effect, b"opacity", self)
            animation.setEasingCurve(QEasingCurve.Type.OutCubic)
            self._animations.append(animation)
        self._timer = QTimer(self, singleShot=True, interval=self.REST)
        self._timer.timeout.connect(self._fade)
        self.is_shown = True
        self.holds = False
        """While true, nothing fades (a panel is open, the keyboard is in a bar)."""

    def stir(self) -> None:
        """Show the bars and let them rest again."""
        self._timer.start()
        if not self.is_shown:
            self.is_shown = True
            self._run(1.0)

    def _fade(self) -> None:
        busy = any(widget.underMouse() or widget.isAncestorOf(self._focus()) for widget in self._widgets)
        if self.holds or busy:
            self._timer.start()
            return
        self.is_shown = False
        self._run(0.0)

    def _focus(self) -> QWidget:
        return self.window().focusWidget() or self

    def _run(self, goal: float) -> None:
        for animation in self._animations:
            animation.stop()
            animation.setDuration(self._appearance.duration(160))
            animation.setEndValue(goal)
            animation.start()
