"""A real window, a real gateway, and a second library of the same account."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from alexandria_desktop.library.library import Library
from alexandria_desktop.ui.account.page import AccountPage
from alexandria_desktop.ui.session import Session
from tests.server.serving import PASSWORD
from tests.sync.conftest import account, address
from tests.sync.desks import sign_in
from tests.sync.laptops import Account

__all__ = ["account", "address"]
PATIENCE = 30_000


class Desk:
    """One run of the program in front of an account."""

    def __init__(self, qapp: QApplication, qtbot: QtBot, root: Path, *, wait: bool = True) -> None:
        self._qtbot = qtbot
        self.session = Session(qapp, Library.open(root, vectors="numpy"))
        self.library = self.session.library
        self.window = self.session.window
        self.session.start()
        self.window.resize(1280, 800)
        if wait:
            self.wait(lambda: self.line)

    @property
    def line(self) -> str:
        """What the sidebar says."""
        return self.window.shelf.sidebar.account.words

    @property
    def page(self) -> AccountPage:
        """The account screen, which has been opened."""
        page = self.window.shelf.account
        assert page is not None
        return page

    def wait(self, condition: Callable[[], object]) -> None:
        self._qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE)

    def show_account(self) -> AccountPage:
        self.window.do("account")
        self.wait(lambda: self.page.form.isVisible() or self.page.panel.isVisible())
        return self.page

    def show_account_locked(self) -> AccountPage:
        self.window.do("account")
        self.wait(lambda: self.page.lock.isVisible())
        return self.page

    def type_in(self, server: str, email: str, password: str = PASSWORD) -> None:
        """Fill the form and press its button."""
        form = self.page.form
        for field, words in ((form.server, server), (form.email, email), (form.password, password)):
            field.edit.setText(words)
        form.submit.click()

    def sign_in(self, account: Account) -> None:
        """Sign in through the form, and see the first round through."""
        self.show_account()
        self.type_in(account.address, account.email)
        self.wait(lambda: self.line == "Synced just now")

    def end(self) -> None:
        self.window.close()
        self.session.close()


@pytest.fixture
def desk(qapp: QApplication, qtbot: QtBot, tmp_path: Path, drawer: object) -> Iterator[Desk]:
    found = Desk(qapp, qtbot, tmp_path / "desk")
    yield found
    found.end()


@pytest.fixture
def other(tmp_path: Path, account: Account, drawer: object) -> Iterator[Library]:
    """Another device of the account."""
    with Library.open(tmp_path / "other", vectors="numpy") as found:
        sign_in(found, account)
        yield found
