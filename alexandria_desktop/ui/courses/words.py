"""Words of a course on the screen: its small HTML in a label, set in the reading face."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, REGULAR, TextSize, page_font
from alexandria_desktop.ui.widgets.leaving import ask_to_open
from sync.assessing.rich_text import as_blocks, to_plain

READING = 17
"""Pixels of running text in a lesson: a page's size, not the window's."""
MEASURE = 680
"""Pixels of a line at most, some 70 letters."""

LEAVING = "This link leads out of the course, to the internet."

_STYLE = """<style>
p, ul, ol, blockquote {{ margin-top: 0; margin-bottom: 10px; }}
h2, h3, h4 {{ margin-top: 14px; margin-bottom: 6px; }}
a {{ color: {accent}; }}
code, pre {{ font-family: monospace; }}
</style>"""


class Words(QLabel):
    """Rich text that wraps, can be selected, and asks before it opens a link; nothing to see without words."""

    def __init__(
        self,
        appearance: Appearance,
        html: str = "",
        *,
        plain: str = "",
        size: int = READING,
        weight: int = REGULAR,
        tone: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._html = ""
        self.setFont(page_font(size, weight))
        self.setWordWrap(True)
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
        appearance.changed.connect(self._dress)
        self.say_plain(plain) if plain else self.say(html)

    def say(self, html: str) -> None:
        """Show words of the small HTML of courses."""
        self._html = html
        self.setTextFormat(Qt.TextFormat.RichText)
        self._dress()
        self.setAccessibleName(to_plain(html))
        self._be_seen(is_wanted=bool(html))

    def say_plain(self, text: str) -> None:
        """Show words as they are."""
        self._html = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setAccessibleName(text)
        self._be_seen(is_wanted=bool(text))

    def _be_seen(self, *, is_wanted: bool) -> None:
        # Never shown before it has a parent: it would be a window of its own for a moment.
        if self.parent() is not None or not is_wanted:
            self.setVisible(is_wanted)

    def _on_link(self, address: str) -> None:
        ask_to_open(self, address, LEAVING)

    def _dress(self) -> None:
        """Take the theme's colour of links; what is hidden stays hidden, and plain words stay as they are."""
        if self._html:
            style = _STYLE.format(accent=self._appearance.color("accent").name())
            self.setText(f"{style}{as_blocks(self._html)}")


def plain_words(appearance: Appearance, text: str, *, size: int = READING, weight: int = REGULAR) -> Words:
    """Return words as they are, in the reading face."""
    return Words(appearance, plain=text, size=size, weight=weight)


def heading(appearance: Appearance, text: str = "", size: int = TextSize.LARGE) -> QLabel:
    """Return a heading in the window's face; plain text that wraps."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setFont(appearance.font(size, MEDIUM))
    return label


def small(appearance: Appearance, text: str = "", *, tone: str = "muted") -> QLabel:
    """Return a plain line of the window's small size."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setFont(appearance.font(TextSize.BODY))
    label.setProperty("tone", tone)
    return label
