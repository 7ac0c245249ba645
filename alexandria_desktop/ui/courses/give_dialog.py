"""Choosing which of one's notes on a book the students of a course see."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.store.course_rows import CourseSummary
from alexandria_desktop.store.notes import Note
from alexandria_desktop.ui.appearance.fonts import TextSize
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.courses.words import heading, small
from alexandria_desktop.ui.shelf.wording import counted
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button
from alexandria_desktop.ui.widgets.working_dialog import WorkingDialog

_NOTE = Qt.ItemDataRole.UserRole
_LINE = 160


class GiveDialog(WorkingDialog):
    """A course above, one's notes on the book below, each with a box."""

    def __init__(self, context: Context, book_id: UUID, notes: Sequence[Note], parent: QWidget) -> None:
        super().__init__(context, "Give notes to a course", parent)
        self._book_id = book_id
        look = context.appearance
        self.resize(560, 520)
        self.words = small(look, "Students see them over the book, apart from their own. They get a copy as it is now.")
        self.courses = QComboBox()
        self.courses.setAccessibleName("Course")
        self.courses.currentIndexChanged.connect(self._read_given)
        self.list = QListWidget()
        self.list.setAccessibleName("Your notes on this book")
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        for note in sorted((one for one in notes if one.locator is not None), key=_progression):
            self._add(note)
        self.list.itemChanged.connect(self._on_ticked)
        self.all = make_button("Tick all")
        self.all.clicked.connect(lambda: self._tick_all(on=True))
        self.none = make_button("Tick none")
        self.none.clicked.connect(lambda: self._tick_all(on=False))
        self.give_button = make_button("Give", kind=ButtonKind.PRIMARY)
        self.give_button.clicked.connect(self.give)
        cancel = make_button("Cancel")
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.all)
        buttons.addWidget(self.none)
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.give_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        for part in (heading(look, "Give notes to a course", TextSize.HEADING), self.words, self.courses):
            column.addWidget(part)
        column.addWidget(self.list, 1)
        column.addLayout(buttons)
        self._given = 0
        self._on_ticked()
        self.work(context.library.courses.list, self._on_courses)

    def give(self) -> None:
        """Give what is ticked, and take back what is not."""
        course_id, chosen, layers = self.courses.currentData(), self.ticked(), self._context.library.layers
        name, navigator = self.courses.currentText(), self._context.navigator

        def given(before: int) -> None:
            if chosen:
                navigator.say(f"{counted(len(chosen), 'note', 'notes')} given to “{name}”.")
            elif before:
                navigator.say(f"Took the notes back from “{name}”.")
            self.accept()

        def failed(error: AlexandriaError) -> None:
            navigator.report(error)
            self._on_ticked()  # it can be tried again

        self.give_button.setEnabled(False)
        self.work(lambda: layers.give(course_id, self._book_id, chosen), given, failed)

    def ticked(self) -> list[UUID]:
        """Return the notes whose boxes are ticked."""
        return [item.data(_NOTE) for item in self._items() if item.checkState() is Qt.CheckState.Checked]

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    def _add(self, note: Note) -> None:
        words = " ".join(note.quote.split())
        quote = words if len(words) <= _LINE else f"{words[:_LINE]}…"
        item = QListWidgetItem(f"{quote}\n{note.text}" if note.text else quote)
        item.setData(_NOTE, note.id)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable)
        item.setCheckState(Qt.CheckState.Unchecked)
        self.list.addItem(item)

    def _on_courses(self, found: list[CourseSummary]) -> None:
        mine = [one for one in found if one.is_mine]
        for one in mine:
            self.courses.addItem(one.title, one.id)
        if not mine:
            self.courses.hide()
            self.words.setText("You have made no course yet. Make one on the Courses page, and come back.")
        self._on_ticked()

    def _read_given(self, _: int = 0) -> None:
        course_id, layers, book_id = self.courses.currentData(), self._context.library.layers, self._book_id

        def show(given: frozenset[UUID]) -> None:
            if course_id == self.courses.currentData():
                self._given = len(given)
                for item in self._items():
                    ticked = item.data(_NOTE) in given
                    item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
                self._on_ticked()

        if course_id is not None:
            self.work(lambda: layers.given(course_id, book_id), show)

    def _tick_all(self, *, on: bool) -> None:
        for item in self._items():
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)

    def _on_ticked(self, _: object = None) -> None:
        number = len(self.ticked())
        self.give_button.setText(f"Give {counted(number, 'note', 'notes')}" if number else "Take all back")
        self.give_button.setEnabled(self.courses.count() > 0 and bool(number or self._given))


def _progression(note: Note) -> float:
    return note.locator.progression if note.locator is not None else 0.0
