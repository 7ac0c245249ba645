"""The page about the program, in three parts: about it, what is new in it, and the licences of what it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextBlockFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedWidget, QTextBrowser, QVBoxLayout, QWidget

from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.program.about import AboutView
from alexandria_desktop.ui.program.licences_view import LicencesView
from alexandria_desktop.ui.shelf.toolbar import HEIGHT
from alexandria_desktop.ui.widgets.button import make_icon_button
from alexandria_desktop.ui.widgets.segmented import Segmented
from alexandria_desktop.update.news import changelog

if TYPE_CHECKING:
    from alexandria_desktop.library.updating import Updates

ABOUT, CHANGES, LICENCES = "about", "changes", "licences"
_MEASURE = 760


class ProgramPage(QWidget):
    """One screen; Escape or the arrow leads back to where one was."""

    left = Signal()

    def __init__(self, context: Context, updates: Updates, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        look = context.appearance
        self.back = make_icon_button(look.icon("back"), "Back")
        self.back.clicked.connect(self.left)
        self.choice = Segmented(
            ((ABOUT, "About"), (CHANGES, "What is new"), (LICENCES, "Licences")), name="About Alexandria"
        )
        self.choice.chosen.connect(self.show_part)
        self.about = AboutView(context, updates)
        self.changes = QTextBrowser()
        self.changes.setAccessibleName("What is new")
        self.changes.setOpenLinks(False)
        self.changes.setProperty("plain", "true")
        self.changes.setMaximumWidth(_MEASURE)
        self.licences = LicencesView(context)
        self._stack = QStackedWidget()
        for part in (self.about, self._framed(self.changes), self.licences):
            self._stack.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar())
        column.addWidget(self._stack, 1)

    def show_part(self, part: str) -> None:
        """Show one of the three parts, read anew."""
        self.choice.choose(part)
        self._stack.setCurrentIndex((ABOUT, CHANGES, LICENCES).index(part))
        if part == ABOUT:
            self.about.refresh()
        elif part == CHANGES:
            self._context.tasks.run(changelog, self._on_changelog)
        else:
            self.licences.refresh()

    def take_focus(self) -> None:
        """Put the keyboard where one begins."""
        if self._stack.currentWidget() is self.licences:
            self.licences.take_focus()
        else:
            self.choice.setFocus(Qt.FocusReason.OtherFocusReason)
            self.choice.focusNextChild()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leads back."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _bar(self) -> QFrame:
        bar = QFrame()
        bar.setFixedHeight(HEIGHT)
        title = QLabel("About Alexandria")
        title.setFont(self._context.appearance.font(TextSize.HEADING, MEDIUM))
        row = QHBoxLayout(bar)
        row.setContentsMargins(16, 0, 24, 0)
        row.setSpacing(8)
        row.addWidget(self.back)
        row.addWidget(title)
        row.addStretch(1)
        row.addWidget(self.choice)
        return bar

    def _framed(self, inner: QWidget) -> QWidget:
        frame = QWidget()
        row = QHBoxLayout(frame)
        row.setContentsMargins(20, 0, 24, 24)
        row.addWidget(inner, 1)
        row.addStretch(0)
        row.setAlignment(inner, Qt.AlignmentFlag(0))
        return frame

    def _on_changelog(self, words: str) -> None:
        if words:
            self.changes.setMarkdown(words.removeprefix("# Changelog").strip())
            _loosen(self.changes)
        else:
            self.changes.setPlainText("The list of changes was not shipped with this build.")


def _loosen(text: QTextBrowser) -> None:
    """Give each point of a list air below it."""
    cursor = QTextCursor(text.document())
    cursor.select(QTextCursor.SelectionType.Document)
    apart = QTextBlockFormat()
    apart.setBottomMargin(8)
    apart.setLineHeight(130, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    cursor.mergeBlockFormat(apart)
