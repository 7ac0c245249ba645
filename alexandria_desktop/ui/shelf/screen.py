"""The library screen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from alexandria_desktop.store.book_rows import BookRow
from alexandria_desktop.store.changes import Changes
from alexandria_desktop.ui.context import Context


class LibraryScreen(QWidget):
    """The books of a library."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._list = QListWidget()
        self._list.itemActivated.connect(self._on_activated)
        column = QVBoxLayout(self)
        column.addWidget(self._list)

    def refresh(self) -> None:
        """Read the books again."""
        self._context.tasks.run(self._context.library.shelf.books, self._show, self._context.navigator.report)

    def take_focus(self) -> None:
        """Put the keyboard on the books."""
        self._list.setFocus()

    def do(self, command_id: str) -> None:
        """Carry out a command of the library."""
        item = self._list.currentItem()
        if command_id == "open-book" and item is not None:
            self._on_activated(item)

    def show_notes(self) -> None:
        """Show all notes."""

    def on_changes(self, changes: Changes) -> None:
        """Hear what was written."""
        if changes.touches("user_libraries", "content_items"):
            self.refresh()

    def _show(self, rows: list[BookRow]) -> None:
        self._list.clear()
        for row in rows:
            item = QListWidgetItem(f"{row.title} · {', '.join(row.authors)}")
            item.setData(Qt.ItemDataRole.UserRole, row.id)
            self._list.addItem(item)

    def _on_activated(self, item: QListWidgetItem) -> None:
        self._context.navigator.open_book(item.data(Qt.ItemDataRole.UserRole))
