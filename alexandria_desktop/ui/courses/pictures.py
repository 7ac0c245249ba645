"""Pictures of a course: as wide as their column, and with parts that can be chosen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from alexandria_desktop.teach import blocks as b
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.courses.words import small
from sync.assessing.media import Media

Files = Callable[[Media], Path | None]
"""Where a file of a course is on this device; None where it is not here."""


class Picture(QLabel):
    """A picture as wide as the column, never larger than it is."""

    def __init__(self, path: Path | None, alt: str) -> None:
        super().__init__()
        self._whole = QPixmap(str(path)) if path is not None else QPixmap()
        self.setAccessibleName(alt)
        self.setToolTip(alt)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def is_here(self) -> bool:
        """Whether there is something to see."""
        return not self._whole.isNull()

    def sizeHint(self) -> QSize:
        """Return the picture's size in the width that there is."""
        return self._fitting(self.width()).expandedTo(QSize(1, 1))

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Take the height that the width asks for."""
        size = self._fitting(self.width())
        if size.height() != self.height():
            self.setFixedHeight(max(1, size.height()))

    def shown(self) -> QRectF:
        """Return where the picture is."""
        size = self._fitting(self.width())
        return QRectF(0, 0, size.width(), size.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the picture smoothly."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(self.shown(), self._whole, QRectF(self._whole.rect()))

    def _fitting(self, width: int) -> QSize:
        if self._whole.isNull():
            return QSize()
        wide = min(width, self._whole.width())
        return QSize(wide, round(self._whole.height() * wide / self._whole.width()))


class Spots(Picture):
    """A picture with parts that can be chosen by mouse, or by the arrow keys."""

    chosen = Signal(int)

    def __init__(self, appearance: Appearance, path: Path | None, block: b.HotspotBlock) -> None:
        super().__init__(path, block.media.alt)
        self._appearance, self._spots, self._current = appearance, block.spots, -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def choose(self, number: int) -> None:
        """Choose a part."""
        self._current = number
        self.update()
        self.chosen.emit(number)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture and the parts."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = QColor(self._appearance.color("accent"))
        for number, spot in enumerate(self._spots):
            soft = QColor(ink)
            soft.setAlpha(90 if number == self._current else 36)
            painter.setBrush(soft)
            painter.setPen(QPen(ink, 3 if number == self._current else 1.5))
            painter.drawRoundedRect(self._place(spot), 6, 6)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the part under the mouse."""
        found = [number for number, spot in enumerate(self._spots) if self._place(spot).contains(event.position())]
        if found:
            self.choose(found[-1])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from part to part."""
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        if step and self._spots:
            self.choose((self._current + step) % len(self._spots))
        else:
            super().keyPressEvent(event)

    def _place(self, spot: b.Spot) -> QRectF:
        whole = self.shown()
        return QRectF(
            spot.x * whole.width(), spot.y * whole.height(), spot.width * whole.width(), spot.height * whole.height()
        )


def picture_or_words(appearance: Appearance, media: Media, files: Files) -> QWidget:
    """Return a picture, or what is said of it where its file is not here or is no picture."""
    picture = Picture(files(media), media.alt)
    if picture.is_here:
        return picture
    words = media.alt or media.name or "a file of the course"
    return small(appearance, f"Not on this computer yet: {words}")
