"""Signing in through the form: what is said when it goes wrong, and that nothing typed is lost."""

from __future__ import annotations

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from alexandria_desktop.ui.account.panel import IN_KEYRING, IN_MEMORY
from sync.schema.ids import uuid7
from tests.integration.account.conftest import Desk
from tests.server.serving import PASSWORD
from tests.sync.laptops import Account

pytestmark = pytest.mark.postgres


def test_the_line_leads_to_the_form_and_the_form_to_a_round(desk: Desk, account: Account, qtbot: QtBot) -> None:
    assert desk.line == "Keep devices in step"
    qtbot.mouseClick(desk.window.shelf.sidebar.account, Qt.MouseButton.LeftButton)
    desk.wait(lambda: desk.page.form.isVisible())
    form = desk.page.form
    form.server.edit.setText(account.address)
    form.email.edit.setText(account.email)
    form.password.edit.setText(PASSWORD)
    qtbot.keyClick(form.password.edit, Qt.Key.Key_Return)
    desk.wait(lambda: desk.page.panel.isVisible() and desk.line == "Synced just now")
    panel = desk.page.panel
    assert panel.who.text() == "Ann"
    assert account.email in panel.where.text()
    assert panel.token.text() == IN_KEYRING
    assert form.password.edit.text() == ""


def test_a_wrong_password_is_said_at_the_password_and_all_stays(desk: Desk, account: Account) -> None:
    form = desk.show_account().form
    desk.type_in(account.address, account.email, "not this one")
    desk.wait(lambda: form.password.complaint)
    assert form.password.complaint == "Email and password do not belong together."
    typed = [field.edit.text() for field in (form.server, form.email, form.password)]
    assert typed == [account.address, account.email, "not this one"]
    assert form.submit.isEnabled()


@pytest.mark.parametrize(
    ("server", "sentence"),
    [
        ("http://books.example.org", "not encrypted"),
        ("no address", "not the address of a server"),
        ("127.0.0.1:9", "does not answer"),
    ],
)
def test_a_server_that_cannot_be_had_is_said_at_its_address(desk: Desk, server: str, sentence: str) -> None:
    form = desk.show_account().form
    desk.type_in(server, "ann@example.org")
    desk.wait(lambda: form.server.complaint)
    assert sentence in form.server.complaint
    assert "waits" not in form.server.complaint, "nothing waits for a server that is asked for the first time"
    assert form.server.edit.accessibleDescription() == form.server.complaint
    assert form.server.edit.text() == server


def test_an_account_is_made_in_the_same_form(desk: Desk, address: str) -> None:
    page = desk.show_account()
    form = page.form
    form.kind.choose("sign-up")
    form.kind.chosen.emit("sign-up")
    desk.type_in(address, f"{uuid7()}@example.org")
    assert form.name.complaint
    form.name.edit.setText("Bea")
    form.submit.click()
    desk.wait(lambda: page.panel.isVisible())
    assert page.panel.who.text() == "Bea"


def test_without_a_keyring_it_is_said_how_long_the_session_lasts(desk: Desk, account: Account) -> None:
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]
    desk.sign_in(account)
    assert desk.page.panel.token.text() == IN_MEMORY


def test_signing_out_keeps_the_library_and_asks_to_sign_in_again(desk: Desk, account: Account) -> None:
    desk.sign_in(account)
    desk.page.panel.sign_out.click()
    desk.wait(lambda: desk.page.form.isVisible() and desk.line == "Sign in again")
    assert desk.page.form.email.edit.text() == account.email
    assert not desk.page.form.kind.isVisible()
    said = [toast.accessibleName() for toast in desk.window.toasts.toasts()]
    assert said == ["Signed out. The library stays on this computer."]
