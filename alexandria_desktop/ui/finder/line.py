"""Paints a line of the finder: its group's heading, a title with a detail, and the found words lit."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, SEMIBOLD, TextSize, page_font
from alexandria_desktop.ui.finder.results import Kind, Result, ResultsModel, _Index

_PAD = 12
_HEADING = 28
_LINES = 2
_ICONS = {Kind.COMMANDS: "keyboard", Kind.BOOKS: "book", Kind.PASSAGES: "quote", Kind.NOTES: "note"}


class ResultLine(QStyledItemDelegate):
    """Draws results."""

    def __init__(self, appearance: Appearance, model: ResultsModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the room for a title and at most two lines."""
        result = self._model.results[index.row()]
        height = 32
        if result.line:
            width = max(200, option.rect.width()) - 4 * _PAD - 24
            height += self._laid_out(result, width)[1] + 4
        if self._model.begins_group(index.row()):
            height += _HEADING
        return QSize(option.rect.width(), height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint the line."""
        result = self._model.results[index.row()]
        look = self._appearance
        rect = QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._model.begins_group(index.row()):
            painter.setFont(look.font(TextSize.SMALL, SEMIBOLD))
            painter.setPen(look.color("muted"))
            heading = QRect(rect.left() + 2 * _PAD, rect.top() + 6, rect.width(), _HEADING - 6)
            painter.drawText(heading, Qt.AlignmentFlag.AlignVCenter, str(result.kind))
            rect.setTop(rect.top() + _HEADING)
        inner = rect.adjusted(_PAD, 1, -_PAD, -1)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("accent_soft"))
            painter.drawRoundedRect(inner, 8, 8)
        look.icon(_ICONS[result.kind], "muted").paint(painter, QRect(inner.left() + 10, inner.top() + 7, 16, 16))
        text = inner.adjusted(36, 0, -_PAD, 0)
        self._paint_title(painter, result, QRect(text.left(), text.top(), text.width(), 30))
        if result.line:
            layout, _ = self._laid_out(result, text.width())
            painter.setPen(look.color("text"))
            layout.draw(painter, QPointF(text.left(), text.top() + 28))
        painter.restore()

    def _paint_title(self, painter: QPainter, result: Result, rect: QRect) -> None:
        look = self._appearance
        title_font = look.font(TextSize.BODY, MEDIUM)
        metrics = QFontMetrics(title_font)
        title = metrics.elidedText(result.title, Qt.TextElideMode.ElideRight, int(rect.width() * 0.7))
        painter.setFont(title_font)
        painter.setPen(look.color("text"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, title)
        used = metrics.horizontalAdvance(title) + 12
        painter.setFont(look.font(TextSize.SMALL))
        painter.setPen(look.color("muted"))
        rest = rect.adjusted(used, 0, 0, 0)
        detail = painter.fontMetrics().elidedText(result.detail, Qt.TextElideMode.ElideRight, rest.width())
        side = Qt.AlignmentFlag.AlignRight if result.kind is Kind.COMMANDS else Qt.AlignmentFlag.AlignLeft
        painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter | side, detail)

    def _laid_out(self, result: Result, width: int) -> tuple[QTextLayout, int]:
        font = page_font(TextSize.LARGE)
        metrics = QFontMetrics(font)
        shown = metrics.elidedText(result.line.replace("\n", " "), Qt.TextElideMode.ElideRight, width * _LINES - 40)
        layout = QTextLayout(shown, font)
        layout.setFormats([_lit(start, end, self._appearance.color("accent")) for start, end in result.marks])
        layout.beginLayout()
        height = 0.0
        for _ in range(_LINES):
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(width)
            line.setPosition(QRectF(0, height, 0, 0).topLeft())
            height += metrics.lineSpacing()
        layout.endLayout()
        return layout, round(height)


def _lit(start: int, end: int, color: QColor) -> QTextLayout.FormatRange:
    found = QTextLayout.FormatRange()
    found.start, found.length = start, end - start
    shape = QTextCharFormat()
    shape.setForeground(color)
    shape.setFontWeight(QFont.Weight.DemiBold)
    found.format = shape
    return found
