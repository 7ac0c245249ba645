"""The licences of what the program is made of: a list to search in, the words beside it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QPlainTextEdit, QVBoxLayout, QWidget

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.library.licences import Kind, Licensed, licences, text_of
from alexandria_desktop.ui.appearance.fonts import TextSize
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.program.words import heading, line
from alexandria_desktop.ui.tasks import Task
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button
from alexandria_desktop.ui.widgets.leaving import ask_to_open
from alexandria_desktop.ui.widgets.search_field import SearchField

_LIST_WIDTH = 320
_ROLE = Qt.ItemDataRole.UserRole
_KINDS = {
    Kind.PROGRAM: "The program", Kind.PACKAGE: "Package", Kind.FONT: "Typeface", Kind.MODEL: "Model", Kind.PART: "Part",
}  # fmt: skip


class LicencesView(QWidget):
    """Everything that is shipped, and under which licence."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._all: list[Licensed] = []
        self._reading: Task | None = None
        look = context.appearance
        self.search = SearchField(look, hint="Search names and licences")
        self.search.searched.connect(self._filter)
        self.search.left.connect(self._to_list)
        self.list = QListWidget()
        self.list.setAccessibleName("What the program is made of")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.currentItemChanged.connect(self._on_current)
        self.count = line(look, tone="muted", is_small=True)
        self.name = heading(look, "", TextSize.HEADING)
        self.what = line(look, tone="muted")
        self.link = make_button("Open its page", kind=ButtonKind.LINK)
        self.link.clicked.connect(self._on_link)
        self.link.hide()
        self.words = QPlainTextEdit()
        self.words.setReadOnly(True)
        self.words.setAccessibleName("The words of the licence")
        self.words.setTabChangesFocus(True)
        self._lay_out()

    def refresh(self) -> None:
        """Read the list, once."""
        if not self._all:
            self._context.tasks.run(licences, self._on_read, self._context.navigator.report)

    def take_focus(self) -> None:
        """Put the keyboard into the search field."""
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Slash searches."""
        if event.text() == "/":
            self.take_focus()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.search)
        left.addWidget(self.list, 1)
        left.addWidget(self.count)
        side = QWidget()
        side.setFixedWidth(_LIST_WIDTH)
        side.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addWidget(self.name)
        right.addWidget(self.what)
        right.addWidget(self.link, 0, Qt.AlignmentFlag.AlignLeft)
        right.addSpacing(8)
        right.addWidget(self.words, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 16, 24, 24)
        row.setSpacing(24)
        row.addWidget(side)
        row.addLayout(right, 1)

    def _on_read(self, found: list[Licensed]) -> None:
        self._all = found
        self._filter(self.search.text())

    def _filter(self, words: str) -> None:
        wanted = words.strip().casefold().split()
        current = self.list.currentItem()
        before = current.data(_ROLE).name if current is not None else ""
        self.list.clear()
        for one in self._all:
            text = f"{one.name} {one.licence} {one.what} {_KINDS[one.kind]}".casefold()
            if all(word in text for word in wanted):
                item = QListWidgetItem(f"{one.name} {one.version}".strip() + f"\n{one.licence}")
                item.setData(_ROLE, one)
                self.list.addItem(item)
                if one.name == before:
                    self.list.setCurrentItem(item)
        shown = self.list.count()
        everything = f"{len(self._all)} parts"
        self.count.setText(everything if shown == len(self._all) else f"{shown} of {everything}")
        if shown and self.list.currentItem() is None:
            self.list.setCurrentRow(0)
        if not shown:
            self._say("Nothing here is called that", "Search for another name or licence.")

    def _on_current(self, item: QListWidgetItem | None, _before: QListWidgetItem | None) -> None:
        if item is None:
            return
        one: Licensed = item.data(_ROLE)
        about = f"{_KINDS[one.kind]} · {one.licence}"
        self._say(f"{one.name} {one.version}".strip(), f"{about}\n{one.what}" if one.what else about)
        self.link.setVisible(one.address.startswith("https://"))
        if self._reading is not None:
            self._reading.cancel()
        self._reading = self._context.tasks.run(lambda: text_of(one), self.words.setPlainText, self._on_failed)

    def _say(self, name: str, what: str) -> None:
        self.name.setText(name)
        self.what.setText(what)
        self.words.clear()
        self.link.hide()

    def _on_failed(self, error: AlexandriaError) -> None:
        self.words.setPlainText(f"{error.message} ({error.code})")

    def _on_link(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            ask_to_open(self, item.data(_ROLE).address, "The page of this part is on the internet.")

    def _to_list(self) -> None:
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
