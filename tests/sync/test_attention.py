"""What the reader is shown after a round: differences and refused changes, settled and taken back."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from alexandria_desktop.base import secrets
from alexandria_desktop.library.library import Library
from alexandria_desktop.library.syncing import Cancelled, Choice, Written
from alexandria_desktop.store.changes import Changes
from tests.server.serving import PASSWORD
from tests.support.server import ServerDatabase
from tests.sync.desks import add_note, differ, refuse, sign_in
from tests.sync.laptops import Account

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("drawer")]

MINE, THEIRS = "the whale is fate", "the whale is nature"


@pytest.fixture
def two(tmp_path: Path, account: Account) -> Iterator[tuple[Library, Library]]:
    with (
        Library.open(tmp_path / "here", vectors="numpy") as here,
        Library.open(tmp_path / "there", vectors="numpy") as there,
    ):
        sign_in(here, account)
        sign_in(there, account)
        yield here, there


@pytest.mark.parametrize(("choice", "text"), [(Choice.MINE, MINE), (Choice.THEIRS, THEIRS), (Written("!"), "!")])
def test_a_difference_is_settled_and_the_choice_reaches_the_other_device(
    two: tuple[Library, Library], tmp_path: Path, choice: Choice | Written, text: str
) -> None:
    here, there = two
    note = add_note(here, tmp_path, "the whale")
    differ(here, there, note, mine=MINE, theirs=THEIRS)
    (found,) = here.syncing.conflicts()
    assert (found.mine, found.theirs, found.about) == (MINE, THEIRS, "Moby-Dick")
    both = found.now
    assert "fate" in both
    assert "nature" in both
    before = here.syncing.keep(found.id, choice)
    assert before == both
    assert here.notes.get(note).text == text
    assert here.syncing.conflicts() == []
    here.syncing.reopen(found.id, before)
    assert here.notes.get(note).text == both
    here.syncing.keep(here.syncing.conflicts()[0].id, choice)
    here.syncing.sync()
    there.syncing.sync()
    assert there.notes.get(note).text == text


def test_what_one_deleted_and_the_other_changed_can_be_deleted_after_all(
    two: tuple[Library, Library], tmp_path: Path
) -> None:
    here, there = two
    note = add_note(here, tmp_path, "the whale")
    here.syncing.sync()
    there.syncing.sync()
    there.notes.edit(note, text=THEIRS)
    there.syncing.sync()
    here.notes.delete(note)
    here.syncing.sync()
    (found,) = here.syncing.conflicts()
    assert (found.column, found.now, here.notes.get(note).text) == ("deleted_at", None, THEIRS)
    before = here.syncing.keep(found.id, Choice.MINE)
    assert here.notes.get(note).deleted
    here.syncing.reopen(found.id, before)
    assert not here.notes.get(note).deleted


def test_a_refused_change_is_put_aside_brought_back_and_tried_again(
    two: tuple[Library, Library], tmp_path: Path, server_database: ServerDatabase
) -> None:
    here, _ = two
    note = add_note(here, tmp_path, "the whale")
    refuse(here, server_database, note, "lost at sea")
    (found,) = here.syncing.refused()
    assert (found.code, found.values["note_text"], found.about) == ("invalid_value", "lost at sea", "Moby-Dick")
    heard: list[Changes] = []
    here.subscribe(heard.append)
    aside = here.syncing.put_aside(found.sequence)
    assert here.syncing.refused() == []
    assert aside is not None
    here.syncing.bring_back(aside)
    assert here.syncing.refused() == [found]
    here.syncing.try_again(found.sequence)
    assert (here.syncing.status().refused, here.syncing.status().waiting) == (0, 1)
    assert all(changes.touches("outbox") for changes in heard)
    assert len(heard) == 3


def test_a_round_is_cut_off_in_the_middle_of_a_request(two: tuple[Library, Library], account: Account) -> None:
    here, _ = two
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        address = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        here._core.database.library.run(
            lambda connection: connection.exec_driver_sql(
                "UPDATE local_state SET value = ? WHERE key = 'sync.server'", (f'"{address}"',)
            )
        )
        secrets.keep(f"{address} {account.email}", "alx_" + "a" * 43)
        asked = threading.Event()
        outcome: list[Exception] = []

        def round_() -> None:
            try:
                here.syncing.sync(is_cancelled=asked.is_set)
            except Cancelled as cancelled:
                outcome.append(cancelled)

        thread = threading.Thread(target=round_)
        thread.start()
        connection, _ = deaf.accept()
        with connection:
            assert connection.recv(16)
            asked.set()
            here.syncing.stop()
            thread.join(5)
    assert len(outcome) == 1
    assert here.syncing.status().problem is None


def test_a_sign_in_that_is_called_off_leaves_no_account(tmp_path: Path, account: Account) -> None:
    with Library.open(tmp_path / "library", vectors="numpy") as library:
        with pytest.raises(Cancelled):
            library.syncing.sign_in(account.address, account.email, PASSWORD, is_cancelled=lambda: True)
        assert not library.syncing.status().has_account
