"""A field for the small HTML of courses: as high as its words, and all that these can be by key."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QKeyEvent,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextListFormat,
)
from PySide6.QtWidgets import QSizePolicy, QTextEdit, QWidget

from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import page_font
from alexandria_desktop.ui.courses.builder.dragging import is_ours
from alexandria_desktop.ui.courses.builder.rich_document import NUMBERED, QUOTED, html_of, quoted
from alexandria_desktop.ui.courses.builder.rich_links import chosen_link, set_link, without_link
from alexandria_desktop.ui.courses.words import READING
from sync.assessing.addresses import typed_address
from sync.assessing.rich_text import as_blocks, sanitised

_CONTROL, _SHIFT, _ALT = (
    Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier,
)  # fmt: skip
_LISTS = {Qt.Key.Key_7: True, Qt.Key.Key_Slash: True, Qt.Key.Key_8: False, Qt.Key.Key_Asterisk: False}
"""Shift with a figure gives another sign on many keyboards."""
_QUOTES = (Qt.Key.Key_9, Qt.Key.Key_ParenLeft, Qt.Key.Key_ParenRight)


class RichEdit(QTextEdit):
    """Words that are edited in place."""

    edited = Signal(str)
    """The words as they are now."""
    left_upwards = Signal()
    left_downwards = Signal()
    link_wanted = Signal()
    """Somebody is to say where the chosen words lead."""

    def __init__(
        self, appearance: Appearance, html: str, name: str, *, size: int = READING, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("plain", True)
        self.setAccessibleName(name)
        self.setPlaceholderText(name)
        self.setFont(page_font(size))
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(2)
        self.document().setDefaultStyleSheet("p, ul, ol, h2, h3, h4, blockquote { margin-top: 0; margin-bottom: 6px; }")
        self._appearance = appearance
        self.show_html(html)
        self.textChanged.connect(self._on_changed)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def show_html(self, html: str) -> None:
        """Show other words without telling of it."""
        was = self.blockSignals(True)
        self.setHtml(as_blocks(html))
        self.blockSignals(was)

    def html(self) -> str:
        """Return the words in their canonical form."""
        return sanitised(html_of(self.document()))

    def sizeHint(self) -> QSize:
        """Return the height of the words."""
        return QSize(200, self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the height to the width."""
        super().resizeEvent(event)
        self._fit()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Return whether there are words; a block that is dragged over them goes into the lesson."""
        return not is_ours(source) and (source.hasText() or source.hasHtml())

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Take pasted words in their safe form; an address over chosen words is where these lead."""
        address = typed_address(source.text()) if source.hasText() else ""
        if address and (self.textCursor().hasSelection() or "://" in source.text()):
            set_link(self.textCursor(), address, self.palette())
            self._type_plainly()
        elif source.hasHtml():
            self.insertHtml(sanitised(source.html()))
        else:
            self.insertPlainText(source.text())

    def event(self, event: QEvent) -> bool:
        """Take Ctrl+K before the window does, where there are words to link."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._asks_for_link(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Mark words, lines and links by key; the arrows leave the field at its edges."""
        key, held = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if self._asks_for_link(event):
            self.link_wanted.emit()
        elif held == _CONTROL and key == Qt.Key.Key_B:
            self.toggle_strong()
        elif held == _CONTROL and key == Qt.Key.Key_I:
            self.toggle_emphasis()
        elif held == _CONTROL and key == Qt.Key.Key_Space:
            self.make_plain()
        elif held == _CONTROL | _ALT and Qt.Key.Key_0 <= key <= Qt.Key.Key_3:
            level = key - int(Qt.Key.Key_0)
            self.set_heading(level + 1 if level else 0)
        elif held == _CONTROL | _SHIFT and key in _LISTS:
            self.toggle_list(numbered=_LISTS[key])
        elif held == _CONTROL | _SHIFT and key in _QUOTES:
            self.toggle_quotation()
        elif key == Qt.Key.Key_Up and not held and self._at_edge(QTextCursor.MoveOperation.Up):
            self.left_upwards.emit()
        elif key == Qt.Key.Key_Down and not held and self._at_edge(QTextCursor.MoveOperation.Down):
            self.left_downwards.emit()
        else:
            if event.text():
                self._type_plainly()
            super().keyPressEvent(event)

    # --- what words can be --------------------------------------------------------------------------------------

    def is_strong(self) -> bool:
        """Whether the words at the cursor are strong."""
        return self.fontWeight() > QFont.Weight.Medium and not self.heading()

    def toggle_strong(self) -> None:
        """Make the chosen words strong, or no longer."""
        strong = self.fontWeight() > QFont.Weight.Medium
        self.setFontWeight(QFont.Weight.Normal if strong else QFont.Weight.Bold)

    def toggle_emphasis(self) -> None:
        """Emphasise the chosen words, or no longer."""
        self.setFontItalic(not self.fontItalic())

    def heading(self) -> int:
        """Return the level of the heading that the cursor is in, 2 to 4, or 0."""
        return self.textCursor().blockFormat().headingLevel()

    def set_heading(self, level: int) -> None:
        """Make the chosen lines headings of level 2 to 4, or with 0 paragraphs."""
        letters = QTextCharFormat()
        letters.setFontWeight(QFont.Weight.Bold if level else QFont.Weight.Normal)
        letters.setProperty(QTextCharFormat.Property.FontSizeAdjustment, max(0, 5 - level) if level else 0)
        form = QTextBlockFormat()
        form.setHeadingLevel(level)
        self.textCursor().beginEditBlock()
        for block in self._lines():
            cursor = QTextCursor(block)
            cursor.mergeBlockFormat(form)
            cursor.mergeBlockCharFormat(letters)
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(letters)
        self.textCursor().endEditBlock()
        if not self.textCursor().block().text():
            self.mergeCurrentCharFormat(letters)
        self.cursorPositionChanged.emit()

    def listed(self) -> str:
        """Return the kind of list that the cursor is in, ``ul`` or ``ol``, or nothing."""
        inside = self.textCursor().currentList()
        return "" if inside is None else "ol" if inside.format().style() == NUMBERED else "ul"

    def toggle_list(self, *, numbered: bool = False) -> None:
        """Make the chosen lines a list of a kind, or no longer."""
        cursor, present = self.textCursor(), self.listed()
        cursor.beginEditBlock()
        if present == ("ol" if numbered else "ul"):
            for block in self._lines():
                form = QTextBlockFormat(block.blockFormat())
                form.setObjectIndex(-1)
                form.setIndent(0)
                QTextCursor(block).setBlockFormat(form)
        else:
            cursor.createList(NUMBERED if numbered else QTextListFormat.Style.ListDisc)
        cursor.endEditBlock()
        self.cursorPositionChanged.emit()

    def is_quotation(self) -> bool:
        """Whether the cursor is in a quotation."""
        return quoted(self.textCursor().block()) > 0

    def toggle_quotation(self) -> None:
        """Make the chosen lines a quotation, or no longer."""
        form = QTextBlockFormat()
        form.setLeftMargin(0 if self.is_quotation() else QUOTED)
        self.textCursor().mergeBlockFormat(form)
        self.cursorPositionChanged.emit()

    def make_plain(self) -> None:
        """Take all marks from the chosen words, without a choice from the whole line."""
        cursor = self.textCursor()
        cursor.beginEditBlock()
        if not cursor.hasSelection():
            cursor.movePosition(QTextCursor.MoveOperation.StartOfBlock)
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        for block in self._lines():
            line = QTextCursor(block)
            if block.blockFormat().headingLevel():  # its weight and size are those of the whole line
                line.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
                line.setCharFormat(QTextCharFormat())
            line.setBlockFormat(QTextBlockFormat())
        cursor.setCharFormat(QTextCharFormat())
        cursor.endEditBlock()
        self.setCurrentCharFormat(QTextCharFormat())
        self.cursorPositionChanged.emit()

    def _lines(self) -> list[QTextBlock]:
        """Return the blocks that the choice touches, or the one of the cursor."""
        cursor = self.textCursor()
        block, lines = self.document().findBlock(cursor.selectionStart()), []
        while block.isValid() and block.position() <= cursor.selectionEnd():
            lines.append(block)
            block = block.next()
        return lines

    def _asks_for_link(self, event: QKeyEvent) -> bool:
        if event.modifiers() != _CONTROL or event.key() != Qt.Key.Key_K:
            return False
        return self.textCursor().hasSelection() or bool(chosen_link(self.textCursor())[1])

    def _type_plainly(self) -> None:
        """Let what is typed behind a link be no part of it."""
        cursor = self.textCursor()
        href = cursor.charFormat().anchorHref()
        if href and not cursor.hasSelection():
            following = QTextCursor(cursor)
            following.movePosition(QTextCursor.MoveOperation.Right)
            if cursor.atBlockEnd() or following.charFormat().anchorHref() != href:
                self.setCurrentCharFormat(without_link(cursor.charFormat()))

    def _at_edge(self, way: QTextCursor.MoveOperation) -> bool:
        return not QTextCursor(self.textCursor()).movePosition(way)

    def _on_changed(self) -> None:
        self.edited.emit(self.html())

    def _height(self) -> int:
        return int(self.document().size().height()) + 2 * self.frameWidth() + 8

    def _fit(self) -> None:
        if self.height() != self._height():
            self.setFixedHeight(self._height())
