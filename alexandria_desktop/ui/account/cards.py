"""Cards for what wants the reader's eye: a difference with both versions, a change that was not taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QTextEdit, QVBoxLayout, QWidget

from alexandria_desktop.ui.account.difference import Piece
from alexandria_desktop.ui.account.wording import (
    ago,
    difference_sentence,
    holds_both,
    is_text,
    kept_sentence,
    now,
    refusal,
    refused_sentence,
    written_words,
)
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.widgets.button import make_button
from alexandria_desktop.ui.widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from alexandria_desktop.library.syncing import Conflict, Refused

_HIGHEST = 220
"""A longer text scrolls in its own place."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A conflict, and where its versions differ."""

    conflict: Conflict
    mine: list[Piece]
    theirs: list[Piece]


class VersionText(QTextEdit):
    """One version, to be read and copied; words that the other does not have are lit."""

    def __init__(self, appearance: Appearance, name: str, pieces: list[Piece]) -> None:
        super().__init__()
        self._appearance = appearance
        self._pieces = pieces
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(2)
        self._write()
        appearance.changed.connect(self._write)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be as high as the words."""
        super().resizeEvent(event)
        self._fit()

    def _write(self) -> None:
        self.clear()
        cursor = QTextCursor(self.document())
        plain, lit = QTextCharFormat(), QTextCharFormat()
        for form in (plain, lit):
            form.setForeground(self._appearance.color("text"))
        lit.setBackground(self._appearance.color("selection"))
        lit.setFontWeight(MEDIUM)
        for piece in self._pieces:
            words = piece.text.strip() or piece.text
            before, _, after = piece.text.partition(words)
            cursor.insertText(before, plain)
            cursor.insertText(words, lit if piece.differs else plain)
            cursor.insertText(after, plain)
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def _fit(self) -> None:
        self.document().setTextWidth(self.viewport().width())
        needed = min(_HIGHEST, int(self.document().size().height()) + 14)
        if needed != self.height():
            self.setFixedHeight(needed)


class _Card(QFrame):
    def __init__(self, appearance: Appearance, sentence: str, title: str, moment: str) -> None:
        super().__init__()
        self.setProperty("panel", "raised")
        self.setAccessibleName(f"{sentence}. {title}")
        heading = QLabel(sentence)
        heading.setFont(appearance.font(TextSize.BODY, MEDIUM))
        heading.setTextFormat(Qt.TextFormat.PlainText)
        heading.setWordWrap(True)
        where = QHBoxLayout()
        where.setSpacing(0)
        if title:
            where.addWidget(_title(appearance, title))
        where.addWidget(self.note(appearance, f" · {moment}" if title else moment.capitalize(), wraps=False))
        where.addStretch(1)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 12, 16, 16)
        self.column.setSpacing(4)
        self.column.addWidget(heading)
        self.column.addLayout(where)
        self.column.addSpacing(8)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)

    def note(self, appearance: Appearance, words: str, *, wraps: bool = True) -> QLabel:
        """Return a small line."""
        label = QLabel(words)
        label.setProperty("tone", "muted")
        label.setFont(appearance.font(TextSize.SMALL))
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(wraps)
        return label


class DifferenceCard(_Card):
    """Both versions side by side and the choice between them."""

    chosen = Signal(str)
    """``mine``, ``theirs`` or ``both``."""

    def __init__(self, appearance: Appearance, difference: Difference) -> None:
        conflict = difference.conflict
        moment = ago(conflict.noticed_at, now())
        super().__init__(appearance, difference_sentence(conflict), conflict.about, f"noticed {moment}")
        self.conflict = conflict
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        self.texts: list[VersionText] = []
        for column, (name, pieces) in enumerate(
            (("Here", difference.mine), ("On the other device", difference.theirs))
        ):
            text = VersionText(appearance, f"{name}: {''.join(piece.text for piece in pieces)}", pieces)
            self.texts.append(text)
            grid.addWidget(self.note(appearance, name), 0, column)
            grid.addWidget(text, 1, column, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(column, 1)
        self.column.addLayout(grid)
        self.column.addSpacing(4)
        self.column.addWidget(self.note(appearance, kept_sentence(conflict)))
        self.column.addSpacing(8)
        self.mine = self._button("Keep mine", "mine")
        self.theirs = self._button("Keep theirs", "theirs")
        self.both = self._button("Keep both", "both")
        self.both.setVisible(is_text(conflict) or holds_both(conflict))
        self.buttons.addStretch(1)
        self.column.addLayout(self.buttons)

    def _button(self, words: str, key: str) -> QWidget:
        button = make_button(words)
        button.setAccessibleDescription(self.accessibleName())
        button.clicked.connect(lambda: self.chosen.emit(key))
        self.buttons.addWidget(button)
        return button


class RefusedCard(_Card):
    """What was written, why it was not taken, and what can be done."""

    again = Signal()
    aside = Signal()

    def __init__(self, appearance: Appearance, refused: Refused) -> None:
        moment = ago(refused.created_at, now())
        super().__init__(appearance, refused_sentence(refused), refused.about, f"written {moment}")
        self.refused = refused
        self._words = written_words(refused)
        if self._words:
            text = VersionText(appearance, f"What you wrote: {self._words}", [Piece(self._words, differs=False)])
            self.column.addWidget(text)
            self.column.addSpacing(4)
        self.column.addWidget(
            self.note(appearance, f"{refusal(refused.code)} It is safe on this computer. ({refused.code})")
        )
        self.column.addSpacing(8)
        self.try_again = make_button("Try again")
        self.try_again.clicked.connect(self.again)
        self.put_aside = make_button("Put aside")
        self.put_aside.clicked.connect(self.aside)
        self.copy = make_button("Copy text")
        self.copy.clicked.connect(self._copy)
        self.copy.setVisible(bool(self._words))
        for button in (self.try_again, self.put_aside, self.copy):
            button.setAccessibleDescription(self.accessibleName())
            self.buttons.addWidget(button)
        self.buttons.addStretch(1)
        self.column.addLayout(self.buttons)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._words)


def _title(appearance: Appearance, title: str) -> ElidedLabel:
    label = ElidedLabel(title)
    label.setProperty("tone", "muted")
    label.setFont(appearance.font(TextSize.SMALL))
    # As wide as the title where there is room, so that what follows stands close to it.
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return label


__all__ = ["Difference", "DifferenceCard", "RefusedCard", "VersionText"]
