"""Files that come and go by the reader's wishes: always here for a collection, given back, covers with the shelf."""

from __future__ import annotations

import io
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from PIL import Image

from alexandria_desktop import cli
from alexandria_desktop.base.errors import AlexandriaError, Code
from alexandria_desktop.library.book_files import Carried
from alexandria_desktop.library.covers import cover_file
from alexandria_desktop.library.library import Library
from alexandria_desktop.library.syncing import Cancelled
from tests.support.epubs import make_epub
from tests.support.relay import Relay
from tests.sync.desks import add_note, sign_in
from tests.sync.laptops import Account

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("drawer")]


@pytest.fixture
def line(account: Account) -> Iterator[Relay]:
    with Relay(account.address) as found:
        yield found


@pytest.fixture
def here(tmp_path: Path, account: Account, line: Relay) -> Iterator[Library]:
    with Library.open(tmp_path / "here", vectors="numpy") as found:
        sign_in(found, replace(account, address=line.address))
        yield found


@pytest.fixture
def there(tmp_path: Path, account: Account) -> Iterator[Library]:
    with Library.open(tmp_path / "there", vectors="numpy") as found:
        sign_in(found, account)
        yield found


def add_book(library: Library, folder: Path, title: str) -> UUID:
    path = make_epub(folder / f"{title}.epub", [("One", f"<p>Words of {title}.</p>")], title=title)
    book = library.import_paths([path])[0].book_id
    assert book is not None
    return book


def in_step(one: Library, other: Library) -> None:
    for library in (one, other):
        library.syncing.sync()
        library.carry_files(anyhow=True)


def is_here(library: Library, book: UUID) -> bool:
    row = next(row for row in library.shelf.books() if row.id == book)
    file = library.shelf.details(book).file
    assert file is not None
    assert row.is_here == (file.path is not None)
    return row.is_here


def test_a_file_is_given_back_and_comes_again_when_it_is_wanted(here: Library, there: Library, tmp_path: Path) -> None:
    here.set({"files_travel": True})
    note = add_note(here, tmp_path, "kept")
    book = here.shelf.books()[0].id
    in_step(here, there)
    path = here.reading.file_of(book).path
    assert here.files.give_back([book]) == 1
    assert not path.exists()
    assert not is_here(here, book)
    assert here.files.give_back([book]) == 0
    assert [one.id for one in here.notes.all()] == [note]
    assert here.finding.search("Ishmael")[0].book_id == book, "its words are still found"
    in_step(here, there)
    assert [row.title for row in there.shelf.books()] == ["Moby-Dick"], "no other device loses the book"
    here.fetch_file(book)
    assert is_here(here, book)
    here.reading.open(book).close()


def test_the_only_copy_of_a_file_is_not_given_back(here: Library, tmp_path: Path) -> None:
    book, second = add_book(here, tmp_path, "First"), add_book(here, tmp_path, "Second")
    here.syncing.sync()
    with pytest.raises(AlexandriaError) as refused:
        here.files.give_back([book, second])
    assert refused.value.code is Code.BOOK_ONLY_HERE
    assert is_here(here, book)
    assert is_here(here, second)


def test_a_file_is_not_given_back_while_nobody_can_say_whether_there_is_another(
    here: Library, line: Relay, tmp_path: Path
) -> None:
    book = add_book(here, tmp_path, "First")
    here.set({"files_travel": True})
    here.syncing.sync()
    assert here.carry_files().sent == 1
    line.cut()
    with pytest.raises(AlexandriaError) as unknown:
        here.files.give_back([book])
    assert unknown.value.code is Code.SYNC_UNREACHABLE
    assert is_here(here, book)


def test_the_files_of_a_chosen_collection_are_always_here(here: Library, there: Library, tmp_path: Path) -> None:
    here.set({"files_travel": True})
    chosen, other = add_book(here, tmp_path, "Chosen"), add_book(here, tmp_path, "Other")
    shelf = here.shelf.make_collection("For the train")
    here.shelf.put_in(shelf, [chosen])
    in_step(here, there)
    assert not is_here(there, chosen), "on demand, unless the reader says otherwise"
    there.files.keep_here(shelf, always=True)
    assert there.carry_files().fetched == 1
    assert (is_here(there, chosen), is_here(there, other)) == (True, False)
    assert there.finding.search("Chosen")[0].book_id == chosen, "what has come is indexed"
    here.shelf.put_in(shelf, [other])
    in_step(here, there)
    assert is_here(there, other), "what is put in the collection later comes too"
    there.files.keep_here(shelf, always=False)
    assert there.files.always_here() == frozenset()
    assert is_here(there, chosen), "nothing is taken away by that"


def test_a_wanted_file_that_no_computer_has_handed_in_keeps_nothing_else_from_coming(
    here: Library, there: Library, tmp_path: Path
) -> None:
    first = add_book(here, tmp_path, "Never sent")
    shelf = here.shelf.make_collection("All")
    here.shelf.put_in(shelf, [first])
    in_step(here, there)
    there.files.keep_here(shelf, always=True)
    assert there.carry_files() == Carried(absent=1)
    here.set({"files_travel": True})
    second = add_book(here, tmp_path, "Sent")
    here.shelf.put_in(shelf, [second])
    in_step(here, there)
    assert is_here(there, first)
    assert is_here(there, second)


def test_covers_come_with_the_shelf_though_files_stay(here: Library, there: Library, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "Comic.cbz", "w") as archive:
        page = io.BytesIO()
        Image.new("RGB", (120, 180), "teal").save(page, "PNG")
        archive.writestr("1.png", page.getvalue())
    book = here.import_paths([tmp_path / "Comic.cbz"])[0].book_id
    row = next(row for row in here.shelf.books() if row.id == book)
    assert row.cover is not None
    in_step(here, there)
    there.syncing.sync()
    assert (
        cover_file(there.paths.covers, row.cover).read_bytes() == cover_file(here.paths.covers, row.cover).read_bytes()
    )
    assert not is_here(there, row.id)


def test_nothing_is_asked_of_the_server_where_nothing_is_to_be_done(here: Library, line: Relay, tmp_path: Path) -> None:
    here.set({"files_travel": True})
    add_book(here, tmp_path, "First")
    here.syncing.sync()
    assert here.carry_files().sent == 1
    line.cut()
    assert here.carry_files() == Carried(), "a server that is away is not missed"
    with pytest.raises(AlexandriaError):
        here.carry_files(anyhow=True)


@pytest.mark.parametrize("place", [0, 1])
def test_a_file_that_is_damaged_here_is_not_sent_and_keeps_no_other_from_going(
    here: Library, tmp_path: Path, place: int
) -> None:
    here.set({"files_travel": True})
    paths = [here.reading.file_of(add_book(here, tmp_path, title)).path for title in ("First", "Second")]
    whole = paths[place].read_bytes()
    paths[place].write_bytes(whole[:-5] + b"other")
    here.syncing.sync()
    with pytest.raises(AlexandriaError) as damaged:
        here.carry_files()
    assert damaged.value.message.startswith("A file on this computer is damaged")
    with here.syncing.files() as client:
        assert client.known(path.stem for path in paths).readable == {paths[1 - place].stem}
    paths[place].write_bytes(whole)
    assert here.carry_files().sent == 1


def test_a_file_that_has_not_arrived_whole_in_a_folder_keeps_no_other_from_coming(
    here: Library, there: Library, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    for library in (here, there):
        library.syncing.join_folder(stick)
    here.set({"files_travel": True})
    books = [add_book(here, tmp_path, title) for title in ("First", "Second")]
    shelf = here.shelf.make_collection("For the train")
    here.shelf.put_in(shelf, books)
    in_step(here, there)
    there.files.keep_here(shelf, always=True)
    for late in books:
        (kept,) = (stick / "files").rglob(f"{here.reading.file_of(late).path.stem}.epub")
        whole = kept.read_bytes()
        kept.write_bytes(b"")
        with pytest.raises(AlexandriaError) as incomplete:
            there.carry_files(anyhow=True)
        assert incomplete.value.code is Code.SYNC_UNREACHABLE
        assert {book for book in books if is_here(there, book)} == {*books} - {late}
        kept.write_bytes(whole)
        there.files.give_back(set(books) - {late})


def test_what_is_called_off_before_its_first_request_asks_nothing_of_a_server_that_does_not_answer(
    here: Library, line: Relay, tmp_path: Path
) -> None:
    here.set({"files_travel": True})
    add_book(here, tmp_path, "First")
    is_called_off = threading.Event()

    def look_once() -> bool:
        was_called_off = is_called_off.is_set()
        if not was_called_off:  # just behind this look
            is_called_off.set()
            here.syncing.stop()
        return was_called_off

    line.hush()
    began = time.monotonic()
    with pytest.raises(Cancelled):
        here.syncing.sync(is_cancelled=look_once)
    here.stop_carrying()
    assert here.carry_files(anyhow=True, is_cancelled=is_called_off.is_set) == Carried()
    assert time.monotonic() - began < 30, "a server is waited for a minute"


def test_files_go_to_a_new_home_though_the_one_before_has_them(here: Library, tmp_path: Path) -> None:
    here.set({"files_travel": True})
    add_book(here, tmp_path, "First")
    here.syncing.sync()
    assert (here.carry_files().sent, here.carry_files().sent) == (1, 0)
    stick = tmp_path / "stick"
    stick.mkdir()
    here.syncing.join_folder(stick)
    here.syncing.sync()
    assert (here.carry_files().sent, here.carry_files().sent) == (1, 0)


def test_the_command_line_fetches_gives_back_and_keeps(
    here: Library, there: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here.set({"files_travel": True})
    book = add_book(here, tmp_path, "Chosen")
    here.shelf.put_in(here.shelf.make_collection("For the train"), [book])
    in_step(here, there)

    def run(*words: str) -> tuple[int, str]:
        status = cli.run(["--library", str(there.paths.root), *words])
        said = capsys.readouterr()
        return status, said.out + said.err

    assert run("fetch", "Chosen") == (0, "The file is here.\n")
    assert is_here(there, book)
    assert run("give-back", "Chosen")[0] == 0
    assert not is_here(there, book)
    assert run("give-back", "Chosen") == (0, "It was not here.\n")
    assert run("keep", "for the TRAIN")[1] == "The files of “For the train” are always kept here.\n"
    assert run("sync")[0] == 0
    assert is_here(there, book)
    status, words = run("keep", "Nothing")
    assert (status, words) == (2, "No collection is called “Nothing”. [collection.unknown]\n")
