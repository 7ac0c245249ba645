"""Words of a course on the screen: its small HTML in a label, set in the reading face."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from alexandria_desktop.teach.rich_text import as_blocks, to_plain
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import REGULAR, TextSize, page_font
from alexandria_desktop.ui.widgets.leaving import ask_to_open

READING = 17
"""Pixels of running text in a lesson: a page's size, not the window's."""
MEASURE = 680
"""Pixels of a line at most, some 70 letters."""

LEAVING = "This link leads out of the course, to the internet."

_STYLE = """<style>
p, ul, ol, blockquote {{ margin-top: 0; margin-bottom: 10px; line-height: 145%; }}
h2, h3, h4 {{ margin-top: 14px; margin-bottom: 6px; }}
a {{ color: {accent}; }}
code, pre {{ font-family: monospace; }}
</style>"""


class Words(QLabel):
    """Rich text that wraps, can be selected, and asks before it opens a link."""

    def __init__(
        self,
        appearance: Appearance,
        html: str = "",
        *,
        size: int = READING,
        weight: int = REGULAR,
        tone: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._html = html
        self.setFont(page_font(size, weight))
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.MinimumExpanding)
        if tone:
            self.setProperty("tone", tone)
        self.linkActivated.connect(self._on_link)
        appearance.changed.connect(self._set)
        self._set()

    def say(self, html: str) -> None:
        """Show other words."""
        self._html = html
        self._set()

    def _on_link(self, address: str) -> None:
        ask_to_open(self, address, LEAVING)

    def _set(self) -> None:
        style = _STYLE.format(accent=self._appearance.color("accent").name())
        self.setText(f"{style}{as_blocks(self._html)}" if self._html else "")
        self.setAccessibleName(to_plain(self._html))
        self.setVisible(bool(self._html))


def small(appearance: Appearance, text: str = "", *, tone: str = "muted") -> QLabel:
    """Return a plain line of the window's small size."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setFont(appearance.font(TextSize.BODY))
    label.setProperty("tone", tone)
    return label
