"""The slim bar over a book that was opened out of a lesson: which one, the way back, and on to its next passage."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from alexandria_desktop.teach.blocks import BookPlace
from alexandria_desktop.teach.document import LessonDocument
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button
from alexandria_desktop.ui.widgets.elided_label import ElidedLabel


@dataclass(frozen=True, slots=True)
class Walk:
    """Where in a lesson one is that is read in its books."""

    lesson: LessonDocument
    block: str
    """The id of the block whose place is open."""

    @staticmethod
    def of(lesson: LessonDocument, place: BookPlace) -> Walk | None:
        """Return the walk that begins at a place of a lesson, None where it is none of its places."""
        found = [block_id for block_id, known in _places(lesson) if known == place]
        return Walk(lesson, found[0]) if found else None

    @property
    def at(self) -> int:
        """The number of the place, from 0 on."""
        return [block_id for block_id, _ in _places(self.lesson)].index(self.block)

    @property
    def of_all(self) -> int:
        """How many places the lesson has."""
        return len(_places(self.lesson))

    def following(self) -> tuple[Walk, BookPlace] | None:
        """Return the next place of the lesson, None at its last."""
        places = _places(self.lesson)
        at = self.at + 1
        return (Walk(self.lesson, places[at][0]), places[at][1]) if at < len(places) else None


def _places(lesson: LessonDocument) -> list[tuple[str, BookPlace]]:
    found = [(block.id, getattr(block, "place", None)) for block in lesson.blocks]
    return [(block_id, place) for block_id, place in found if isinstance(place, BookPlace)]


class LessonBar(QFrame):
    """Stands over the page as long as the book belongs to the lesson."""

    left = Signal()
    next_wanted = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "bar")
        self.setFixedHeight(40)
        self.words = ElidedLabel("")
        self.words.setProperty("tone", "muted")
        self.back = make_button("Back to the lesson", kind=ButtonKind.QUIET, icon=appearance.icon("course", "muted"))
        self.back.setToolTip("Esc")
        self.back.clicked.connect(self.left)
        self.next = make_button("Next passage", kind=ButtonKind.QUIET, icon=appearance.icon("next", "muted"))
        self.next.setToolTip("Ctrl+Return")
        self.next.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow behind its words
        self.next.clicked.connect(self.next_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 2, 8, 2)
        row.setSpacing(4)
        row.addWidget(self.words, 1)
        row.addWidget(self.back)
        row.addWidget(self.next)

    def show_walk(self, walk: Walk) -> None:
        """Say which lesson it is, and which of its places."""
        counted = f"  ·  passage {walk.at + 1} of {walk.of_all}" if walk.of_all > 1 else ""
        self.words.setText(f"Lesson: {walk.lesson.title or 'Untitled lesson'}{counted}")
        self.next.setVisible(walk.following() is not None)
