"""A folder as the home of whole libraries: joining, moving between homes, and what is said when it cannot go on."""

from __future__ import annotations

import errno
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from itertools import count
from pathlib import Path
from uuid import UUID

import pytest
from filelock import FileLock

from alexandria_desktop import cli
from alexandria_desktop.base.errors import AlexandriaError, Code
from alexandria_desktop.library.library import Library
from alexandria_desktop.library.syncing import Cancelled, Turn
from sync.folder import ledger
from sync.folder.layout import MANIFEST, OWN_NAME, begin, manifest_of
from sync.schema.ids import uuid7
from tests.server.serving import PASSWORD
from tests.support.epubs import make_epub
from tests.sync.desks import WORDS
from tests.sync.folder.carrier import copy
from tests.sync.folder.killing import failing
from tests.sync.laptops import Account, make_account

pytestmark = pytest.mark.usefixtures("drawer")


class Desks:
    """Libraries on one table, with a stick between them."""

    def __init__(self, root: Path, carried: Path, stack: ExitStack) -> None:
        self.root = root
        self.stick = carried / "stick"
        self.stick.mkdir()
        self._stack = stack
        self._count = 0

    def new(self) -> Library:
        self._count += 1
        return self._stack.enter_context(Library.open(self.root / f"library-{self._count}", vectors="numpy"))

    def joined(self) -> Library:
        found = self.new()
        found.syncing.join_folder(self.stick)
        found.syncing.sync()
        return found

    def note(self, library: Library, text: str, title: str = "Moby-Dick") -> UUID:
        path = self.root / f"{title}.epub"
        if not path.exists():  # the same file for all: another one of that name is another edition
            make_epub(path, [("Loomings", f"<p>{WORDS}</p>")], title=title)
        book = library.import_paths([path])[0].book_id
        assert book is not None
        return library.notes.add(book, library.notes.find_quote(book, "Call me Ishmael"), text=text).id


@pytest.fixture
def desks(tmp_path: Path, carried: Path) -> Iterator[Desks]:
    with ExitStack() as stack:
        yield Desks(tmp_path, carried, stack)


def texts(library: Library) -> set[str]:
    return {note.text for note in library.notes.all()}


def settle(*libraries: Library) -> None:
    for _ in range(2):
        for one in libraries:
            one.syncing.sync()


def refused(work: object, *arguments: object) -> AlexandriaError:
    with pytest.raises(AlexandriaError) as found:
        work(*arguments)  # type: ignore[operator]
    return found.value


def test_two_populated_libraries_that_join_one_folder_become_one(desks: Desks) -> None:
    one, other = desks.new(), desks.new()
    for library, words in ((one, "of one"), (other, "of the other")):
        desks.note(library, words)
    for library in (one, other):
        assert library.syncing.join_folder(desks.stick).is_signed_in
    settle(one, other)
    assert texts(one) == texts(other) == {"of one", "of the other"}
    assert [row.title for row in one.shelf.books()] == [row.title for row in other.shelf.books()] == ["Moby-Dick"]
    assert other.finding.search("Ishmael")[0].title == "Moby-Dick", "the index goes with the book's new id"
    status = other.syncing.status()
    assert (status.folder, status.waiting, status.refused, status.problem) == (str(desks.stick), 0, 0, None)
    assert not one.syncing.conflicts()
    assert not other.syncing.conflicts()


def test_a_folder_that_is_not_there_keeps_what_waits(desks: Desks) -> None:
    one = desks.joined()
    desks.note(one, "written on a train")
    desks.stick.rename(desks.stick.parent / "pulled out")
    error = refused(one.syncing.sync)
    assert error.code is Code.SYNC_UNREACHABLE
    assert str(desks.stick) in error.message
    desks.stick.mkdir()  # the mount point, empty
    assert refused(one.syncing.sync).code is Code.SYNC_UNREACHABLE
    problem = one.syncing.status().problem
    assert problem is not None
    assert problem.turn is Turn.NETWORK
    assert one.syncing.status().waiting > 0
    desks.stick.rmdir()
    (desks.stick.parent / "pulled out").rename(desks.stick)
    one.syncing.sync()
    assert one.syncing.status().waiting == 0
    assert texts(desks.joined()) == {"written on a train"}


@pytest.mark.parametrize(
    ("number", "code"), [(errno.ENOSPC, Code.SYNC_FOLDER_FULL), (errno.EROFS, Code.SYNC_FOLDER_READ_ONLY)]
)
def test_a_folder_that_takes_nothing_says_so_in_a_sentence_for_the_reader(
    desks: Desks, number: int, code: Code
) -> None:
    one = desks.joined()
    desks.note(one, "x")
    with failing(desks.stick, number):
        error = refused(one.syncing.sync)
    assert error.code is code
    assert str(desks.stick) in error.message
    assert error.message.endswith("What waits is kept.")
    problem = one.syncing.status().problem
    assert problem is not None
    assert problem.turn is Turn.READER
    one.syncing.sync()
    assert (one.syncing.status().problem, one.syncing.status().waiting) == (None, 0)


def test_another_folder_in_its_place_is_not_written_to_until_it_is_chosen(desks: Desks) -> None:
    one = desks.joined()
    desks.note(one, "x")
    one.syncing.sync()
    shutil.rmtree(desks.stick)
    desks.stick.mkdir()
    begin(desks.stick, uuid7())
    before = sorted(desks.stick.rglob("*"))
    error = refused(one.syncing.sync)
    assert error.code is Code.SYNC_FOLDER_CHANGED
    assert sorted(desks.stick.rglob("*")) == before
    one.syncing.join_folder(desks.stick)
    one.syncing.sync()
    assert texts(desks.joined()) == {"x"}


def test_two_computers_that_began_a_folder_at_once_come_together_when_one_chooses_it_anew(desks: Desks) -> None:
    one, other = desks.joined(), desks.new()
    desks.note(one, "of one")
    one.syncing.sync()
    second = desks.stick.parent / "second"
    second.mkdir()
    other.syncing.join_folder(second)
    desks.note(other, "of the other")
    other.syncing.sync()
    shutil.rmtree(second)
    copy(desks.stick, second)  # the sync tool let the first one's manifest win
    assert refused(other.syncing.sync).code is Code.SYNC_FOLDER_CHANGED
    other.syncing.join_folder(second)
    other.syncing.sync()
    assert texts(other) == {"of one", "of the other"}


@pytest.mark.parametrize("sound", [0, 4096], ids=["all", "all but its beginning"])
def test_a_ledger_that_is_damaged_is_made_again_from_the_folder(desks: Desks, sound: int) -> None:
    one, other = desks.joined(), desks.joined()
    desks.note(one, "of one")
    settle(one, other)
    desks.note(other, "of the other", title="Dracula")
    desks.note(one, "still waiting", title="Emma")
    file = one.paths.folder_ledger
    file.write_bytes(file.read_bytes()[:sound] + b"\xff" * (file.stat().st_size - sound))
    assert refused(one.syncing.sync).code is Code.SYNC_UNREACHABLE
    settle(other, one)
    assert texts(one) == texts(other) == {"of one", "of the other", "still waiting"}
    assert (one.syncing.status().problem, one.syncing.conflicts()) == (None, [])


def test_a_ledger_that_another_program_holds_is_waited_for(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    one = desks.joined()
    desks.note(one, "of one")
    monkeypatch.setattr(ledger, "_HOW", "PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 10")
    with closing(sqlite3.connect(one.paths.folder_ledger, isolation_level=None)) as another:
        another.execute("BEGIN IMMEDIATE")
        assert refused(one.syncing.sync).code is Code.SYNC_UNREACHABLE
    one.syncing.sync()
    assert one.syncing.status().waiting == 0


def test_a_folder_of_others_is_refused(desks: Desks) -> None:
    one = desks.joined()
    theirs = desks.stick.parent / "theirs"
    theirs.mkdir()
    begin(theirs, uuid7())
    error = refused(one.syncing.join_folder, theirs)
    assert error.code is Code.SYNC_OTHER_ACCOUNT
    assert one.syncing.status().folder == str(desks.stick)
    one.syncing.leave_folder()
    one.syncing.join_folder(theirs)
    one.syncing.sync()


def test_a_folder_of_a_newer_program_is_left_alone(desks: Desks) -> None:
    one = desks.joined()
    manifest = desks.stick / MANIFEST
    manifest.write_text(manifest.read_text().replace('"format": 1', '"format": 2'))
    assert refused(one.syncing.sync).code is Code.SYNC_FOLDER_NEWER


def test_in_a_folder_with_other_things_a_folder_of_its_own_is_made(desks: Desks) -> None:
    (desks.stick / "holiday.jpg").touch()
    one, other = desks.joined(), desks.joined()
    assert one.syncing.status().folder == other.syncing.status().folder == str(desks.stick / OWN_NAME)
    assert sorted(path.name for path in desks.stick.iterdir()) == [OWN_NAME, "holiday.jpg"]


def test_a_folder_whose_manifest_has_not_arrived_is_not_begun_a_second_time(desks: Desks) -> None:
    desks.joined()
    (desks.stick / MANIFEST).rename(desks.stick.parent / "on its way")
    other = desks.new()
    assert refused(other.syncing.join_folder, desks.stick).code is Code.SYNC_UNREACHABLE
    (desks.stick.parent / "on its way").rename(desks.stick / MANIFEST)
    other.syncing.join_folder(desks.stick)


def test_leaving_and_coming_back_loses_nothing_and_brings_nothing_back(desks: Desks) -> None:
    one, other = desks.joined(), desks.joined()
    note = desks.note(one, "x")
    settle(one, other)
    assert not other.syncing.leave_folder().has_account
    other.notes.delete(note)
    desks.note(other, "alone", title="Emma")
    other.syncing.join_folder(desks.stick)
    settle(other, one)
    assert texts(one) == texts(other) == {"alone"}


def test_files_of_books_go_by_the_folder_and_are_read_whole_or_not_at_all(desks: Desks) -> None:
    one, other = desks.joined(), desks.joined()
    path = make_epub(desks.root / "b.epub", [("One", "<p>Words of the first chapter.</p>")], title="B")
    book = one.import_paths([path])[0].book_id
    assert book is not None
    one.syncing.sync()
    assert one.carry_files(anyhow=True).sent == 0, "files stay unless the reader wants them to go"
    one.files.let_travel(wanted=True)
    assert one.carry_files(anyhow=True).sent == 1
    (kept,) = (desks.stick / "files").rglob("*.epub")
    other.syncing.sync()
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-5])
    assert refused(other.fetch_file, book).code is Code.SYNC_UNREACHABLE
    assert refused(one.files.give_back, [book]).code is Code.BOOK_ONLY_HERE, "a name alone is no copy"
    kept.write_bytes(whole)
    other.fetch_file(book)
    other.reading.open(book).close()
    assert one.files.give_back([book]) == 1
    one.fetch_file(book)
    assert list(desks.stick.rglob("*.part")) == []


def test_the_command_line_joins_a_folder_and_keeps_in_step(desks: Desks, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*words: str) -> tuple[int, list[dict[str, object]]]:
        status = cli.run(["--library", str(desks.root / "by hand"), "--json", *words])
        return status, [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert run("join-folder", str(desks.stick)) == (0, [{"folder": str(desks.stick)}])
    status, (said,) = run("sync")
    assert (status, said["refused"]) == (0, 0)
    status, (said,) = run("sync", "status")
    assert (status, said["folder"], said["waiting"]) == (0, str(desks.stick), 0)
    assert run("sync", "verify") == (1, [{"compared": False, "differed": []}]), (
        "a folder cannot say what should be here"
    )
    assert run("leave-folder")[0] == 0
    assert run("sync")[0] == 1


# --- from one home to the other ---------------------------------------------------------------------------------------


@pytest.mark.postgres
def test_from_a_folder_to_an_account_everything_moves_and_the_second_library_follows(
    desks: Desks, account: Account
) -> None:
    one, other = desks.joined(), desks.joined()
    desks.note(one, "of one")
    gone = desks.note(one, "gone", title="Emma")
    settle(one, other)
    other.notes.delete(gone)
    desks.note(other, "of the other", title="Dracula")
    other.syncing.sync()
    desks.note(one, "still waiting")
    status = one.syncing.sign_in(account.address, account.email, PASSWORD)
    assert (status.folder, status.server) == ("", account.address)
    one.syncing.sync()
    assert texts(one) == {"of one", "of the other", "still waiting"}, "a last round brought what the folder had"
    other.syncing.sign_in(account.address, account.email, PASSWORD)
    settle(other, one)
    for library in (one, other):
        assert texts(library) == {"of one", "of the other", "still waiting"}
        assert sorted(row.title for row in library.shelf.books()) == ["Dracula", "Emma", "Moby-Dick"], (
            "none is there twice"
        )
        assert (library.syncing.status().waiting, library.syncing.status().refused) == (0, 0)


@pytest.mark.postgres
def test_a_round_that_waited_while_another_process_moved_the_library_is_run_with_the_new_home(
    desks: Desks, account: Account
) -> None:
    one = desks.joined()
    desks.note(one, "of one")
    with Library.open(one.paths.root, vectors="numpy") as second:

        def move_first() -> bool:
            if second.syncing.status().folder:
                second.syncing.sign_in(account.address, account.email, PASSWORD)
            return False

        one.syncing.sync(is_cancelled=move_first)
    assert one.syncing.status().waiting == 0
    other = desks.new()
    other.syncing.sign_in(account.address, account.email, PASSWORD)
    other.syncing.sync()
    assert texts(other) == texts(one) == {"of one"}


@pytest.mark.postgres
def test_a_library_does_not_move_while_another_process_is_in_a_round(desks: Desks, account: Account) -> None:
    one = desks.new()
    asked = count(1)
    with FileLock(one.paths.round_lock), pytest.raises(Cancelled):
        one.syncing.sign_in(account.address, account.email, PASSWORD, is_cancelled=lambda: next(asked) > 2)
    assert not one.syncing.status().has_account
    with FileLock(one.paths.round_lock), pytest.raises(Cancelled):
        one.syncing.join_folder(desks.stick, is_cancelled=lambda: next(asked) > 5)
    assert not one.syncing.status().has_account


@pytest.mark.postgres
def test_the_folder_may_be_lost_when_one_moves_to_an_account(desks: Desks, account: Account) -> None:
    one = desks.joined()
    desks.note(one, "x")
    shutil.rmtree(desks.stick)
    one.syncing.sign_in(account.address, account.email, PASSWORD)
    one.syncing.sync()
    assert texts(one) == {"x"}


@pytest.mark.postgres
def test_from_an_account_to_a_folder_everything_moves_and_no_other_account_gets_it(
    desks: Desks, account: Account
) -> None:
    one, other = desks.new(), desks.new()
    for library in (one, other):
        library.syncing.sign_in(account.address, account.email, PASSWORD)
    desks.note(one, "of one")
    settle(one, other)
    desks.note(other, "of the other", title="Emma")
    status = one.syncing.join_folder(desks.stick)
    assert (status.server, status.folder) == ("", str(desks.stick))
    one.syncing.sync()
    other.syncing.join_folder(desks.stick)
    settle(other, one)
    assert texts(one) == texts(other) == {"of one", "of the other"}
    manifest = manifest_of(desks.stick)
    assert manifest is not None
    assert (manifest.user, manifest.server) == (account.user_id, account.address)
    second = make_account(account.address)
    third = desks.joined()
    for library in (one, third):
        error = refused(library.syncing.sign_in, second.address, second.email, PASSWORD)
        assert error.code is Code.SYNC_OTHER_ACCOUNT
    third.syncing.sign_in(account.address, account.email, PASSWORD)
    third.syncing.sync()
    assert texts(third) == {"of one", "of the other"}


@pytest.mark.postgres
@pytest.mark.parametrize("is_edited", [False, True])
def test_what_was_removed_in_the_folder_is_removed_in_the_account_to_which_the_library_comes_back(
    desks: Desks, account: Account, *, is_edited: bool
) -> None:
    one, other = desks.new(), desks.new()
    for library in (one, other):
        library.syncing.sign_in(account.address, account.email, PASSWORD)
    gone = desks.note(one, "to be removed")
    desks.note(one, "kept")
    settle(one, other)
    one.syncing.join_folder(desks.stick)
    one.syncing.sync()
    one.notes.delete(gone)
    one.syncing.sync()
    if is_edited:
        other.syncing.sign_in(account.address, account.email, PASSWORD)  # one keyring: the first signed both out
        other.notes.edit(gone, text="to be removed? no")
        other.syncing.sync()
    one.syncing.sign_in(account.address, account.email, PASSWORD)
    settle(one, other)
    left = {"kept"} | ({"to be removed? no"} if is_edited else set())
    assert texts(one) == texts(other) == left, "an edit that the removal had not seen keeps the note"


@pytest.mark.postgres
def test_an_account_does_not_join_a_folder_of_somebody_else(desks: Desks, account: Account) -> None:
    desks.joined()
    one = desks.new()
    one.syncing.sign_in(account.address, account.email, PASSWORD)
    assert refused(one.syncing.join_folder, desks.stick).code is Code.SYNC_OTHER_ACCOUNT
    assert one.syncing.status().server == account.address
