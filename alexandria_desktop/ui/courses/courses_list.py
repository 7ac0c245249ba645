"""The list of courses: those one makes or teaches, then those one takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from alexandria_desktop.store.course_rows import CourseSummary, Role, Status
from alexandria_desktop.teach.rich_text import to_plain
from alexandria_desktop.text.fold import fold
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.shelf.book_model import Index
from alexandria_desktop.ui.shelf.lines import Lines
from alexandria_desktop.ui.shelf.wording import counted, day

STATUS_WORDS = {Status.DRAFT: "Draft", Status.PUBLISHED: "Published", Status.ARCHIVED: "Archived"}
_MEASURE = 760
_PAD, _LEFT = 14, 24
_HEADING = 52
_ICON = 32


@dataclass(frozen=True, slots=True)
class CourseLine:
    """A line of the list: a heading, or a course."""

    words: str
    course: CourseSummary | None = None


def grouped(courses: Sequence[CourseSummary], words: str = "") -> list[CourseLine]:
    """Return headings and courses, only those whose title or description holds the words."""
    terms = fold(words).split()
    shown = [one for one in courses if all(term in fold(f"{one.title} {one.description}") for term in terms)]
    lines: list[CourseLine] = []
    for heading, inside in (
        ("Teaching", [one for one in shown if one.role is not Role.STUDENT]),
        ("Taking", [one for one in shown if one.role is Role.STUDENT]),
    ):
        if inside:
            lines.append(CourseLine(heading))
            lines.extend(CourseLine(one.title, one) for one in inside)
    return lines


def facts(course: CourseSummary) -> str:
    """Return what a line says below the title."""
    parts = [] if course.role is Role.STUDENT else [STATUS_WORDS[course.status]]
    parts.append(counted(course.lessons, "lesson", "lessons"))
    if course.assessments:
        parts.append(counted(course.assessments, "quiz", "quizzes"))
    if course.minutes:
        parts.append(lasting(course.minutes))
    if course.difficulty:
        parts.append(course.difficulty.capitalize())
    if course.role is Role.STUDENT:
        done = course.lessons and course.done == course.lessons
        parts.append("finished" if done else f"{course.done} done" if course.done else "not begun")
    else:
        parts.append(f"changed {day(course.updated_at)}")
    return " · ".join(parts)


def lasting(minutes: int) -> str:
    """Return a time as ``40 min`` or ``2 h 15 min``."""
    hours, rest = divmod(minutes, 60)
    return f"{minutes} min" if not hours else f"{hours} h {rest} min" if rest else f"{hours} h"


class CoursesModel(QAbstractListModel):
    """Headings and courses."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: list[CourseLine] = []

    def show(self, lines: list[CourseLine]) -> None:
        """Show these."""
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many lines there are."""
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a line, or its words for a screen reader."""
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return line.words if line.course is None else f"{line.words}. {facts(line.course)}"
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return that courses can be chosen, headings not."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
        return flags if self.lines[index.row()].course is None else flags | Qt.ItemFlag.ItemIsSelectable


class CoursePainter(QStyledItemDelegate):
    """Paints a heading, or a course: its title, what it is about, its facts, how far one is."""

    def __init__(self, appearance: Appearance, view: QListView) -> None:
        super().__init__(view)
        self._appearance = appearance
        self._view = view
        self._title = Lines(appearance.font(TextSize.LARGE, MEDIUM), most=1, height=22)
        self._about = Lines(appearance.font(), most=2, height=19)
        self._small = Lines(appearance.font(TextSize.SMALL), most=1, height=17)
        self._heading = Lines(appearance.font(TextSize.SMALL, MEDIUM), most=1, height=18)

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the room for a heading or a course."""
        line: CourseLine = index.data(Qt.ItemDataRole.UserRole)
        width = self._view.viewport().width()
        if line.course is None:
            return QSize(width, _HEADING)
        return QSize(width, self._height(line.course, self._measure(width)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a line of the list."""
        line: CourseLine = index.data(Qt.ItemDataRole.UserRole)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if line.course is None:
            painter.setPen(self._appearance.color("muted"))
            words = QRectF(option.rect.left() + _LEFT, option.rect.bottom() - 26, option.rect.width() - 2 * _LEFT, 18)
            self._heading.draw(painter, words, self._heading.set(line.words, int(words.width())))
        else:
            self._paint_card(painter, option)
            self._paint_course(painter, option.rect, line.course)
        painter.restore()

    def _paint_card(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        card = self._card(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._appearance.color("accent_soft" if chosen else "hover"))
            painter.drawRoundedRect(card, 8, 8)
        if option.state & QStyle.StateFlag.State_HasFocus and self._view.hasFocus():
            painter.setPen(QPen(self._appearance.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(card).adjusted(1, 1, -1, -1), 8, 8)

    def _paint_course(self, painter: QPainter, area: QRect, course: CourseSummary) -> None:
        card = self._card(area)
        is_taken = course.role is Role.STUDENT
        self._appearance.icon("course", "accent" if is_taken else "muted").paint(
            painter, QRect(card.left() + _PAD, card.top() + _PAD + 1, 20, 20)
        )
        width = self._measure(self._view.viewport().width())
        words = QRectF(card.left() + _PAD + _ICON, card.top() + _PAD, width, 22)
        painter.setPen(self._appearance.color("text"))
        title = self._title.set(course.title or "Without a title", width)
        self._title.draw(painter, words, title, align=_side(right_to_left=title.right_to_left))
        words.translate(0, 24)
        about = self._description(course)
        if about:
            lines = self._about.set(about, width)
            painter.setPen(self._appearance.color("muted"))
            self._about.draw(painter, words, lines, align=_side(right_to_left=lines.right_to_left))
            words.translate(0, 19 * len(lines.lines) + 4)
        painter.setPen(self._appearance.color("muted"))
        self._small.draw(painter, words, self._small.set(facts(course), width))
        if is_taken and course.lessons:
            self._paint_progress(painter, QRectF(words.left(), words.top() + 24, min(240, width), 4), course)

    def _paint_progress(self, painter: QPainter, line: QRectF, course: CourseSummary) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._appearance.color("track"))
        painter.drawRoundedRect(line, 2, 2)
        if course.done:
            painter.setBrush(self._appearance.color("accent"))
            line.setWidth(line.width() * course.done / course.lessons)
            painter.drawRoundedRect(line, 2, 2)

    def _height(self, course: CourseSummary, width: int) -> int:
        about = self._description(course)
        lines = 19 * len(self._about.set(about, width).lines) + 4 if about else 0
        bar = 12 if course.role is Role.STUDENT and course.lessons else 0
        return 2 * _PAD + 24 + lines + 17 + bar + 4

    def _description(self, course: CourseSummary) -> str:
        return " ".join(to_plain(course.description).split())

    def _card(self, area: QRect) -> QRect:
        card = area.adjusted(_LEFT - _PAD, 2, -_LEFT + _PAD, -2)
        card.setWidth(min(card.width(), _MEASURE + 2 * _PAD))
        return card

    def _measure(self, width: int) -> int:
        return max(160, min(_MEASURE, width - 2 * _LEFT) - _ICON)


def _side(*, right_to_left: bool) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignRight if right_to_left else Qt.AlignmentFlag.AlignLeft
