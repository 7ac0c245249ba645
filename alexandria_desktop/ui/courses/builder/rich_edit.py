"""A field for the small HTML of courses: as high as its words, bold, italic, headings and lists by key."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
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

from alexandria_desktop.teach.rich_text import as_blocks, sanitised
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import page_font
from alexandria_desktop.ui.courses.words import READING

_NUMBERED = QTextListFormat.Style.ListDecimal


class RichEdit(QTextEdit):
    """Words that are edited in place."""

    edited = Signal(str)
    """The words as they are now."""
    left_upwards = Signal()
    left_downwards = Signal()

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
        return sanitised("".join(_blocks(self)))

    def sizeHint(self) -> QSize:
        """Return the height of the words."""
        return QSize(200, self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the height to the width."""
        super().resizeEvent(event)
        self._fit()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Return whether there are words."""
        return source.hasText() or source.hasHtml()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Take pasted words in their safe form."""
        if source.hasHtml():
            self.insertHtml(sanitised(source.html()))
        else:
            self.insertPlainText(source.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+B and Ctrl+I mark, Ctrl+Alt+0 to 3 set headings, Ctrl+Shift+7 and 8 lists."""
        key, held = event.key(), event.modifiers()
        control = Qt.KeyboardModifier.ControlModifier
        if held == control and key == Qt.Key.Key_B:
            self.toggle_strong()
        elif held == control and key == Qt.Key.Key_I:
            self.setFontItalic(not self.fontItalic())
        elif held == control | Qt.KeyboardModifier.AltModifier and Qt.Key.Key_0 <= key <= Qt.Key.Key_3:
            level = key - int(Qt.Key.Key_0)
            self.set_heading(level + 1 if level else 0)
        elif held & control and key in (Qt.Key.Key_7, Qt.Key.Key_8, Qt.Key.Key_Slash, Qt.Key.Key_Asterisk):
            self.toggle_list(numbered=key in (Qt.Key.Key_7, Qt.Key.Key_Slash))
        elif key == Qt.Key.Key_Up and not held and self._at_edge(QTextCursor.MoveOperation.Up):
            self.left_upwards.emit()
        elif key == Qt.Key.Key_Down and not held and self._at_edge(QTextCursor.MoveOperation.Down):
            self.left_downwards.emit()
        else:
            super().keyPressEvent(event)

    def toggle_strong(self) -> None:
        """Make the chosen words strong, or no longer."""
        strong = self.fontWeight() > QFont.Weight.Medium
        self.setFontWeight(QFont.Weight.Normal if strong else QFont.Weight.Bold)

    def set_heading(self, level: int) -> None:
        """Make the line a heading of level 2 to 4, or with 0 a paragraph."""
        cursor = self.textCursor()
        form = QTextBlockFormat()
        form.setHeadingLevel(level)
        letters = QTextCharFormat()
        letters.setFontWeight(QFont.Weight.Bold if level else QFont.Weight.Normal)
        letters.setProperty(QTextCharFormat.Property.FontSizeAdjustment, max(0, 5 - level) if level else 0)
        cursor.beginEditBlock()
        cursor.mergeBlockFormat(form)
        cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
        cursor.mergeCharFormat(letters)
        cursor.endEditBlock()

    def toggle_list(self, *, numbered: bool = False) -> None:
        """Make lines a list, or no longer."""
        cursor = self.textCursor()
        inside = cursor.currentList()
        if inside is not None:
            form = QTextBlockFormat()
            form.setObjectIndex(-1)
            cursor.setBlockFormat(form)
        else:
            cursor.createList(_NUMBERED if numbered else QTextListFormat.Style.ListDisc)

    def _at_edge(self, way: QTextCursor.MoveOperation) -> bool:
        return not QTextCursor(self.textCursor()).movePosition(way)

    def _on_changed(self) -> None:
        self.edited.emit(self.html())

    def _height(self) -> int:
        return int(self.document().size().height()) + 2 * self.frameWidth() + 8

    def _fit(self) -> None:
        if self.height() != self._height():
            self.setFixedHeight(self._height())


def _blocks(edit: QTextEdit) -> Iterator[str]:
    block = edit.document().begin()
    kind = ""
    while block.isValid():
        listed = block.textList()
        wanted = "" if listed is None else "ol" if listed.format().style() == _NUMBERED else "ul"
        if wanted != kind:
            yield f"</{kind}>" if kind else ""
            yield f"<{wanted}>" if wanted else ""
            kind = wanted
        level = block.blockFormat().headingLevel()
        tag = "li" if wanted else f"h{min(4, max(2, level))}" if level else "p"
        yield f"<{tag}>{''.join(_pieces(block, heading=bool(level)))}</{tag}>"
        block = block.next()
    yield f"</{kind}>" if kind else ""


def _pieces(block: QTextBlock, *, heading: bool) -> Iterator[str]:
    place = block.begin()
    while not place.atEnd():
        fragment = place.fragment()
        place += 1
        form = fragment.charFormat()
        text = escape(fragment.text(), quote=False).replace("\u2028", "<br/>")
        if form.fontFixedPitch():
            text = f"<code>{text}</code>"
        vertical = form.verticalAlignment()
        if vertical == QTextCharFormat.VerticalAlignment.AlignSuperScript:
            text = f"<sup>{text}</sup>"
        elif vertical == QTextCharFormat.VerticalAlignment.AlignSubScript:
            text = f"<sub>{text}</sub>"
        if form.fontItalic():
            text = f"<em>{text}</em>"
        if form.fontWeight() > QFont.Weight.Medium and not heading:
            text = f"<strong>{text}</strong>"
        if form.isAnchor() and form.anchorHref():
            text = f'<a href="{escape(form.anchorHref())}">{text}</a>'
        yield text
