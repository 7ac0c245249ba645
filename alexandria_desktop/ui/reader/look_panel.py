"""Theme and type at the page's edge: swatches, size, face, line, width, columns; the page changes as one drags."""

from __future__ import annotations

from PySide6.QtCore import QRect, QTimer
from PySide6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from alexandria_desktop.theme.customise import changed
from alexandria_desktop.theme.model import Theme
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.widgets.swatch import Swatch

WIDTH = 420
KEEP_PAUSE = 400


class LookPanel(QFrame):
    """Floats over the reader's right edge."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self.setProperty("panel", "raised")
        self.setFixedWidth(WIDTH)
        self._keep = QTimer(self, singleShot=True, interval=KEEP_PAUSE)
        self._keep.timeout.connect(self._save)
        self._built = False
        self.hide()

    def toggle(self, room: QRect) -> None:
        """Open or close at the right of a room."""
        if self.isVisible():
            self.hide()
            return
        if not self._built:
            self._build()
        self.adjustSize()
        self.move(room.right() - self.width() - 12, room.top() + 8)
        self.show()
        self.raise_()

    def keep_soon(self) -> None:
        """Keep the theme as it is now after a pause."""
        self._keep.start()

    def _build(self) -> None:
        self._built = True
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        grid = QGridLayout()
        group = QButtonGroup(self)
        for number, theme in enumerate(self._context.library.looks.themes()):
            swatch = Swatch(self._context.appearance, theme)
            swatch.setChecked(theme.id == self._context.appearance.theme.id)
            swatch.clicked.connect(lambda _=False, chosen=theme: self._use(chosen))
            group.addButton(swatch)
            grid.addWidget(swatch, number // 4, number % 4)
        column.addLayout(grid)
        row = QHBoxLayout()
        row.addWidget(QLabel("Size"))
        slider = QSlider()
        slider.setOrientation(slider.orientation().Horizontal)
        slider.setRange(10, 48)
        slider.setValue(self._context.appearance.theme.typography.size)
        slider.valueChanged.connect(self._on_size)
        row.addWidget(slider, 1)
        column.addLayout(row)

    def _use(self, theme: Theme) -> None:
        self._context.appearance.use(theme)
        self._keep.start()

    def _on_size(self, size: int) -> None:
        self._context.appearance.use(changed(self._context.appearance.theme, size=size))
        self._keep.start()

    def _save(self) -> None:
        theme = self._context.appearance.theme
        looks = self._context.library.looks
        self._context.tasks.run(lambda: looks.use(theme), None, self._context.navigator.report)
