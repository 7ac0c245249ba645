"""Open a course pack: checked first, then shown for what it is and whose key signed it, then taken."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.library.course_packs import Arrived, OpenedPack, PackView
from alexandria_desktop.ui.appearance.fonts import TextSize
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.courses.packs.pages import BusyPage, PagedDialog, key_box, page_of
from alexandria_desktop.ui.courses.packs.wording import about_books, about_key, about_pack
from alexandria_desktop.ui.courses.panes import foot
from alexandria_desktop.ui.courses.words import heading, small
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button

_ASKED = "I asked my teacher: this is their key"


class OpenPackDialog(PagedDialog):
    """Opens one pack."""

    opened = Signal(object)
    """(OpenedPack)"""

    def __init__(self, context: Context, path: Path, parent: QWidget) -> None:
        super().__init__(context, "Open a course pack", parent)
        self._path = path
        self.take = make_button("Take the course", kind=ButtonKind.PRIMARY)
        self.take.clicked.connect(self._on_take)
        self.asked = QCheckBox(_ASKED)
        self.asked.toggled.connect(self.take.setEnabled)
        self.view: PackView | None = None
        self.error: AlexandriaError | None = None
        self.show_page(BusyPage(context.appearance, f"Checking {path.name}…", can_stop=False))
        packs = context.library.course_packs
        self.work(lambda: packs.look(path), self._on_looked, self._on_failed)

    def _on_looked(self, view: PackView) -> None:
        self.view = view
        if view.arrives is not Arrived.NEW and not view.other_key:
            self._on_take()  # nothing to ask: it is the course that is here already, by the key of before
            return
        look = self._context.appearance
        cancel = make_button("Cancel")
        cancel.clicked.connect(self.reject)
        parts: list[QWidget] = [
            heading(look, view.manifest.title or "A course without a title", TextSize.HEADING),
            small(look, about_pack(view)),
        ]
        if view.manifest.books:
            parts.append(small(look, f"Books that come along:\n{about_books(view)}", tone=""))
        tone = "danger" if view.other_key else "muted"
        parts.append(key_box(look, "Signed by a key that reads", view.words, about_key(view), tone=tone))
        if view.other_key:
            self.take.setText("Take it by this key")
            self.take.setEnabled(False)
            parts.append(self.asked)
        self.show_page(page_of(*parts, foot(cancel, self.take)))
        (self.asked if view.other_key else self.take).setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_take(self) -> None:
        view = self.view
        if view is None:
            return
        words = "Taking the course and its books…" if view.new_books else "Taking the course…"
        self.show_page(BusyPage(self._context.appearance, words, can_stop=False))
        packs, path, accept = self._context.library.course_packs, self._path, self.asked.isChecked()
        self.work(lambda: packs.open(path, accept_key=accept), self._on_opened, self._on_failed)

    def _on_opened(self, opened: OpenedPack) -> None:
        self.accept()
        self.opened.emit(opened)

    def _on_failed(self, error: AlexandriaError) -> None:
        self.error = error
        look = self._context.appearance
        close = make_button("Close", kind=ButtonKind.PRIMARY)
        close.clicked.connect(self.reject)
        self.show_page(
            page_of(
                heading(look, "This pack was not opened", TextSize.HEADING),
                small(look, error.message, tone=""),
                foot(close, beside=small(look, str(error.code))),
            )
        )
        close.setFocus(Qt.FocusReason.OtherFocusReason)
