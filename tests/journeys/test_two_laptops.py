"""Two windows of one account: a highlight comes over, and what both wrote on a train is kept until one chooses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from alexandria_desktop.library.library import Library
from alexandria_desktop.ui.account.cards import DifferenceCard
from alexandria_desktop.ui.account.page import AccountPage
from alexandria_desktop.ui.session import Session
from tests.server.serving import PASSWORD
from tests.support.epubs import novel
from tests.support.relay import Relay
from tests.sync.conftest import account, address
from tests.sync.laptops import Account

__all__ = ["account", "address"]
pytestmark = [pytest.mark.web, pytest.mark.postgres, pytest.mark.usefixtures("drawer")]

PATIENCE = 30_000
TITLE = "The made-up novel"


class Window:
    """One laptop, on a line of its own."""

    def __init__(self, qapp: QApplication, qtbot: QtBot, root: Path) -> None:
        self.qtbot = qtbot
        self.session = Session(qapp, Library.open(root, vectors="numpy"))
        self.library, self.window = self.session.library, self.session.window
        self.session.start()
        self.window.resize(1280, 800)

    @property
    def line(self) -> str:
        return self.window.shelf.sidebar.account.words

    @property
    def page(self) -> AccountPage:
        page = self.window.shelf.account
        assert page is not None
        return page

    def wait(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE)

    def sign_in(self, server: str, email: str) -> None:
        self.window.do("account")
        self.wait(lambda: self.page.form.isVisible())
        form = self.page.form
        for field, words in ((form.server, server), (form.email, email), (form.password, PASSWORD)):
            field.edit.setFocus()
            QTest.keyClicks(field.edit, words)
        QTest.keyClick(form.password.edit, Qt.Key.Key_Return)
        self.wait(lambda: self.line == "Synced just now")

    def highlight(self) -> str:
        """Mark the next words on the first page; returns them."""
        with self.qtbot.waitSignal(self.window.book_shown, timeout=PATIENCE):
            self.window.open_named(TITLE)
        reader = self.window.reader
        with self.qtbot.waitSignal(reader.surface.selected, timeout=PATIENCE):  # type: ignore[union-attr]
            reader.do("select-forward")
            reader.do("select-forward")
        reader.do("highlight")
        self.wait(lambda: self.library.notes.all())
        return self.library.notes.all()[0].quote

    def write(self, words: str) -> None:
        """Write on the highlight that was made last, beside its page."""
        reader = self.window.reader
        reader.do("note")
        self.wait(lambda: reader.editor.isVisible())
        QTest.keyClicks(reader.editor.text, words)
        QTest.keyClick(reader.editor.text, Qt.Key.Key_Escape)
        self.wait(lambda: self.library.notes.all()[0].text == words)

    def end(self) -> None:
        self.window.close()
        self.session.close()


def test_a_highlight_comes_over_and_two_texts_of_a_note_are_kept_until_one_is_chosen(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, account: Account
) -> None:
    with Relay(account.address) as line:
        first, second = (Window(qapp, qtbot, tmp_path / name) for name in ("first", "second"))
        first.library.import_paths([novel(tmp_path / "novel.epub", chapters=2)])
        first.sign_in(line.address, account.email)
        second.sign_in(line.address, account.email)
        assert [row.title for row in second.library.shelf.books()] == [TITLE]

        quote = first.highlight()
        first.wait(lambda: first.library.syncing.status().waiting == 0)
        second.window.do("all-notes")
        second.window.do("sync")
        notes = second.window.shelf.notes.model
        second.wait(lambda: [row.note.quote for row in notes.lines if row.note] == [quote])

        line.cut()
        first.write("the whale is fate")
        note = first.library.notes.all()[0].id
        second.library.notes.edit(note, text="the whale is nature")
        first.wait(lambda: first.library.syncing.status().problem)
        second.wait(lambda: second.line.startswith("Offline, "))
        line.mend()

        second.window.do("sync")
        second.wait(lambda: second.library.syncing.status().waiting == 0)
        first.window.do("sync")
        first.wait(lambda: first.library.syncing.conflicts())
        kept = first.library.notes.get(note).text
        assert "fate" in kept
        assert "nature" in kept

        first.window.do("differences")
        first.wait(lambda: first.page.attention.cards)
        card = first.page.attention.cards[0]
        assert isinstance(card, DifferenceCard)
        card.theirs.click()
        first.wait(lambda: first.library.notes.get(note).text == "the whale is nature")
        first.wait(lambda: first.line == "Synced just now" and first.library.syncing.status().waiting == 0)
        second.window.do("sync")
        second.wait(lambda: second.library.notes.get(note).text == "the whale is nature")
        first.end()
        second.end()
