"""Packs and answers in the window: saved out of the builder, opened by drag, asked about, brought into the class."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import orjson
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QLabel
from pytestqt.qtbot import QtBot

from alexandria_desktop.library.course_packs import WrittenPack
from alexandria_desktop.library.library import Library
from alexandria_desktop.teach.packs.manifest import MANIFEST, SIGNATURE
from alexandria_desktop.teach.packs.signing import new_key, public_half, sign
from alexandria_desktop.ui.courses.packs.opening_dialog import OpenPackDialog
from alexandria_desktop.ui.courses.packs.saving_dialog import SavePackDialog
from alexandria_desktop.ui.session import Session
from tests.support.carrying import FREE, KEPT, build_course, free_books, take_exam
from tests.support.packs import rewritten

PATIENCE = 30_000


class Stopped(Event):
    """Stays set, as if somebody pressed Stop as soon as they could."""

    def is_set(self) -> bool:
        return True


class Street:
    """A teacher's window and a student's."""

    def __init__(self, qapp: QApplication, qtbot: QtBot, root: Path) -> None:
        self._qapp, self._qtbot, self.root = qapp, qtbot, root
        self._sessions: list[Session] = []
        self.library = Library.open(root / "teacher", vectors="numpy")
        self.course = build_course(self.library, root / "sources")
        self.pack = root / "garden.alexcourse"

    def window(self, library: Library) -> Session:
        session = Session(self._qapp, library)
        self._sessions.append(session)
        session.window.show()
        session.window.show_courses()
        return session

    def teacher(self) -> Session:
        return self.window(self.library)

    def student(self) -> Session:
        self.write()
        return self.window(Library.open(self.root / "student", vectors="numpy"))

    def write(self) -> None:
        give = free_books(self.library, self.course)
        self.library.course_packs.write(self.course, self.pack, give, author="Ada")

    def wait(self, condition: Callable[[], object]) -> None:
        self._qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE)

    def opening(self, session: Session, path: Path) -> OpenPackDialog:
        """Drop a file onto a window and wait until its dialog says what it is."""
        drop(session, path)
        dialog = session.window.packs.dialog
        assert isinstance(dialog, OpenPackDialog)
        self.wait(lambda: dialog.view is not None or dialog.error is not None)
        return dialog

    def saving(self, session: Session) -> SavePackDialog:
        session.window.save_pack(self.course)
        dialog = session.window.packs.dialog
        assert isinstance(dialog, SavePackDialog)
        self.wait(lambda: dialog.boxes)
        return dialog

    def close(self) -> None:
        for session in self._sessions:
            dialog = session.window.packs.dialog
            if dialog is not None:
                dialog.reject()
            session.window.close()
            session.close()
        if not any(one.library is self.library for one in self._sessions):
            self.library.close()


@pytest.fixture
def street(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Street]:
    found = Street(qapp, qtbot, tmp_path)
    yield found
    found.close()


def drop(session: Session, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPoint(9, 9), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    session.window.dropEvent(event)


def words(dialog: OpenPackDialog | SavePackDialog) -> str:
    return "\n".join(label.text() for label in dialog.pages.currentWidget().findChildren(QLabel))


def toast(session: Session) -> str:
    toasts = session.window.toasts.toasts()
    return "\n".join(label.text() for one in toasts for label in one.findChildren(QLabel))


def by_another_key(pack: Path) -> Path:
    thief = new_key()

    def change(members: dict[str, bytes]) -> dict[str, bytes]:
        said = orjson.dumps(orjson.loads(members[MANIFEST]) | {"key": public_half(thief).hex()})
        return members | {MANIFEST: said, SIGNATURE: sign(thief, said)}

    return rewritten(pack, change)


# --- saving ---------------------------------------------------------------------------------------------------------


def test_only_the_book_that_says_so_is_ticked(street: Street) -> None:
    dialog = street.saving(street.teacher())
    assert [(choice.title, box.isChecked()) for box, choice in dialog.boxes] == [(FREE, True), (KEPT, False)]
    assert "all rights reserved" in words(dialog)


def test_the_builder_saves_a_pack_and_tells_the_words_of_the_key(
    street: Street, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = street.teacher()
    session.window.build_course(street.course)
    builder = session.window.courses.builder
    street.wait(lambda: builder.opened.read is not None)
    qtbot.keyClick(builder, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    dialog = session.window.packs.dialog
    assert isinstance(dialog, SavePackDialog)
    street.wait(lambda: dialog.boxes)
    dialog.name.edit.setText("Ada")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(street.root / "out"), ""))
    with qtbot.waitSignal(dialog.saved, timeout=PATIENCE) as saved:
        dialog.choose.click()
    written = saved.args[0]
    assert isinstance(written, WrittenPack)
    assert written.file == street.root / "out.alexcourse"
    assert [one.title for one in written.manifest.books] == [FREE]
    assert written.manifest.author == "Ada"
    assert street.library.course_packs.key().words in words(dialog)


def test_a_copy_that_is_stopped_says_how_much_is_there_and_goes_on(street: Street, qtbot: QtBot) -> None:
    dialog = street.saving(street.teacher())
    dialog.stopping = Stopped()  # the copy is too small to be stopped by hand in time
    dialog.write(street.pack)
    street.wait(dialog.again.isVisible)
    assert "Stopped" in words(dialog)
    assert "goes on from there" in words(dialog)
    assert not street.pack.exists()
    dialog.stopping = Event()
    with qtbot.waitSignal(dialog.saved, timeout=PATIENCE) as saved:
        dialog.again.click()
    assert saved.args[0].kept > 0
    assert "were there already" in words(dialog)


def test_a_place_that_is_not_there_is_told_with_its_code(street: Street) -> None:
    dialog = street.saving(street.teacher())
    dialog.write(street.root / "no stick" / "garden.alexcourse")
    street.wait(lambda: dialog.again.isVisible())
    assert "could not be written to that place" in words(dialog)
    assert "store.disk-full" in words(dialog)


# --- opening --------------------------------------------------------------------------------------------------------


def test_a_pack_that_is_dropped_is_shown_and_then_taken(street: Street) -> None:
    session = street.student()
    dialog = street.opening(session, street.pack)
    assert dialog.view is not None
    for part in ("by Ada", FREE, dialog.view.words, "for the first time"):
        assert part in words(dialog)
    assert session.library.courses.list() == [], "nothing is taken before the reader says so"
    dialog.take.click()
    street.wait(lambda: session.window.courses.screen.page.title.text() == "A garden")
    assert session.window.stack.currentWidget() is session.window.courses.screen
    assert "1 book came along" in toast(session)
    assert [row.title for row in session.library.shelf.books()] == [FREE]


def test_a_pack_that_is_refused_leaves_everything_as_it_is(street: Street) -> None:
    session = street.student()
    dialog = street.opening(session, street.pack)
    dialog.reject()
    assert session.library.courses.list() == []
    assert session.window.packs.dialog is None


def test_a_later_issue_needs_no_question(street: Street) -> None:
    session = street.student()
    session.library.course_packs.open(street.pack)
    street.library.authoring.change_course(street.course, title="A large garden")
    street.write()
    drop(session, street.pack)
    street.wait(lambda: session.window.packs.dialog is None)
    street.wait(lambda: session.window.courses.screen.page.title.text() == "A large garden")
    assert "is up to date" in toast(session)


def test_another_key_is_taken_only_by_who_asked(street: Street) -> None:
    session = street.student()
    first = session.library.course_packs.open(street.pack)
    dialog = street.opening(session, by_another_key(street.pack))
    assert dialog.view is not None
    assert first.words in words(dialog)
    assert dialog.view.words in words(dialog)
    assert not dialog.take.isEnabled()
    dialog.asked.setChecked(True)
    dialog.take.click()
    street.wait(lambda: session.window.packs.dialog is None)
    assert session.library.course_packs.look(street.pack).other_key == dialog.view.words


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (lambda data: data[: len(data) - 900], "course.pack-cut-off"),
        (lambda data: data.replace(b"Seeds", b"Weeds"), "course.pack-changed"),
        (lambda _: b"no zip", "course.pack-damaged"),
    ],
)
def test_a_pack_that_is_not_sound_says_why(street: Street, harm: Callable[[bytes], bytes], code: str) -> None:
    session = street.student()
    street.pack.write_bytes(harm(street.pack.read_bytes()))
    dialog = street.opening(session, street.pack)
    assert dialog.error is not None
    assert code in words(dialog)
    assert dialog.error.message in words(dialog)


def test_a_double_click_opens_a_pack_like_a_book(street: Street) -> None:
    session = street.student()
    session.window.open_named(str(street.pack))
    dialog = session.window.packs.dialog
    assert isinstance(dialog, OpenPackDialog)
    street.wait(lambda: dialog.view is not None)


def test_books_that_are_dropped_beside_a_pack_are_imported(street: Street) -> None:
    session = street.student()
    drop(session, street.pack, street.root / "sources" / "kept.epub")
    assert isinstance(session.window.packs.dialog, OpenPackDialog)
    street.wait(lambda: [row.title for row in session.library.shelf.books()] == [KEPT])
    street.wait(lambda: not session.window.importing.line.isVisible())


def test_a_course_is_put_away_and_comes_back(street: Street, qtbot: QtBot) -> None:
    session = street.student()
    session.library.course_packs.open(street.pack)
    page = session.window.shelf.courses
    street.wait(lambda: [line.words for line in page.model.lines] == ["Taking", "A garden"])
    qtbot.keyClick(page.view, Qt.Key.Key_Delete)
    street.wait(lambda: page.model.lines == [])
    session.window.toasts.toasts()[-1].button.click()
    street.wait(lambda: [line.words for line in page.model.lines] == ["Taking", "A garden"])


# --- answers --------------------------------------------------------------------------------------------------------


def test_answers_are_saved_by_the_student_and_dropped_onto_the_class(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = street.student()
    opened = session.library.course_packs.open(street.pack)
    session.window.take_course(opened.course_id)
    page = session.window.courses.screen.page
    street.wait(lambda: page.title.text() == "A garden")
    assert not page.answers.isVisible(), "there is nothing to save yet"
    take_exam(session.library, opened.course_id, "beech", "Because.")
    street.wait(page.answers.isVisible)
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("Bo", True))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(street.root / "bo"), ""))
    page.answers.click()
    file = street.root / "bo.alexanswers"
    street.wait(lambda: "Saved bo.alexanswers with 1 attempt" in toast(session))
    teacher = street.teacher()
    drop(teacher, file)
    street.wait(lambda: teacher.window.stack.currentWidget() is teacher.window.courses.class_page)
    street.wait(lambda: teacher.window.courses.class_page.model.rowCount() == 1)
    assert "Bo: 1 new attempt" in toast(teacher)
    assert len(teacher.library.teaching.to_grade(street.course)) == 1


def test_answers_that_are_none_are_told(street: Street) -> None:
    session = street.teacher()
    file = street.root / "no.alexanswers"
    file.write_text("nothing")
    drop(session, file)
    street.wait(session.window.banner.isVisible)
    assert "no.alexanswers" in "\n".join(label.text() for label in session.window.banner.findChildren(QLabel))


def test_a_course_that_a_server_brings_saves_no_answers(street: Street) -> None:
    session = street.teacher()
    session.window.take_course(street.course)
    page = session.window.courses.screen.page
    street.wait(lambda: page.title.text() == "A garden")
    take_exam(session.library, street.course, "beech")
    street.wait(lambda: session.library.learning.standing(session.library.courses.document(street.course)).tries)
    assert not page.answers.isVisible()
