"""The versions of a course: which there are, what has changed since one, and the way back to it."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from alexandria_desktop.store.course_versions import Version
from alexandria_desktop.teach.authoring.comparing import Change, Difference
from alexandria_desktop.ui.appearance.fonts import TextSize
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.courses.words import heading, small
from alexandria_desktop.ui.shelf.wording import day
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button
from alexandria_desktop.ui.widgets.working_dialog import WorkingDialog

_WORDS = {
    Change.ADDED: "Added", Change.REMOVED: "Taken away", Change.CHANGED: "Changed", Change.MOVED: "Moved",
}  # fmt: skip
_ROLE = Qt.ItemDataRole.UserRole


def line_of(one: Difference) -> str:
    """Return a difference as a line for people."""
    head = f"{_WORDS[one.change]}: {one.what}" + (f" in “{one.where}”" if one.where else "")
    if one.change is Change.CHANGED and (one.before or one.after):
        return f"{head}\n{one.before[:160] or 'nothing'} → {one.after[:160] or 'nothing'}"
    return head


class VersionsDialog(WorkingDialog):
    """Versions at the left, what changed since at the right."""

    restored = Signal(object)
    """(UUID | None): the version that undoes it."""

    def __init__(self, context: Context, course_id: UUID, parent: QWidget) -> None:
        super().__init__(context, "Versions of the course", parent)
        self._course_id = course_id
        look = context.appearance
        self.resize(760, 480)
        title = heading(look, "Versions", TextSize.HEADING)
        self.list = QListWidget()
        self.list.setAccessibleName("Versions, the latest first")
        self.list.setFixedWidth(260)
        self.list.currentItemChanged.connect(self._compare)
        self.changes = QListWidget()
        self.changes.setAccessibleName("What has changed since")
        self.changes.setWordWrap(True)
        self.changes.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self._said = small(look)
        save = make_button("Save a version")
        save.clicked.connect(self.save)
        self.restore_button = make_button("Go back to it", kind=ButtonKind.PRIMARY)
        self.restore_button.clicked.connect(self.restore)
        self.restore_button.setEnabled(False)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.list)
        row.addWidget(self.changes, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(save)
        buttons.addWidget(self._said, 1)
        buttons.addWidget(self.restore_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(title)
        column.addLayout(row, 1)
        column.addLayout(buttons)
        self.refresh()

    def refresh(self, _: object = None) -> None:
        """Read the versions."""
        versions, course_id = self._context.library.course_versions, self._course_id
        self.work(lambda: versions.all(course_id), self._on_versions)

    def save(self) -> None:
        """Keep the course as it is now."""
        versions, course_id = self._context.library.course_versions, self._course_id
        self.work(lambda: versions.save(course_id), self.refresh)

    def restore(self) -> None:
        """Make the course what the chosen version says."""
        item, versions = self.list.currentItem(), self._context.library.course_versions
        if item is None:
            return
        version: UUID = item.data(_ROLE)
        self.work(lambda: versions.restore(version), self._on_restored)

    def _on_restored(self, undo: UUID | None) -> None:
        self.restored.emit(undo)
        self.accept()

    def _on_versions(self, found: list[Version]) -> None:
        self.list.clear()
        for one in found:
            local = one.saved_at.astimezone()
            item = QListWidgetItem(f"{day(one.saved_at)}, {local:%H:%M}\n{one.words}")
            item.setData(_ROLE, one.id)
            self.list.addItem(item)
        self._said.setText("" if found else "None is kept yet.")
        if found:
            self.list.setCurrentRow(0)
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _compare(self, item: QListWidgetItem | None) -> None:
        self.restore_button.setEnabled(False)
        self.changes.clear()
        versions = self._context.library.course_versions
        if item is not None:
            version: UUID = item.data(_ROLE)
            self.work(lambda: versions.compare(version), self._on_compared)

    def _on_compared(self, found: list[Difference]) -> None:
        self.changes.clear()
        for one in found:
            self.changes.addItem(line_of(one))
        self.restore_button.setEnabled(bool(found))
        self._said.setText("" if found else "The course is as it was in this version.")
