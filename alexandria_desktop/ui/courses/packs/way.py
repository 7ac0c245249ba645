"""The window's way of files that travel: packs that are opened or saved, answers that are saved or taken in."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QInputDialog

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.teach.packs.suffixes import ANSWERS, PACK

if TYPE_CHECKING:
    from alexandria_desktop.library.course_packs import OpenedPack, SavedAnswers, TakenAnswers
    from alexandria_desktop.ui.main_window import MainWindow


class PackWay(QObject):
    """Belongs to the window; made when a file of that kind is first met."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._context = window.context
        self._waiting: deque[Path] = deque()
        self.dialog: QDialog | None = None
        """The dialog that is open."""

    # --- opening ------------------------------------------------------------------------------------------------

    def open(self, paths: list[Path]) -> None:
        """Open packs one after the other, and take answers in."""
        answers = [one for one in paths if one.suffix.lower() == ANSWERS]
        self._waiting.extend(one for one in paths if one not in answers)
        if answers:
            self.take_answers(answers)
        self._open_next()

    def choose(self) -> None:
        """Ask for a pack or for answers."""
        kinds = f"Course packs and answers (*{PACK} *{ANSWERS});;All files (*)"
        chosen, _ = QFileDialog.getOpenFileNames(self._window, "Open a course pack", "", kinds)
        if chosen:
            self.open([Path(one) for one in chosen])

    def _open_next(self) -> None:
        if self.dialog is not None or not self._waiting:
            return
        from alexandria_desktop.ui.courses.packs.opening_dialog import OpenPackDialog

        dialog = OpenPackDialog(self._context, self._waiting.popleft(), self._window)
        dialog.opened.connect(self._on_opened)
        self._show(dialog)

    def _on_opened(self, opened: OpenedPack) -> None:
        from alexandria_desktop.library.course_packs import Arrived
        from alexandria_desktop.ui.courses.packs.wording import told_of_pack

        if opened.arrived is Arrived.MINE:
            self._window.build_course(opened.course_id)
        else:
            self._window.take_course(opened.course_id)
        self._window.say(told_of_pack(opened))
        if opened.failed:
            self._window.banner.say("Not every book could be taken in.\n" + "\n".join(opened.failed[:6]))

    def close(self) -> None:
        """Stop what is under way; for the end of the program."""
        self._waiting.clear()
        if self.dialog is not None:
            self.dialog.reject()

    # --- the teacher --------------------------------------------------------------------------------------------

    def save_pack(self, course_id: UUID) -> None:
        """Let the teacher save a course of theirs as a pack."""
        if self.dialog is not None:
            return
        from alexandria_desktop.ui.courses.packs.saving_dialog import SavePackDialog

        self._show(SavePackDialog(self._context, course_id, self._window))

    def choose_answers(self) -> None:
        """Ask for files of answers, and take them in."""
        kinds = f"Answers (*{ANSWERS});;All files (*)"
        chosen, _ = QFileDialog.getOpenFileNames(self._window, "Bring answers in", "", kinds)
        if chosen:
            self.take_answers([Path(one) for one in chosen])

    def take_answers(self, files: list[Path]) -> None:
        """Take files of answers in, and say of each what became of it."""
        packs = self._context.library.course_packs

        def work() -> list[tuple[Path, TakenAnswers | AlexandriaError]]:
            found: list[tuple[Path, TakenAnswers | AlexandriaError]] = []
            for file in files:
                try:
                    found.append((file, packs.take_answers(file)))
                except AlexandriaError as error:
                    found.append((file, error))
            return found

        self._context.tasks.run(work, self._on_answers, self._window.report, priority=4)

    def _on_answers(self, found: list[tuple[Path, TakenAnswers | AlexandriaError]]) -> None:
        from alexandria_desktop.ui.courses.packs.wording import told_of_answers

        taken = [one for _, one in found if not isinstance(one, AlexandriaError)]
        failed = [(file, one) for file, one in found if isinstance(one, AlexandriaError)]
        if taken:
            lines = [told_of_answers(one) for one in taken]
            self._window.say(" ".join(lines) if len(lines) < 3 else f"Answers of {len(lines)} students came in.")
            if len({one.course_id for one in taken}) == 1:
                self._window.teach_course(taken[0].course_id)
        if failed:
            listed = "\n".join(f"{file.name}: {error.message}" for file, error in failed[:6])
            more = f"\n… and {len(failed) - 6} more" if len(failed) > 6 else ""
            self._window.banner.say(listed + more, code=", ".join(sorted({str(one.code) for _, one in failed})))

    # --- the student --------------------------------------------------------------------------------------------

    def save_answers(self, course_id: UUID) -> None:
        """Ask for the name and the place, and save what the reader handed in."""
        packs = self._context.library.course_packs
        self._context.tasks.run(packs.name, lambda known: self._ask_for_name(course_id, known), self._window.report)

    def _ask_for_name(self, course_id: UUID, known: str) -> None:
        name, is_given = QInputDialog.getText(
            self._window, "Save my answers", "Your name, as your teacher knows it", text=known
        )
        if not is_given:
            return
        plain = "".join(letter if letter.isalnum() or letter in " -" else "-" for letter in name).strip()[:60]
        chosen, _ = QFileDialog.getSaveFileName(
            self._window, "Save my answers", f"{plain or 'Answers'}{ANSWERS}", f"Answers (*{ANSWERS})"
        )
        if chosen:
            target = Path(chosen)
            self.write_answers(course_id, target if target.suffix else target.with_suffix(ANSWERS), name)

    def write_answers(self, course_id: UUID, target: Path, name: str) -> None:
        """Save what the reader handed in of a course."""
        packs = self._context.library.course_packs

        def told(saved: SavedAnswers) -> None:
            attempts = f"{saved.attempts} {'attempt' if saved.attempts == 1 else 'attempts'}"
            still = f" {saved.still_open} not handed in yet is not among them." if saved.still_open else ""
            self._window.say(f"Saved {target.name} with {attempts}. Give the file to your teacher.{still}")

        self._context.tasks.run(
            lambda: packs.save_answers(course_id, target, name=name), told, self._window.report, priority=4
        )

    def _show(self, dialog: QDialog) -> None:
        self.dialog = dialog
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._on_finished)
        dialog.open()

    def _on_finished(self) -> None:
        self.dialog = None
        self._open_next()
