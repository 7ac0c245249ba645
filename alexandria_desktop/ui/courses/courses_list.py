"""The list of courses: those one makes or teaches, then those one takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListView

from alexandria_desktop.store.course_rows import CourseSummary, Role, Status
from alexandria_desktop.text.fold import fold
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.shelf.grouped_list import LEFT, GroupedPainter, side
from alexandria_desktop.ui.shelf.lines import Lines
from alexandria_desktop.ui.shelf.wording import counted, day
from sync.assessing.rich_text import to_plain

STATUS_WORDS = {Status.DRAFT: "Draft", Status.PUBLISHED: "Published", Status.ARCHIVED: "Archived"}
_ICON = 32


@dataclass(frozen=True, slots=True)
class CourseLine:
    """A line of the list: a heading, or a course."""

    words: str
    course: CourseSummary | None = None

    @property
    def is_heading(self) -> bool:
        """Whether it is a heading."""
        return self.course is None

    @property
    def read_out(self) -> str:
        """Its words for a screen reader."""
        return self.words if self.course is None else f"{self.words}. {facts(self.course)}"


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


class CoursePainter(GroupedPainter[CourseLine]):
    """Paints a heading, or a course: its title, what it is about, its facts, how far one is."""

    heading = 52
    pad = 14
    indent = _ICON

    def __init__(self, appearance: Appearance, view: QListView) -> None:
        super().__init__(appearance, view)
        self._title = Lines(appearance.font(TextSize.LARGE, MEDIUM), most=1, height=22)
        self._about = Lines(appearance.font(), most=2, height=19)
        self._small = Lines(appearance.font(TextSize.SMALL), most=1, height=17)
        self._heading = Lines(appearance.font(TextSize.SMALL, MEDIUM), most=1, height=18)

    def height_of(self, line: CourseLine, width: int) -> int:
        """Return the room for a course."""
        course = _course_of(line)
        about = self._description(course)
        lines = 19 * len(self._about.set(about, width).lines) + 4 if about else 0
        bar = 12 if course.role is Role.STUDENT and course.lessons else 0
        return 2 * self.pad + 24 + lines + 17 + bar + 4

    def paint_heading(self, painter: QPainter, area: QRect, line: CourseLine) -> None:
        """Paint whether one teaches or takes what follows."""
        painter.setPen(self._appearance.color("muted"))
        words = QRectF(area.left() + LEFT, area.bottom() - 26, area.width() - 2 * LEFT, 18)
        self._heading.draw(painter, words, self._heading.set(line.words, int(words.width())))

    def paint_thing(self, painter: QPainter, card: QRect, line: CourseLine) -> None:
        """Paint a course, and how far one is in it."""
        course = _course_of(line)
        is_taken = course.role is Role.STUDENT
        self._appearance.icon("course", "accent" if is_taken else "muted").paint(
            painter, QRect(card.left() + self.pad, card.top() + self.pad + 1, 20, 20)
        )
        width = self.measure(self._view.viewport().width())
        words = QRectF(card.left() + self.pad + _ICON, card.top() + self.pad, width, 22)
        painter.setPen(self._appearance.color("text"))
        title = self._title.set(course.title or "Without a title", width)
        self._title.draw(painter, words, title, align=side(right_to_left=title.right_to_left))
        words.translate(0, 24)
        about = self._description(course)
        if about:
            lines = self._about.set(about, width)
            painter.setPen(self._appearance.color("muted"))
            self._about.draw(painter, words, lines, align=side(right_to_left=lines.right_to_left))
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

    def _description(self, course: CourseSummary) -> str:
        return " ".join(to_plain(course.description).split())


def _course_of(line: CourseLine) -> CourseSummary:
    assert line.course is not None  # a heading is measured and painted apart
    return line.course
