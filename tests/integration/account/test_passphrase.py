"""Staying signed in without a keyring, in the window: offered, locked at the next start, unlocked once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from alexandria_desktop.base import locked_file, secrets
from alexandria_desktop.ui.account.panel import IN_FILE, IN_MEMORY
from tests.integration.account.conftest import Desk
from tests.sync.laptops import Account

pytestmark = pytest.mark.postgres
WORDS = "correct horse battery"


@pytest.fixture
def start(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, drawer: object, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], Desk]]:
    """Starts the program anew, without a keyring."""
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]
    monkeypatch.setenv("ALEXANDRIA_STATE", str(tmp_path / "state"))
    desks: list[Desk] = []

    def opened() -> Desk:
        if desks:
            desks.pop().end()
        secrets._memory.clear()
        desks.append(Desk(qapp, qtbot, tmp_path / "desk"))
        return desks[-1]

    yield opened
    desks.pop().end()


def keep(desk: Desk, account: Account) -> None:
    desk.sign_in(account)
    offer = desk.page.offer
    desk.wait(offer.isVisible)
    assert desk.page.panel.token.text() == IN_MEMORY
    offer.open.click()
    offer.passphrase.edit.setText(WORDS)
    offer.again.edit.setText(WORDS)
    offer.keep.click()
    desk.wait(lambda: desk.page.panel.token.text() == IN_FILE and not offer.isVisible())
    assert offer.passphrase.edit.text() == ""


def test_a_session_is_kept_locked_at_the_next_start_and_unlocked_once(
    start: Callable[[], Desk], account: Account, qtbot: QtBot
) -> None:
    keep(start(), account)
    desk = start()
    desk.wait(lambda: desk.line == "Unlock to sync")
    desk.library.set({"page": "written while locked"})
    page = desk.show_account_locked()
    assert not page.form.isVisible()
    assert not page.panel.isVisible()
    desk.wait(lambda: desk.window.focusWidget() is page.lock.passphrase.edit)
    page.lock.passphrase.edit.setText("not this passphrase")
    page.lock.unlock.click()
    desk.wait(lambda: "secrets.wrong-passphrase" in page.lock.passphrase.complaint)
    assert page.lock.passphrase.edit.isEnabled()
    page.lock.passphrase.edit.setText(WORDS)
    qtbot.keyClick(page.lock.passphrase.edit, Qt.Key.Key_Return)
    desk.wait(lambda: page.panel.isVisible() and desk.line == "Synced just now")
    assert not page.lock.isVisible()
    assert page.panel.token.text() == IN_FILE
    assert desk.library.syncing.status().waiting == 0


def test_two_different_passphrases_and_a_short_one_are_said_at_the_field(
    start: Callable[[], Desk], account: Account
) -> None:
    desk = start()
    desk.sign_in(account)
    offer = desk.page.offer
    desk.wait(offer.isVisible)
    offer.open.click()
    offer.passphrase.edit.setText(WORDS)
    offer.keep.click()
    assert offer.again.complaint
    offer.passphrase.edit.setText("short")
    offer.again.edit.setText("short")
    offer.keep.click()
    desk.wait(lambda: "secrets.short-passphrase" in offer.passphrase.complaint)
    assert not locked_file.locked_file().exists()


def test_a_lost_passphrase_leads_to_the_password_or_out(start: Callable[[], Desk], account: Account) -> None:
    keep(start(), account)
    desk = start()
    page = desk.show_account_locked()
    page.lock.password.click()
    desk.wait(page.form.isVisible)
    assert page.form.email.edit.text() == account.email
    page.lock.sign_out.click()
    desk.wait(lambda: not page.lock.isVisible() and desk.line == "Sign in again")
    assert not locked_file.locked_file().exists()
