"""The passage in its surroundings, beside the list: a few lines before and after, the sentence lit."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize, page_font
from alexandria_desktop.ui.finder.results import Kind, Result

WIDTH = 380


class Preview(QFrame):
    """Shows one result as it stands in its book."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.setFixedWidth(WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(8)
        self._title = QLabel()
        self._title.setWordWrap(True)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setFont(appearance.font(TextSize.LARGE, MEDIUM))
        self._detail = QLabel()
        self._detail.setWordWrap(True)
        self._detail.setTextFormat(Qt.TextFormat.PlainText)
        self._detail.setProperty("tone", "muted")
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setFont(page_font(TextSize.LARGE))
        self._text.setTextFormat(Qt.TextFormat.RichText)
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(self._text)
        column.addWidget(self._title)
        column.addWidget(self._detail)
        column.addWidget(area, 1)

    def show_result(self, result: Result | None) -> None:
        """Show a result."""
        self._title.setText(result.title if result else "")
        self._detail.setText(result.detail if result and result.kind is not Kind.COMMANDS else "")
        if result is None or result.kind in (Kind.COMMANDS, Kind.BOOKS):
            self._text.setText("")
            return
        before, words, after = result.surroundings if any(result.surroundings) else _from_quote(result)
        soft = self._appearance.color("accent_soft").name()
        lit = f'<span style="background-color:{soft}">{_html(words)}</span>'
        note = f"<p><b>{_html(result.line)}</b></p>" if result.kind is Kind.NOTES else ""
        self._text.setText(f'{note}<div style="line-height:145%">{_html(before)}{lit}{_html(after)}</div>')


def _from_quote(result: Result) -> tuple[str, str, str]:
    quote = result.locator.quote if result.locator is not None else None
    return (quote.prefix, quote.exact, quote.suffix) if quote is not None else ("", result.line, "")


def _html(text: str) -> str:
    return escape(text).replace("\n", "<br/>")
