"""Text set in a few lines, the last one cut with an ellipsis; every writing direction, remembered while it is shown."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QTextLayout, QTextOption

_KEPT = 6_000
_STRONG = {"L": False, "R": True, "AL": True}


def runs_right_to_left(text: str) -> bool:
    """Return whether the first letter with a direction runs from right to left."""
    for character in text[:64]:
        found = _STRONG.get(unicodedata.bidirectional(character))
        if found is not None:
            return found
    return False


@dataclass(frozen=True, slots=True)
class SetText:
    """Lines as they are to be drawn."""

    lines: tuple[str, ...]
    right_to_left: bool
    was_cut: bool
    """Whether some of the text is not shown, or a word was broken."""


class Lines:
    """Sets texts in one font."""

    def __init__(self, font: QFont, *, most: int, height: int) -> None:
        """Take the font, how many lines there may be, and the distance between their feet in pixels."""
        self.font = font
        self.most = most
        self.height = height
        self._metrics = QFontMetricsF(font)
        self._kept: dict[tuple[str, int], SetText] = {}

    def set(self, text: str, width: int) -> SetText:
        """Return the lines of a text in a width."""
        key = (text, width)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            found = self._kept[key] = self._break(text, width)
        return found

    def draw(
        self,
        painter: QPainter,
        area: QRectF,
        text: SetText,
        *,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:
        """Draw lines from the top of an area down, in the painter's pen."""
        painter.setFont(self.font)
        flags = align.value | Qt.AlignmentFlag.AlignAbsolute.value | Qt.AlignmentFlag.AlignVCenter.value
        # A font's descenders may reach below its line.
        flags |= Qt.TextFlag.TextSingleLine.value | Qt.TextFlag.TextDontClip.value
        if text.right_to_left:
            flags |= Qt.TextFlag.TextForceRightToLeft.value
        for number, line in enumerate(text.lines):
            box = QRectF(area.left(), area.top() + number * self.height, area.width(), self.height)
            painter.drawText(box, flags, line)

    def _break(self, text: str, width: int) -> SetText:
        rtl = runs_right_to_left(text)
        if self._metrics.horizontalAdvance(text) <= width and "\n" not in text:
            return SetText((text,), rtl, was_cut=False)
        if self.most == 1:
            flat = text.replace("\n", " ")
            return SetText((self._elide(flat, width),), rtl, was_cut=True)
        layout = QTextLayout(text.replace("\n", "\u2028"), self.font)
        layout.setTextOption(_option(right_to_left=rtl))
        lines: list[str] = []
        broken = False
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            start, end = line.textStart(), line.textStart() + line.textLength()
            rest = end < len(text)
            broken = broken or (rest and text[end - 1].isalnum() and text[end].isalnum() and text[end].isascii())
            if len(lines) == self.most - 1 and rest:
                layout.endLayout()
                lines.append(self._elide(" ".join(text[start:].split()), width))
                return SetText(tuple(lines), rtl, was_cut=True)
            lines.append(text[start:end].strip())
        layout.endLayout()
        return SetText(tuple(lines), rtl, was_cut=broken)

    def _elide(self, text: str, width: int) -> str:
        return self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)


def _option(*, right_to_left: bool) -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    if right_to_left:
        option.setTextDirection(Qt.LayoutDirection.RightToLeft)
    return option
