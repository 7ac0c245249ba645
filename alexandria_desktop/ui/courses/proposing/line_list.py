"""The list of a proposal: each line is read, and taken or thrown away by one key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize, page_font
from alexandria_desktop.ui.courses.proposing.lines import DECISION_WORDS, Decision, Kind, Line
from alexandria_desktop.ui.shelf.lines import Lines

_ROLE = Qt.ItemDataRole.UserRole
_DECIDABLE = frozenset({Kind.LESSON, Kind.PASSAGE, Kind.ITEM})
_INDENT, _MARK, _PAD = 22, 26, 8


class LineList(QListWidget):
    """Lines of a proposal, with what was decided of each."""

    decided = Signal()
    opened = Signal(object)
    """(Line): its place is wanted in the book."""
    shown = Signal(object)
    """(Line | None): the one that the keyboard is on."""
    left = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._lines: list[Line] = []
        self._decisions: dict[str, Decision] = {}
        self.setAccessibleName("What is proposed; A takes a line, Delete throws it away, Enter opens its book")
        self.setItemDelegate(_LinePainter(appearance, self))
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.currentRowChanged.connect(self._on_row)
        self.itemDoubleClicked.connect(lambda _: self._open())

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these, none of them decided."""
        self._lines = list(lines)
        self._decisions = {}
        self.clear()
        for line in lines:
            item = QListWidgetItem()
            item.setData(_ROLE, line)
            self.addItem(item)
        self._tell()
        self.setCurrentRow(next((row for row, line in enumerate(lines) if line.kind is Kind.PASSAGE), 0))

    @property
    def taken(self) -> frozenset[str]:
        """The ids of the passages and items that are ticked."""
        return frozenset(one for one, found in self._decisions.items() if found is Decision.TAKEN)

    def decision(self, line: Line) -> Decision:
        """Return what was decided of a line; of a lesson, what was decided of all that it holds."""
        if line.kind is not Kind.LESSON:
            return self._decisions.get(line.id, Decision.OPEN)
        found = {self._decisions.get(one.id, Decision.OPEN) for one in self._held(line)}
        return next(iter(found)) if len(found) == 1 else Decision.OPEN

    def decide(self, lines: Iterable[Line], decision: Decision) -> None:
        """Decide of some lines; a lesson is decided by all that it holds."""
        for line in lines:
            for one in self._held(line) if line.kind is Kind.LESSON else (line,):
                if one.kind in _DECIDABLE:
                    self._decisions[one.id] = decision
        self._tell()
        self.decided.emit()

    def decide_all(self, decision: Decision) -> None:
        """Decide of everything that was not thrown away."""
        self.decide(
            [one for one in self._lines if one.kind is not Kind.LESSON and self.decision(one) is not Decision.THROWN],
            decision,
        )

    def current_line(self) -> Line | None:
        """Return the line that the keyboard is on."""
        row = self.currentRow()
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A takes and goes on, Delete throws away and goes on, Space changes, Enter opens the book."""
        line, key = self.current_line(), event.key()
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
        if key == Qt.Key.Key_A and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.decide_all(Decision.TAKEN)
        elif line is None or not plain:
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_A:
            self._decide_and_go_on(line, Decision.TAKEN)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._decide_and_go_on(line, Decision.THROWN)
        elif key == Qt.Key.Key_Space:
            taken = self.decision(line) is Decision.TAKEN
            self.decide([line], Decision.OPEN if taken else Decision.TAKEN)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        else:
            super().keyPressEvent(event)

    def _decide_and_go_on(self, line: Line, decision: Decision) -> None:
        self.decide([line], decision)
        row = self.currentRow() + 1
        if line.kind is Kind.LESSON:  # all that it holds is decided
            while row < len(self._lines) and self._lines[row].lesson == line.lesson:
                row += 1
        if row < len(self._lines):
            self.setCurrentRow(row)

    def _held(self, lesson: Line) -> list[Line]:
        return [one for one in self._lines if one.lesson == lesson.lesson and one.kind is not Kind.LESSON]

    def _tell(self) -> None:
        """Say each line as a screen reader is to read it."""
        for row, line in enumerate(self._lines):
            words = f"{line.title}. {line.about}" if line.about else line.title
            if line.kind in _DECIDABLE:
                words = f"{DECISION_WORDS[self.decision(line)]}. {words}"
            self.item(row).setText(words)
        self.viewport().update()

    def _on_row(self, _: int) -> None:
        self.shown.emit(self.current_line())

    def _open(self) -> None:
        line = self.current_line()
        if line is not None and line.place is not None:
            self.opened.emit(line)


class _LinePainter(QStyledItemDelegate):
    """Paints a line with its tick."""

    def __init__(self, appearance: Appearance, view: LineList) -> None:
        super().__init__(view)
        self._appearance, self._view = appearance, view
        self._quote = Lines(page_font(TextSize.LARGE), most=3, height=21)
        self._title = Lines(appearance.font(TextSize.LARGE, MEDIUM), most=2, height=21)
        self._plain = Lines(appearance.font(), most=3, height=19)
        self._about = Lines(appearance.font(TextSize.SMALL), most=2, height=17)

    def sizeHint(self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return the room for a line."""
        line: Line = index.data(_ROLE)
        main, width = self._main(line), self._width(line)
        height = main.height * len(main.set(line.title, width).lines)
        height += 17 * len(self._about.set(line.about, width).lines) + 2 if line.about else 0
        return QSize(self._view.viewport().width(), height + 2 * _PAD + (10 if line.kind is Kind.LESSON else 0))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint a line."""
        line: Line = index.data(_ROLE)
        look = self._appearance
        decision = self._view.decision(line)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = option.rect.adjusted(2, 1 + (10 if line.kind is Kind.LESSON else 0), -2, -1)
        chosen = option.state & QStyle.StateFlag.State_Selected
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("accent_soft" if chosen else "hover"))
            painter.drawRoundedRect(area, 8, 8)
        left = area.left() + _PAD + self._indent(line)
        if line.kind in _DECIDABLE:
            self._paint_tick(painter, left, area.top() + _PAD + 1, decision)
        words = area.adjusted(left - area.left() + _MARK, _PAD - 1, -_PAD, 0).toRectF()
        main = self._main(line)
        title = main.set(line.title, self._width(line))
        is_gone = decision is Decision.THROWN or line.kind in (Kind.UNMET, Kind.UNREAD)
        painter.setPen(look.color("muted" if is_gone else "text"))
        main.draw(painter, words, title)
        if line.about:
            words.translate(0, main.height * len(title.lines) + 2)
            painter.setPen(look.color("muted"))
            self._about.draw(painter, words, self._about.set(line.about, self._width(line)))
        if chosen and self._view.hasFocus():
            painter.setPen(look.color("focus"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 8, 8)
        painter.restore()

    def _paint_tick(self, painter: QPainter, left: int, top: int, decision: Decision) -> None:
        look = self._appearance
        name = {Decision.OPEN: "faint", Decision.TAKEN: "accent", Decision.THROWN: "faint"}[decision]
        painter.setPen(QPen(look.color(name), 1.5))
        painter.setBrush(look.color("accent") if decision is Decision.TAKEN else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(left, top, 16, 16, 4, 4)
        if decision is Decision.TAKEN:
            painter.setPen(QPen(look.color("accent_text"), 2))
            painter.drawPolyline(_points(left, top, ((4, 8), (7, 11), (12, 5))))
        elif decision is Decision.THROWN:
            painter.drawPolyline(_points(left, top, ((4, 4), (12, 12))))
            painter.drawPolyline(_points(left, top, ((12, 4), (4, 12))))

    def _main(self, line: Line) -> Lines:
        if line.kind is Kind.PASSAGE:
            return self._quote
        return self._plain if line.kind is Kind.ITEM else self._title

    def _indent(self, line: Line) -> int:
        return _INDENT if line.kind in (Kind.PASSAGE, Kind.ITEM) else 0

    def _width(self, line: Line) -> int:
        return max(80, self._view.viewport().width() - 3 * _PAD - _MARK - self._indent(line) - 4)


def _points(left: int, top: int, places: Iterable[tuple[int, int]]) -> list[QPointF]:
    return [QPointF(left + x, top + y) for x, y in places]
