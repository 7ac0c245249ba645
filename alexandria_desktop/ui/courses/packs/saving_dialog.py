"""Save a course as a pack: whose name, which books go along, where to; how far the copy is; the words of the key."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.library.course_packs import BookChoice, StoppedError, WrittenPack
from alexandria_desktop.library.pack_key import PackKey
from alexandria_desktop.teach.packs.suffixes import PACK
from alexandria_desktop.ui.account.form import Field
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.courses.packs.pages import BusyPage, PagedDialog, key_box, page_of
from alexandria_desktop.ui.courses.packs.wording import about_choice, progress_words
from alexandria_desktop.ui.courses.panes import foot
from alexandria_desktop.ui.courses.words import heading, small
from alexandria_desktop.ui.shelf.wording import size_words
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button

_ABOUT = "One file for students without a server. Answers of graded quizzes stay with you, those for practice go along."
_GIVE = "Give only what its owner lets you give. Of the others, students need a copy of their own."
_NO_BOOKS = "The course speaks of no book."
_IN_FILE = "There is no keyring here, so the key lies in a file that only your account may read."
_NEW_KEY = "The key is a new one. Students who have an earlier issue will be asked about it: tell them its words."


@dataclass(frozen=True, slots=True)
class _Read:
    title: str
    name: str
    books: list[BookChoice]
    key: PackKey


class SavePackDialog(PagedDialog):
    """Saves one course."""

    progressed = Signal(object, object)
    """(bytes that are done, bytes that there are), from whichever thread writes."""
    saved = Signal(object)
    """(WrittenPack)"""

    def __init__(self, context: Context, course_id: UUID, parent: QWidget) -> None:
        super().__init__(context, "Save as a pack", parent)
        self._course_id = course_id
        self._read: _Read | None = None
        self.stopping = threading.Event()
        """Set to stop the copy that is under way."""
        self._target: Path | None = None
        self.name = Field(context.appearance, "Your name, as students see it")
        self.boxes: list[tuple[QCheckBox, BookChoice]] = []
        self.choose = make_button("Choose where to save…", kind=ButtonKind.PRIMARY)
        self.choose.clicked.connect(self._on_choose)
        self.busy: BusyPage | None = None
        self.again = make_button("Go on", kind=ButtonKind.PRIMARY)
        self.again.clicked.connect(self._on_again)
        self.progressed.connect(self._on_progress)
        self.show_page(BusyPage(context.appearance, "Looking at the books of the course…", can_stop=False))
        packs, courses = context.library.course_packs, context.library.courses

        def read() -> _Read:
            return _Read(courses.row(course_id).title, packs.name(), packs.books(course_id), packs.key())

        self.work(read, self._on_read, self._on_failed)

    def write(self, target: Path) -> None:
        """Write the pack to a file, going on with a copy that was cut off there."""
        self._target = target
        self.stopping.clear()
        busy = BusyPage(self._context.appearance, f"Writing {target.name}…", can_stop=True)
        busy.stop.clicked.connect(self._on_stop)
        self.busy = busy
        self.show_page(busy)
        give = {one.book_id for box, one in self.boxes if box.isChecked() and one.book_id is not None}
        author, packs, course_id = self.name.edit.text(), self._context.library.course_packs, self._course_id
        stopping, progressed = self.stopping, self.progressed

        def tell(done: int, total: int) -> None:
            if not stopping.is_set():  # else the dialog may be gone
                progressed.emit(done, total)

        def work() -> WrittenPack | None:
            try:
                return packs.write(
                    course_id, target, give, author=author, on_progress=tell, is_cancelled=stopping.is_set
                )
            except StoppedError:
                return None

        self.work(work, self._on_written, self._on_failed)

    def reject(self) -> None:
        """Close; a copy that is under way stops, and goes on when it is saved to the same place again."""
        self.stopping.set()
        super().reject()

    # --- asking -------------------------------------------------------------------------------------------------

    def _on_read(self, read: _Read) -> None:
        self._read = read
        look = self._context.appearance
        self.name.edit.setText(read.name)
        cancel = make_button("Cancel")
        cancel.clicked.connect(self.reject)
        signed = f"Signed by your key: {read.key.words}." + (f" {_IN_FILE}" if read.key.in_file else "")
        title = QLabel("Books that go along")
        title.setFont(look.font(TextSize.BODY, MEDIUM))
        self.show_page(
            page_of(
                heading(look, f"Save “{read.title}” as a pack", TextSize.HEADING),
                small(look, _ABOUT),
                self.name,
                title,
                self._books(read.books),
                small(look, signed),
                foot(cancel, self.choose),
            )
        )
        self.choose.setDefault(True)
        self.name.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _books(self, choices: list[BookChoice]) -> QWidget:
        look = self._context.appearance
        if not choices:
            return small(look, _NO_BOOKS)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(2)
        for choice in choices:
            box = QCheckBox(choice.title or "A book without a title")
            box.setChecked(choice.is_free)
            box.setEnabled(choice.can_be_given)
            box.setAccessibleDescription(about_choice(choice))
            self.boxes.append((box, choice))
            about = small(look, about_choice(choice))
            about.setContentsMargins(26, 0, 0, 8)
            column.addWidget(box)
            column.addWidget(about)
        column.addWidget(small(look, _GIVE))
        if len(choices) <= 3:
            return inner
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inner)
        area.setMinimumHeight(220)
        return area

    def _on_choose(self) -> None:
        title = self._read.title if self._read is not None else ""
        name = "".join(letter if letter.isalnum() or letter in " -" else "-" for letter in title).strip()[:80]
        chosen, _ = QFileDialog.getSaveFileName(
            self, "Save the pack", f"{name or 'Course'}{PACK}", f"Course packs (*{PACK})"
        )
        if chosen:
            target = Path(chosen)
            self.write(target if target.suffix == PACK else target.with_name(f"{target.name}{PACK}"))

    # --- writing ------------------------------------------------------------------------------------------------

    def _on_progress(self, done: int, total: int) -> None:
        if self.busy is not None:
            self.busy.show_progress(done, total, progress_words(done, total))

    def _on_stop(self) -> None:
        self.stopping.set()
        if self.busy is not None:
            self.busy.stop.setEnabled(False)

    def _on_again(self) -> None:
        if self._target is not None:
            self.write(self._target)

    def _on_written(self, written: WrittenPack | None) -> None:
        if written is None:
            self._show_stopped()
            return
        look = self._context.appearance
        close = make_button("Close", kind=ButtonKind.PRIMARY)
        close.clicked.connect(self.accept)
        kept = f", of which {size_words(written.kept)} were there already" if written.kept else ""
        parts: list[QWidget] = [
            heading(look, f"Saved {written.file.name}", TextSize.HEADING),
            small(look, f"{size_words(written.size)}{kept}. It was read back and is whole."),
            key_box(
                look, "The words of your key", written.key.words,
                "Tell them to your students, by voice or on the board: so they know that the pack is yours.",
            ),
        ]  # fmt: skip
        if written.key.is_new:
            parts.append(small(look, _NEW_KEY, tone="danger"))
        if written.missing:
            names = ", ".join(f"“{one}”" for one in written.missing[:5])
            parts.append(small(look, f"Not on this computer, and so not in the pack: {names}.", tone="danger"))
        self.show_page(page_of(*parts, foot(close)))
        close.setFocus(Qt.FocusReason.OtherFocusReason)
        self.saved.emit(written)

    def _show_stopped(self) -> None:
        if self._target is None:
            return
        there = self._context.library.course_packs.cut_off(self._target)
        much = f"{progress_words(*there)} are there. " if there is not None else ""
        self._show_halted("Stopped", f"{much}Saving to the same place goes on from there.", "")

    def _on_failed(self, error: AlexandriaError) -> None:
        self._show_halted("The pack was not saved", error.message, str(error.code))

    def _show_halted(self, title: str, sentence: str, code: str) -> None:
        look = self._context.appearance
        close = make_button("Close")
        close.clicked.connect(self.reject)
        self.again.setVisible(self._target is not None)
        page = page_of(
            heading(look, title, TextSize.HEADING), small(look, sentence),
            foot(close, self.again, beside=small(look, code)),
        )  # fmt: skip
        self.show_page(page)
        (self.again if self._target is not None else close).setFocus(Qt.FocusReason.OtherFocusReason)
