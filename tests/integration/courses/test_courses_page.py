"""The page of courses says what there is, begins courses, and removes them with a way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import update

from alexandria_desktop.library.library import Library
from alexandria_desktop.library.standing import SyncStatus
from alexandria_desktop.store.unit_of_work import UnitOfWork
from alexandria_desktop.ui.courses.courses_page import CoursesPage
from alexandria_desktop.ui.courses.join_dialog import JoinDialog
from alexandria_desktop.ui.session import Session
from alexandria_desktop.ui.widgets.empty_state import EmptyState
from sync.schema.tables import table


@pytest.fixture
def session(qapp: QApplication, tmp_path: Path) -> Iterator[Session]:
    opened = Session(qapp, Library.open(tmp_path / "library", vectors="numpy"))
    opened.window.show()
    opened.window.show_courses()
    yield opened
    opened.close()


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> CoursesPage:
    found = session.window.shelf.courses
    qtbot.waitUntil(lambda: found.isVisible() and bool(found.findChildren(EmptyState)))
    return found


def shown(page: CoursesPage) -> list[str]:
    return [line.words for line in page.model.lines]


def becomes(qtbot: QtBot, look: Callable[[], object], wanted: object) -> None:
    qtbot.waitUntil(lambda: look() == wanted)


def test_without_courses_it_says_how_to_begin(page: CoursesPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: any(one.isVisible() and one.button.isVisible() for one in page.findChildren(EmptyState)))
    assert not page.new.isVisible()


def test_a_course_that_was_made_stands_under_teaching(session: Session, page: CoursesPage, qtbot: QtBot) -> None:
    session.library.authoring.make_course("The origin of species")
    becomes(qtbot, lambda: shown(page), ["Teaching", "The origin of species"])
    assert page.view.isVisible()


def test_a_new_course_is_made_and_opened(page: CoursesPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.begun) as opened:
        page.begin()
    becomes(qtbot, page.current, opened.args[0])


def test_delete_removes_a_course_and_undo_brings_it_back(session: Session, page: CoursesPage, qtbot: QtBot) -> None:
    session.library.authoring.make_course("The origin of species")
    becomes(qtbot, lambda: len(shown(page)), 2)
    qtbot.keyClick(page.view, Qt.Key.Key_Delete)
    becomes(qtbot, lambda: shown(page), [])
    session.window.toasts.toasts()[-1].button.click()
    becomes(qtbot, lambda: shown(page), ["Teaching", "The origin of species"])


def test_the_filter_keeps_what_holds_the_words(session: Session, page: CoursesPage, qtbot: QtBot) -> None:
    for title in ("The origin of species", "Problems of philosophy"):
        session.library.authoring.make_course(title)
    becomes(qtbot, lambda: len(shown(page)), 3)
    page.field.setText("philo")
    becomes(qtbot, lambda: shown(page), ["Teaching", "Problems of philosophy"])


def refuse(session: Session, wish: UUID) -> None:
    """Have the server's word come on a wish."""

    def write(unit: UnitOfWork) -> None:
        asked = table("requests")
        verdict = {"verdict": "refused", "verdict_code": "invitation_unknown"}
        unit.connection.execute(update(asked).where(asked.c.id == wish).values(**verdict))
        unit.touch("requests", wish)

    session.library._core.write(write)


def test_without_a_server_the_way_into_a_course_leads_to_the_account(
    session: Session, page: CoursesPage, qtbot: QtBot
) -> None:
    page.join()
    (dialog,) = session.window.findChildren(JoinDialog)
    qtbot.waitUntil(lambda: not dialog.code.isEnabled())
    assert dialog.account.isVisible()
    dialog.account.click()
    qtbot.waitUntil(lambda: session.window.shelf.account is not None and session.window.shelf.account.isVisible())


def test_what_is_wrong_with_a_code_is_said_below_it_and_what_was_typed_stays(
    session: Session, page: CoursesPage, qtbot: QtBot
) -> None:
    page.join()
    (dialog,) = session.window.findChildren(JoinDialog)
    dialog._show_standing(SyncStatus(server="https://books.example.org"))
    dialog.code.edit.setText("7KQM")
    dialog.join()
    qtbot.waitUntil(lambda: bool(dialog.code.complaint))
    assert dialog.code.complaint.startswith("A code has 12 letters")
    assert dialog.code.edit.text() == "7KQM"
    assert session.library.joining.wishes() == []


def test_a_wish_stands_above_the_list_until_it_is_put_aside(session: Session, page: CoursesPage, qtbot: QtBot) -> None:
    wish = session.library.joining.join("7kqm 2xpd 9rta")
    qtbot.waitUntil(page.wishes.isVisible)
    assert page.wishes.lines[0].accessibleName() == "7KQM-2XPD-9RTA is asked for when your server is next reached."
    refuse(session, wish)
    qtbot.waitUntil(lambda: "No course has this code" in page.wishes.lines[0].accessibleName())
    page.wishes.lines[0].close_button.click()
    qtbot.waitUntil(lambda: not page.wishes.isVisible())
    assert session.library.joining.wishes() == []


def test_a_code_is_asked_for_even_if_the_dialog_is_closed_at_once(
    session: Session, page: CoursesPage, qtbot: QtBot
) -> None:
    page.join()
    (dialog,) = session.window.findChildren(JoinDialog)
    dialog._show_standing(SyncStatus(server="https://books.example.org"))
    dialog.code.edit.setText("7KQM-2XPD-9RTA")
    dialog.join()
    dialog.reject()
    qtbot.waitUntil(page.wishes.isVisible)
    assert [one.code for one in session.library.joining.wishes()] == ["7KQM-2XPD-9RTA"]


def test_a_dialog_that_was_closed_hears_of_nothing(session: Session, page: CoursesPage, qtbot: QtBot) -> None:
    for _ in range(20):
        page.join()
        for dialog in session.window.findChildren(JoinDialog):
            dialog.reject()
        qtbot.wait(0)
    session.tasks.wait()
    qtbot.waitUntil(lambda: not session.window.findChildren(JoinDialog))
