"""The first screen of an empty library: one sentence, two buttons, and what may help. Nothing must be answered."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from alexandria_desktop.theme.customise import built_in, on_environment
from alexandria_desktop.theme.model import Theme
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.shelf.found_list import ROW, FoundList
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button
from alexandria_desktop.ui.widgets.swatch import Swatch

SENTENCE = "Your books, what you write about them, and the search stay on this computer."
DROP = "No books in the usual folders. Drop files and folders anywhere in this window."
LIGHTS = ("paper", "linen", "sepia", "slate", "night")
_WIDTH = 536
_USUAL_HEIGHT = 640
"""Of all that stands here when a few places were found."""


class Welcome(QScrollArea):
    """Calm and complete at once; what was found comes in by itself."""

    activated = Signal()
    commanded = Signal(str)
    """The id of a command."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("An empty library")
        look = context.appearance
        self._above = QWidget()
        self._icon = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.button = make_button("Import books", kind=ButtonKind.PRIMARY)
        self.button.clicked.connect(self._on_import)
        self.sample = make_button("Open the sample book")
        self.sample.clicked.connect(self._on_sample)
        self.found = FoundList(context, nothing=DROP)
        self.found.setMinimumHeight(ROW)
        self.lights: list[Swatch] = []
        self.guide = make_button("Open the guide", kind=ButtonKind.LINK)
        self.guide.clicked.connect(self._on_guide)
        self.step = make_button("Keep in step with another computer", kind=ButtonKind.LINK)
        self.step.clicked.connect(self._on_step)
        self._lay_out()
        self._paint_icon()
        look.changed.connect(self._paint_icon)
        look.changed.connect(self._show_light)

    def showEvent(self, event: QShowEvent) -> None:
        """Look for books once the screen is there."""
        super().showEvent(event)
        self.found.look()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand a little above the middle, whatever is found later."""
        super().resizeEvent(event)
        self._above.setFixedHeight(max(0, (self.viewport().height() - _USUAL_HEIGHT) * 2 // 5))

    # --- laying out ---------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        inner = QWidget()
        inner.setFixedWidth(_WIDTH)
        column = QVBoxLayout(inner)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(0)
        column.addWidget(self._above)
        column.addWidget(self._icon)
        column.addSpacing(16)
        column.addWidget(self._centred("Your library is empty", TextSize.HEADING, MEDIUM))
        column.addSpacing(8)
        sentence = self._centred(SENTENCE, TextSize.BODY)
        sentence.setProperty("tone", "muted")
        column.addWidget(sentence)
        column.addSpacing(24)
        column.addLayout(_row(self.button, self.sample))
        column.addSpacing(12)
        column.addLayout(_row(self.guide, self.step))
        column.addSpacing(32)
        column.addWidget(self._small("Light"))
        column.addSpacing(8)
        column.addLayout(self._swatches())
        column.addSpacing(24)
        # Last, for it is the one part that changes after the screen is there: nothing else moves.
        column.addWidget(self._small("On this computer"))
        column.addSpacing(4)
        column.addWidget(self.found)
        column.addStretch(1)
        room = QWidget()
        middle = QHBoxLayout(room)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.addWidget(inner, 0, Qt.AlignmentFlag.AlignHCenter)
        self.setWidget(room)

    def _swatches(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(0)
        row.setContentsMargins(-4, 0, 0, 0)  # a swatch keeps room for its ring
        group = QButtonGroup(self)
        for name in LIGHTS:
            theme = built_in(name)
            swatch = Swatch(self._context.appearance, theme)
            swatch.clicked.connect(lambda _=False, chosen=theme: self._on_light(chosen))
            group.addButton(swatch)
            row.addWidget(swatch)
            self.lights.append(swatch)
        row.addStretch(1)
        self._show_light(self._context.appearance.theme)
        return row

    def _centred(self, words: str, size: int, weight: int = 400) -> QLabel:
        label = QLabel(words, alignment=Qt.AlignmentFlag.AlignCenter)
        label.setFont(self._context.appearance.font(size, weight))
        label.setWordWrap(True)
        return label

    def _small(self, words: str) -> QLabel:
        label = QLabel(words)
        label.setFont(self._context.appearance.font(TextSize.SMALL, MEDIUM))
        label.setProperty("tone", "muted")
        return label

    def _paint_icon(self) -> None:
        icon = self._context.appearance.icon("library", "faint")
        self._icon.setPixmap(icon.pixmap(QSize(40, 40), self.devicePixelRatioF()))

    def _show_light(self, theme: Theme) -> None:
        for swatch in self.lights:
            swatch.setChecked(swatch.theme.id == theme.environment.id)

    # --- what was asked -----------------------------------------------------------------------------------------

    def _on_import(self) -> None:
        self.activated.emit()

    def _on_sample(self) -> None:
        self.commanded.emit("sample")

    def _on_guide(self) -> None:
        self.commanded.emit("guide")

    def _on_step(self) -> None:
        self.commanded.emit("account")

    def _on_light(self, theme: Theme) -> None:
        """Use a light at once, and keep it."""
        chosen = on_environment(self._context.appearance.theme, theme.environment)
        self._context.appearance.use(chosen)
        looks = self._context.library.looks
        self._context.tasks.run(lambda: looks.use(chosen), None, self._context.navigator.report)


def _row(*parts: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addStretch(1)
    for part in parts:
        row.addWidget(part)
    row.addStretch(1)
    return row
