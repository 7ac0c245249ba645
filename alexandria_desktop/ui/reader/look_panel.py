"""Theme and type at the page's edge: swatches, size, face, line, width, columns; the page changes as one drags."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QColorDialog,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from alexandria_desktop.theme.choose import DarkMode
from alexandria_desktop.theme.customise import RANGES, changed, on_environment, reset
from alexandria_desktop.theme.families import FAMILIES, Role
from alexandria_desktop.theme.fonts import faces_of
from alexandria_desktop.theme.guard import warnings
from alexandria_desktop.theme.model import Theme
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button
from alexandria_desktop.ui.widgets.segmented import Segmented
from alexandria_desktop.ui.widgets.swatch import Swatch

WIDTH = 436
KEEP_PAUSE = 400
"""Milliseconds after the last change before it is kept."""

_COLUMNS = 4
_SLIDERS = (
    ("size", "Size", "{:.0f} px"),
    ("line_height", "Line", "{:.2f}"),
    ("measure", "Width", "{:.0f} letters"),
    ("margin_x", "Margins", "{:.0f} px"),
)
_MODES = ((DarkMode.AUTO.value, "Auto"), (DarkMode.LIGHT.value, "Light"), (DarkMode.DARK.value, "Dark"))
_COLORS = (("text", "Text"), ("surface", "Page"), ("accent", "Accent"))


class LookPanel(QFrame):
    """Floats over the reader's right edge."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self.setProperty("panel", "raised")
        self.setAccessibleName("Theme and type")
        self.setFixedWidth(WIDTH)
        self._keep = QTimer(self, singleShot=True, interval=KEEP_PAUSE)
        self._keep.timeout.connect(self._save)
        self._sliders: dict[str, tuple[QSlider, QLabel, str]] = {}
        self._is_built = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(4, 4, 4, 4)
        self.hide()

    def toggle(self, room: QRect) -> None:
        """Open or close at the right of a room."""
        if self.isVisible():
            self.hide()
            return
        if not self._is_built:
            self._is_built = True
            self._build()
            self._context.appearance.changed.connect(self._show_theme)
        self._fill_swatches()
        self._show_theme(self._context.appearance.theme)
        self.setFixedHeight(min(room.height() - 16, 720))
        self.move(room.right() - self.width() - 12, room.top() + 8)
        self.show()
        self.raise_()
        self.setFocus()

    def keep_soon(self) -> None:
        """Keep the theme as it is now after a pause."""
        self._keep.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            return
        super().keyPressEvent(event)

    # --- building -----------------------------------------------------------------------------------------------

    def _build(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(body)
        self._column.addWidget(area)
        head = QHBoxLayout()
        head.addWidget(self._heading("Light"))
        head.addStretch(1)
        self._mode = Segmented(_MODES, name="Light and dark")
        self._mode.chosen.connect(self._on_mode)
        head.addWidget(self._mode)
        column.addLayout(head)
        self._swatches = QGridLayout()
        self._swatches.setSpacing(4)
        self._group = QButtonGroup(self)
        column.addLayout(self._swatches)
        self._warning = QLabel()
        self._warning.setWordWrap(True)
        self._warning.setProperty("tone", "danger")
        column.addWidget(self._warning)
        column.addLayout(self._colors())
        column.addWidget(self._heading("Type"))
        column.addLayout(self._type())
        column.addLayout(self._choices())
        column.addLayout(self._own_row())
        column.addStretch(1)

    def _heading(self, words: str) -> QLabel:
        label = QLabel(words)
        label.setFont(self._context.appearance.font(TextSize.LARGE, MEDIUM))
        return label

    def _colors(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for token, words in _COLORS:
            button = make_button(words, kind=ButtonKind.PLAIN)
            button.setToolTip(f"Another colour for: {words.lower()}")
            button.clicked.connect(lambda _=False, token=token: self._pick_color(token))
            row.addWidget(button)
        row.addStretch(1)
        again = make_button("As it came", kind=ButtonKind.QUIET)
        again.clicked.connect(self._on_reset)
        row.addWidget(again)
        return row

    def _type(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        self._family = QComboBox()
        self._family.setAccessibleName("Typeface")
        for family in FAMILIES.values():
            if family.role is not Role.SCRIPT and faces_of(family.key):
                self._family.addItem(family.name, family.key)
        self._family.activated.connect(self._on_family)
        grid.addWidget(QLabel("Face"), 0, 0)
        grid.addWidget(self._family, 0, 1, 1, 2)
        for row, (name, words, shown) in enumerate(_SLIDERS, 1):
            slider = QSlider(Qt.Orientation.Horizontal)
            slider.setAccessibleName(words)
            limits = RANGES[name]
            slider.setRange(round(limits.least / limits.step), round(limits.greatest / limits.step))
            slider.valueChanged.connect(lambda value, name=name: self._on_slider(name, value))
            value = QLabel()
            value.setProperty("tone", "muted")
            value.setMinimumWidth(72)
            self._sliders[name] = (slider, value, shown)
            grid.addWidget(QLabel(words), row, 0)
            grid.addWidget(slider, row, 1)
            grid.addWidget(value, row, 2)
        grid.setColumnStretch(1, 1)
        return grid

    def _choices(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        self._page_columns = Segmented((("0", "Auto"), ("1", "One"), ("2", "Two")), name="Columns")
        self._page_columns.chosen.connect(lambda key: self._change(columns=int(key)))
        self._justify = self._check("Justify lines", lambda on: self._change(justify=on))
        self._hyphenate = self._check("Hyphenate", lambda on: self._change(hyphenate=on))
        self._book_font = self._check("The book's own typeface", lambda on: self._change(publisher_font=on))
        grid.addWidget(QLabel("Columns"), 0, 0)
        grid.addWidget(self._page_columns, 0, 1)
        grid.addWidget(self._justify, 1, 0)
        grid.addWidget(self._hyphenate, 1, 1)
        grid.addWidget(self._book_font, 2, 0, 1, 2)
        return grid

    def _check(self, words: str, use: Callable[[bool], None]) -> QCheckBox:
        box = QCheckBox(words)
        box.clicked.connect(use)
        return box

    def _own_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._name = QLineEdit()
        self._name.setPlaceholderText("Name of your theme")
        self._name.setAccessibleName("Name of your theme")
        self._name.returnPressed.connect(self._on_named)
        keep = make_button("Keep as my theme", kind=ButtonKind.PLAIN)
        keep.clicked.connect(self._on_named)
        row.addWidget(self._name, 1)
        row.addWidget(keep)
        return row

    def _fill_swatches(self) -> None:
        looks = self._context.library.looks
        self._context.tasks.run(lambda: (looks.themes(), looks.mode()), self._show_swatches)

    def _show_swatches(self, found: tuple[list[Theme], DarkMode]) -> None:
        themes, mode = found
        self._mode.choose(mode.value)
        while self._swatches.count():
            item = self._swatches.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        current = self._context.appearance.theme
        for number, theme in enumerate(themes):
            swatch = Swatch(self._context.appearance, theme)
            swatch.setChecked(theme.id == current.id)
            swatch.clicked.connect(lambda _=False, chosen=theme: self._on_swatch(chosen))
            self._group.addButton(swatch)
            self._swatches.addWidget(swatch, number // _COLUMNS, number % _COLUMNS)

    # --- changing -----------------------------------------------------------------------------------------------

    def _use(self, theme: Theme) -> None:
        self._context.appearance.use(theme)
        self._keep.start()

    def _change(self, **values: str | float | bool) -> None:
        self._use(changed(self._context.appearance.theme, **values))

    def _on_swatch(self, theme: Theme) -> None:
        is_own = theme.id != theme.environment.id
        self._use(theme if is_own else on_environment(self._context.appearance.theme, theme.environment))

    def _on_slider(self, name: str, value: int) -> None:
        limits = RANGES[name]
        self._change(**{name: limits.clamp(value * limits.step)})

    def _on_family(self, index: int) -> None:
        self._change(family=str(self._family.itemData(index)))

    def _pick_color(self, token: str) -> None:
        before = self._context.appearance.color(token)
        chosen = QColorDialog.getColor(before, self, "Choose a colour")
        if chosen.isValid():
            self._change(**{token: chosen.name()})

    def _on_reset(self) -> None:
        self._use(reset(self._context.appearance.theme))

    def _on_mode(self, key: str) -> None:
        looks = self._context.library.looks

        def change() -> Theme:
            looks.set_mode(DarkMode(key))
            return looks.current()

        self._context.tasks.run(change, self._context.appearance.use, self._context.navigator.report)

    def _on_named(self) -> None:
        name = self._name.text().strip()
        if not name:
            self._name.setFocus()
            return
        looks, theme = self._context.library.looks, self._context.appearance.theme

        def keep() -> Theme:
            return looks.use(looks.save(theme, name=name))

        def kept(made: Theme) -> None:
            self._name.clear()
            self._context.appearance.use(made)
            self._fill_swatches()
            self._context.navigator.say(f"Kept as {made.name}.")

        self._context.tasks.run(keep, kept, self._context.navigator.report)

    def _save(self) -> None:
        theme = self._context.appearance.theme
        looks = self._context.library.looks

        def kept(made: Theme) -> None:
            if self._context.appearance.theme is theme and made.id != theme.id:
                self._context.appearance.use(made)

        self._context.tasks.run(lambda: looks.use(theme), kept, self._context.navigator.report)

    # --- showing ------------------------------------------------------------------------------------------------

    def _show_theme(self, theme: Theme) -> None:
        """Let every control say what the theme says, without changing it."""
        typography = theme.typography
        for name, (slider, label, shown) in self._sliders.items():
            value = float(getattr(typography, name))
            slider.blockSignals(True)
            slider.setValue(round(value / RANGES[name].step))
            slider.blockSignals(False)
            label.setText(shown.format(value))
        self._family.setCurrentIndex(self._family.findData(typography.family))
        self._page_columns.choose(str(typography.columns))
        for box, is_on in (
            (self._justify, typography.justify),
            (self._hyphenate, typography.hyphenate),
            (self._book_font, typography.publisher_font),
        ):
            box.setChecked(is_on)
        found = warnings(theme)
        self._warning.setText(found[0].warning if found else "")
        self._warning.setVisible(bool(found))
