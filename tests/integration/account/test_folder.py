"""A folder instead of a server, from the account screen: choosing it, what is shown, leaving it, moving on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from alexandria_desktop.library.library import Library
from alexandria_desktop.ui.account.panel import IN_FOLDER
from sync.folder.layout import begin
from sync.schema.ids import uuid7
from tests.integration.account.conftest import Desk
from tests.sync.desks import add_note
from tests.sync.laptops import Account


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    found = tmp_path / "stick"
    found.mkdir()
    return found


@pytest.fixture
def desk(qapp: QApplication, qtbot: QtBot, tmp_path: Path, drawer: object) -> Iterator[Desk]:
    found = Desk(qapp, qtbot, tmp_path / "desk")
    yield found
    found.end()


def choose(desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Choose a folder as the reader would; only the system's own dialog is left out."""
    desk.show_account()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    desk.page.folder.choose.click()


def test_a_folder_is_chosen_and_the_panel_shows_it(
    desk: Desk, stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(desk, stick, monkeypatch)
    desk.wait(lambda: desk.page.panel.isVisible() and desk.line == "Synced just now")
    panel = desk.page.panel
    assert panel.where.text() == str(stick)
    assert panel.token.text() == IN_FOLDER
    assert panel.waits.text() == "Nothing waits to be sent."
    shown = (desk.page.form, desk.page.folder, panel.metered, panel.server)
    assert [part.isVisible() for part in shown] == [False, False, False, True]
    with Library.open(tmp_path / "other", vectors="numpy") as other:
        other.syncing.join_folder(stick)
        note = add_note(other, tmp_path, "from the other one")
        other.syncing.sync()
    panel.sync.click()
    desk.wait(lambda: note in {one.id for one in desk.library.notes.all()})


def test_a_folder_of_others_is_said_below_the_button_and_nothing_changes(
    desk: Desk, stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    begin(theirs, uuid7())
    choose(desk, stick, monkeypatch)
    desk.wait(lambda: desk.page.panel.isVisible() and desk.line == "Synced just now")
    desk.page.folder.join(theirs)
    desk.wait(lambda: desk.page.folder.complaint)
    assert "(sync.other-account)" in desk.page.folder.complaint
    assert desk.library.syncing.status().folder == str(stick)


def test_a_stick_that_is_pulled_out_is_said_and_what_waits_is_counted(
    desk: Desk, stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(desk, stick, monkeypatch)
    desk.wait(lambda: desk.page.panel.isVisible() and desk.line == "Synced just now")
    stick.rename(tmp_path / "pocket")
    add_note(desk.library, tmp_path, "x")
    desk.page.panel.sync.click()
    desk.wait(lambda: desk.line.startswith("Folder away, ") and desk.page.banner.isVisible())
    (tmp_path / "pocket").rename(stick)
    desk.page.panel.sync.click()
    desk.wait(lambda: desk.line == "Synced just now" and not desk.page.banner.isVisible())


def test_leaving_the_folder_offers_everything_again(desk: Desk, stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    choose(desk, stick, monkeypatch)
    desk.wait(lambda: desk.page.panel.isVisible() and desk.line == "Synced just now")
    desk.page.panel.sign_out.click()
    desk.wait(lambda: desk.page.form.isVisible() and desk.line == "Keep devices in step")
    assert desk.page.folder.isVisible()
    assert not desk.page.panel.isVisible()


@pytest.mark.postgres
def test_from_the_folder_one_signs_in_to_a_server(
    desk: Desk, stick: Path, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(desk, stick, monkeypatch)
    desk.wait(lambda: desk.page.panel.isVisible() and desk.line == "Synced just now")
    desk.page.panel.server.click()
    desk.wait(lambda: desk.page.form.isVisible())
    kinds = [button.property("kind") for button in (desk.page.panel.sync, desk.page.form.submit)]
    assert kinds == ["plain", "primary"], "a screen has one primary button"
    desk.type_in(account.address, account.email)
    desk.wait(lambda: not desk.page.form.isVisible() and account.email in desk.page.panel.where.text())
    desk.wait(lambda: desk.line == "Synced just now")
    assert desk.page.folder.isVisible(), "one can move back"
