"""Differences and refused changes on the screen, settled each way, and taken back."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtGui import QGuiApplication

from alexandria_desktop.library.library import Library
from alexandria_desktop.ui.account.cards import DifferenceCard, RefusedCard
from tests.integration.account.conftest import Desk
from tests.support.server import ServerDatabase
from tests.sync.desks import add_note, differ, refuse
from tests.sync.laptops import Account

pytestmark = pytest.mark.postgres

MINE, THEIRS = "the whale is fate", "the whale is nature"


def differing(desk: Desk, other: Library, account: Account, folder: Path) -> UUID:
    desk.sign_in(account)
    note = add_note(desk.library, folder, "the whale")
    desk.window.background.keeping.cancel()
    differ(desk.library, other, note, mine=MINE, theirs=THEIRS)
    desk.window.do("differences")
    desk.wait(lambda: desk.page.attention.cards)
    return note


@pytest.mark.parametrize(("button", "text"), [("mine", MINE), ("theirs", THEIRS), ("both", None)])
def test_a_difference_is_settled_and_taken_back(
    desk: Desk, other: Library, account: Account, tmp_path: Path, button: str, text: str | None
) -> None:
    note = differing(desk, other, account, tmp_path)
    both = desk.library.notes.get(note).text
    (card,) = desk.page.attention.cards
    assert isinstance(card, DifferenceCard)
    assert card.accessibleName() == "You changed this note here and on another device. Moby-Dick"
    lit = [[piece.text.strip() for piece in view._pieces if piece.differs] for view in card.texts]
    assert lit == [["fate"], ["nature"]]
    assert not card.both.isHidden()
    desk.wait(lambda: desk.line == "1 difference to look at")
    getattr(card, button).click()
    desk.wait(lambda: not desk.page.attention.cards and desk.line != "1 difference to look at")
    assert desk.library.notes.get(note).text == (text or both)
    desk.wait(lambda: desk.window.toasts.toasts())
    desk.window.toasts.toasts()[-1].undone.emit()
    desk.wait(lambda: len(desk.page.attention.cards) == 1)
    assert desk.library.notes.get(note).text == both


def test_a_refused_change_is_shown_with_its_reason_and_put_aside_with_a_way_back(
    desk: Desk, account: Account, tmp_path: Path, server_database: ServerDatabase
) -> None:
    desk.sign_in(account)
    note = add_note(desk.library, tmp_path, "the whale")
    refuse(desk.library, server_database, note, "lost at sea")
    desk.window.do("differences")
    desk.wait(lambda: desk.page.attention.cards)
    (card,) = desk.page.attention.cards
    assert isinstance(card, RefusedCard)
    assert card.accessibleName() == "The server did not take your change to this note. Moby-Dick"
    card.copy.click()
    assert QGuiApplication.clipboard().text() == "lost at sea"
    card.put_aside.click()
    desk.wait(lambda: not desk.page.attention.cards and desk.window.toasts.toasts())
    desk.window.toasts.toasts()[-1].undone.emit()
    desk.wait(lambda: desk.page.attention.cards)
    again = desk.page.attention.cards[0]
    assert isinstance(again, RefusedCard)
    again.try_again.click()
    desk.wait(lambda: desk.line == "Synced just now" and not desk.page.attention.cards)
    assert desk.library.notes.get(note).text == "lost at sea"
