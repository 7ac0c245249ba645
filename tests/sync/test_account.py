"""The account of a library as window and command line see it: signing in, rounds, what is said when it fails."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring

from alexandria_desktop import cli
from alexandria_desktop.base import secrets
from alexandria_desktop.base.errors import AlexandriaError, Code
from alexandria_desktop.library.installation import ROUNDS
from alexandria_desktop.library.library import Library
from alexandria_desktop.library.sessions import name_of
from alexandria_desktop.library.syncing import Cancelled, Turn
from sync.client.accounts import server_address
from sync.client.facts import remember
from sync.protocol.errors import Refused
from sync.schema.ids import uuid7
from tests.server.serving import PASSWORD
from tests.support.drawer import Drawer
from tests.support.epubs import make_epub
from tests.support.relay import Relay
from tests.sync.laptops import Account, make_account

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("drawer")]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", vectors="numpy") as found:
        yield found


def test_a_library_with_books_and_notes_signs_in_and_is_on_the_other(
    library: Library, account: Account, tmp_path: Path
) -> None:
    path = make_epub(tmp_path / "whale.epub", [("Loomings", "<p>Call me Ishmael, he said.</p>")], title="The Whale")
    book = library.import_paths([path])[0].book_id
    assert book is not None
    library.notes.add(book, library.notes.find_quote(book, "Call me Ishmael"), text="the opening")
    assert library.syncing.sign_in(account.address, account.email, PASSWORD).is_signed_in
    library.syncing.sync()
    assert library.finding.search("Ishmael")[0].title == "The Whale", "the index goes with the book's new id"
    assert library.catch_up() == 0
    with Library.open(tmp_path / "other", vectors="numpy") as other:
        other.syncing.sign_in(account.address, account.email, PASSWORD)
        other.syncing.sync()
        assert [(note.text, note.quote) for note in other.notes.all()] == [("the opening", "Call me Ishmael")]
        assert [row.title for row in other.shelf.books()] == ["The Whale"]
    assert library.syncing.status().waiting == 0


def test_a_note_written_after_signing_in_is_told(library: Library, account: Account, tmp_path: Path) -> None:
    library.syncing.sign_in(account.address, account.email, PASSWORD)
    path = make_epub(tmp_path / "b.epub", [("One", "<p>Some words to mark.</p>")], title="B")
    book = library.import_paths([path])[0].book_id
    assert book is not None
    assert library.syncing.status().waiting > 0
    report = library.syncing.sync()
    assert (report.rejected, library.syncing.status().waiting) == (0, 0)
    assert library.syncing.status().last_round is not None


def test_another_account_is_refused_and_nothing_is_told_to_it(library: Library, account: Account) -> None:
    library.syncing.sign_in(account.address, account.email, PASSWORD)
    second = make_account(account.address)
    with pytest.raises(AlexandriaError) as refused:
        library.syncing.sign_in(second.address, second.email, PASSWORD)
    assert refused.value.code is Code.SYNC_OTHER_ACCOUNT
    assert library.syncing.status().email == account.email


def test_a_token_of_another_account_brings_nothing_in_and_takes_nothing_out(
    library: Library, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.syncing.sign_in(account.address, account.email, PASSWORD)
    library.set({"page": "mine"})
    second = make_account(account.address)
    monkeypatch.setenv(secrets.TOKEN_VARIABLE, second.token())
    waiting = library.syncing.status().waiting
    with pytest.raises(AlexandriaError) as refused:
        library.syncing.sync()
    assert refused.value.code is Code.SYNC_OTHER_ACCOUNT
    assert library.syncing.status().waiting == waiting
    monkeypatch.delenv(secrets.TOKEN_VARIABLE)
    library.syncing.sync()
    assert library.syncing.status().waiting == 0


def test_a_wrong_password_is_said_and_changes_nothing(library: Library, account: Account) -> None:
    with pytest.raises(AlexandriaError) as refused:
        library.syncing.sign_in(account.address, account.email, "not the password")
    assert refused.value.code is Code.SYNC_WRONG_PASSWORD
    assert not library.syncing.status().has_account


def test_a_sign_in_that_was_called_off_is_so_though_the_line_went_with_it(library: Library, account: Account) -> None:
    with Relay(account.address) as line:

        def call_off() -> bool:
            line.cut()
            return True

        with pytest.raises(Cancelled):
            library.syncing.sign_in(line.address, account.email, PASSWORD, is_cancelled=call_off)
    assert not library.syncing.status().has_account


@pytest.mark.parametrize("is_in", [False, True])
def test_who_quits_waits_for_no_server_that_does_not_answer(library: Library, account: Account, is_in: bool) -> None:
    syncing, ended = library.syncing, list[AlexandriaError]()

    def sign() -> None:
        try:
            if is_in:
                syncing.sign_out()
            else:
                syncing.sign_in(line.address, account.email, PASSWORD)
        except AlexandriaError as error:
            ended.append(error)

    with Relay(account.address) as line:
        if is_in:
            syncing.sign_in(line.address, account.email, PASSWORD)
        line.hush()
        thread = threading.Thread(target=sign)
        thread.start()
        library.hang_up()
        thread.join(30)
        assert [error.code for error in ended] == [Code.SYNC_UNREACHABLE], "a server is waited for a minute"


def test_a_server_that_is_away_is_said_and_what_waits_is_kept(library: Library, account: Account) -> None:
    library.syncing.sign_in(account.address, account.email, PASSWORD)
    library.set({"page": "x"})
    waiting = library.syncing.status().waiting
    library._core.database.library.run(
        lambda connection: connection.exec_driver_sql(
            "UPDATE local_state SET value = '\"http://127.0.0.1:9\"' WHERE key = 'sync.server'"
        )
    )
    secrets.keep(name_of(library.syncing.status()), "alx_" + "a" * 43)
    with pytest.raises(AlexandriaError) as away:
        library.syncing.sync()
    assert away.value.code is Code.SYNC_UNREACHABLE
    status = library.syncing.status()
    assert status.problem is not None
    assert (status.problem.turn, status.waiting) == (Turn.NETWORK, waiting)


def test_a_session_that_was_ended_elsewhere_asks_to_sign_in_again(library: Library, account: Account) -> None:
    library.syncing.sign_in(account.address, account.email, PASSWORD)
    library.syncing.sync()
    secrets.keep(name_of(library.syncing.status()), "alx_" + "a" * 43)
    with pytest.raises(AlexandriaError) as ended:
        library.syncing.sync()
    assert ended.value.code is Code.SYNC_SIGNED_OUT
    problem = library.syncing.status().problem
    assert problem is not None
    assert problem.turn is Turn.READER
    library.syncing.sign_in(account.address, account.email, PASSWORD)
    assert library.syncing.status().problem is None
    library.syncing.sync()


def test_the_token_is_in_the_keyring_and_not_in_the_library(library: Library, account: Account, drawer: Drawer) -> None:
    library.syncing.sign_in(account.address, account.email, PASSWORD)
    (token,) = drawer.kept.values()
    library.syncing.sync()
    for path in library.paths.root.rglob("*"):
        if path.is_file():
            assert token.encode() not in path.read_bytes(), path
    library.syncing.sign_out()
    assert drawer.kept == {}
    assert not library.syncing.status().is_signed_in


def test_leaving_with_one_library_of_an_account_leaves_the_other_signed_in(
    library: Library, account: Account, tmp_path: Path
) -> None:
    library.syncing.sign_in(account.address, account.email, PASSWORD)
    with Library.open(tmp_path / "second") as second:
        second.syncing.sign_in(account.address, account.email, PASSWORD)
        second.syncing.sync()
        library.syncing.sign_out()
        assert not library.syncing.status().is_signed_in
        second.syncing.sync()


def test_a_token_that_an_older_program_kept_for_all_libraries_is_taken_over(
    library: Library, account: Account, drawer: Drawer
) -> None:
    library.syncing.sign_in(account.address, account.email, PASSWORD)
    (token,) = drawer.kept.values()
    drawer.kept.clear()
    drawer.kept[secrets.SERVICE, f"{account.address} {account.email}"] = token
    library.syncing.sync()
    assert (secrets.SERVICE, name_of(library.syncing.status())) in drawer.kept
    library.syncing.sign_out()
    assert drawer.kept == {}


def test_a_library_that_takes_a_new_device_stays_signed_in(library: Library, account: Account) -> None:
    library.syncing.sign_in(account.address, account.email, PASSWORD)
    library.syncing.sync()
    before = library.syncing.status().device
    library._core.database.library.run(lambda connection: remember(connection, ROUNDS, 0))  # as a backup put back
    library.syncing.sync()
    after = library.syncing.status()
    assert after.device != before
    assert after.is_signed_in


def test_without_a_keyring_the_session_lasts_as_long_as_the_program(library: Library, account: Account) -> None:
    keyring.set_keyring(NoKeyring())
    library.syncing.sign_in(account.address, account.email, PASSWORD)
    assert library.syncing.kept_in is secrets.Kept.MEMORY
    assert library.syncing.status().is_signed_in
    library.syncing.sync()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("books.example.org", "https://books.example.org"),
        (" https://books.example.org/ ", "https://books.example.org"),
        ("books.example.org:8443/alexandria", "https://books.example.org:8443/alexandria"),
        ("localhost:8765", "http://localhost:8765"),
        ("http://127.0.0.1:8765", "http://127.0.0.1:8765"),
        ("http://[::1]:8765", "http://[::1]:8765"),
    ],
)
def test_an_address_is_read_as_people_type_it(typed: str, kept: str) -> None:
    assert server_address(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "http://books.example.org", "ftp://x", "https://", "https://u:p@x.org", "https://x.org:nan", "a b"]
)
def test_an_address_that_would_show_the_password_or_is_none_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        server_address(typed)


def test_the_command_line_signs_in_and_keeps_in_step(
    tmp_path: Path, account: Account, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*words: str) -> tuple[int, list[dict[str, object]]]:
        status = cli.run(["--library", str(tmp_path / uuid), "--json", *words])
        return status, [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    uuid = str(uuid7())
    (tmp_path / "password").write_text(PASSWORD + "\n")
    with (tmp_path / "password").open() as answers:
        monkeypatch.setattr("sys.stdin", answers)
        assert run("sign-in", account.address, account.email)[0] == 0
    status, (said,) = run("sync")
    assert (status, said["refused"]) == (0, 0)
    status, (said,) = run("sync", "status")
    assert (status, said["email"], said["waiting"]) == (0, account.email, 0)
    assert run("sign-out")[0] == 0
    assert run("sync")[0] == 1


def test_a_library_is_compared_with_what_it_should_be_once_a_week(
    library: Library, account: Account, caplog: pytest.LogCaptureFixture
) -> None:
    library.syncing.sign_in(account.address, account.email, PASSWORD)
    library.set({"page": "mine"})
    assert library.syncing.verify(only_if_due=True) == []
    library._core.database.library.run(lambda connection: connection.exec_driver_sql("DELETE FROM user_preferences"))
    assert library.syncing.verify(only_if_due=True) is None, "it was compared a moment ago"
    with caplog.at_level("ERROR"):
        assert library.syncing.verify() == ["user_preferences"]
    assert library.settings()["page"] == "mine"
    assert library.syncing.verify() == []
