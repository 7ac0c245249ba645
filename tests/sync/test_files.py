"""Book files: they go where the reader wants them, come when a book is opened, and survive every cut."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import httpx
import pytest

from alexandria_desktop.base import secrets
from alexandria_desktop.base.errors import AlexandriaError, Code
from alexandria_desktop.library.library import Library
from sync.client.blobs import BlobClient
from sync.protocol.blobs import Interrupted
from sync.protocol.errors import Damaged, Refused, Unreachable
from tests.server.serving import PASSWORD
from tests.support.disks import fill
from tests.support.epubs import make_epub
from tests.sync.laptops import Account, make_account

SECONDS = 20.0

pytestmark = pytest.mark.postgres


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_memory", {})
    monkeypatch.setattr(secrets, "keyring_is_safe", lambda: False)


@pytest.fixture
def client(account: Account) -> Iterator[BlobClient]:
    found = BlobClient(account.address, account.token())
    yield found
    found.close()


def some_file(folder: Path, size: int = 10 * 1024**2 + 7) -> tuple[Path, str]:
    path = folder / "a file"
    path.write_bytes(os.urandom(size))
    return path, hashlib.sha256(path.read_bytes()).hexdigest()


def signed_in(folder: Path, account: Account) -> Library:
    library = Library.open(folder, vectors="numpy")
    library.syncing.sign_in(account.address, account.email, PASSWORD)
    return library


def test_a_book_is_read_on_the_other_laptop_once_its_file_may_travel(tmp_path: Path, account: Account) -> None:
    path = make_epub(tmp_path / "b.epub", [("One", "<p>Words of the first chapter.</p>")], title="B")
    with signed_in(tmp_path / "one", account) as one, signed_in(tmp_path / "other", account) as other:
        book = one.import_paths([path])[0].book_id
        assert book is not None
        one.syncing.sync()
        assert one.carry_files(anyhow=True).sent == 0, "files stay unless the reader wants them to go"
        other.syncing.sync()
        with pytest.raises(AlexandriaError) as missing:
            other.reading.open(book).close()
        assert missing.value.code is Code.BOOK_FILE_MISSING
        with pytest.raises(AlexandriaError) as nowhere:
            other.fetch_file(book)
        assert nowhere.value.code is Code.BOOK_FILE_MISSING
        one.set({"files_travel": True})
        assert one.carry_files(anyhow=True).sent == 1
        assert one.carry_files(anyhow=True).sent == 0, "what is there is not sent again"
        other.fetch_file(book)
        other.reading.open(book).close()
        assert other.finding.search("chapter")[0].title == "B", "what has come is indexed"


def test_a_full_disk_is_said_and_what_came_of_a_file_is_gone_on_with(
    tmp_path: Path, account: Account, small_disk: Path
) -> None:
    words = "".join(f"<p>{os.urandom(500).hex()}</p>" for _ in range(1_000))
    path = make_epub(tmp_path / "b.epub", [("One", words)], title="B")
    with signed_in(tmp_path / "one", account) as one, signed_in(small_disk / "other", account) as other:
        one.set({"files_travel": True})
        book = one.import_paths([path])[0].book_id
        assert book is not None
        one.syncing.sync()
        assert one.carry_files().sent == 1
        other.syncing.sync()
        filler = fill(small_disk, leave=200_000)
        with pytest.raises(AlexandriaError) as full:
            other.fetch_file(book)
        assert full.value.code is Code.STORE_FULL
        filler.unlink()
        other.fetch_file(book)
        other.reading.open(book).close()


def test_a_file_that_is_missing_here_stays_elsewhere(tmp_path: Path, account: Account) -> None:
    path = make_epub(tmp_path / "b.epub", [("One", "<p>Words.</p>")], title="B")
    with signed_in(tmp_path / "one", account) as one, signed_in(tmp_path / "other", account) as other:
        one.set({"files_travel": True})
        book = one.import_paths([path])[0].book_id
        assert book is not None
        one.syncing.sync()
        one.carry_files()
        other.syncing.sync()
        other.fetch_file(book)
        one.reading.file_of(book).path.unlink()
        one.carry_files()
        one.syncing.sync()
        other.syncing.sync()
        other.reading.open(book).close()
        one.fetch_file(book)
        one.reading.open(book).close()


def test_what_was_cut_off_goes_on_where_it_was(tmp_path: Path, client: BlobClient) -> None:
    path, sha256 = some_file(tmp_path)
    begun: list[str] = []
    with pytest.raises(Interrupted):
        client.send(path, sha256, "application/pdf", on_begin=begun.append, is_cancelled=lambda: True)
    done: list[int] = []
    client.send(path, sha256, "application/pdf", upload=begun[0], on_begin=begun.append,
                on_progress=lambda at, _: done.append(at))  # fmt: skip
    assert len(begun) == 1
    assert done[0] > 4 * 1024**2, "the first piece was not sent again"
    target = tmp_path / "came"
    calls = iter([False, False, True])
    with pytest.raises(Interrupted):
        client.fetch(sha256, target, is_cancelled=lambda: next(calls))
    part = target.with_name("came.part")
    had = part.stat().st_size
    assert 0 < had < path.stat().st_size
    assert not target.exists()
    came: list[int] = []
    client.fetch(sha256, target, on_progress=lambda at, _: came.append(at))
    assert came[0] > had
    assert target.read_bytes() == path.read_bytes()
    assert not part.exists()


def test_a_file_that_gets_shorter_while_it_is_sent_ends_the_sending(tmp_path: Path, client: BlobClient) -> None:
    path, sha256 = some_file(tmp_path)
    asked = count(1)

    def cut_it_short() -> bool:
        path.write_bytes(b"a beginning")
        return next(asked) > 9  # or it would ask for ever

    with pytest.raises(Damaged):
        client.send(path, sha256, "application/pdf", is_cancelled=cut_it_short)
    assert not client.known([sha256]).readable


def test_a_file_that_two_fetch_at_once_is_whole(tmp_path: Path, client: BlobClient, account: Account) -> None:
    path, sha256 = some_file(tmp_path)
    client.send(path, sha256, "application/pdf")
    target = tmp_path / "books" / "came"
    calls = iter([False, True])
    with pytest.raises(Interrupted):
        client.fetch(sha256, target, is_cancelled=lambda: next(calls))
    second, moved = BlobClient(account.address, account.token()), list[int]()
    waits_or_is_done = threading.Event()

    def wait_for_turn() -> bool:
        if not moved:
            waits_or_is_done.set()
        return False

    def fetch_too() -> None:
        second.fetch(sha256, target, on_progress=lambda done, _: moved.append(done), is_cancelled=wait_for_turn)
        waits_or_is_done.set()

    thread = threading.Thread(target=fetch_too)

    def let_another_begin() -> bool:
        if thread.ident is None:
            thread.start()
            assert waits_or_is_done.wait(SECONDS)
        return False

    client.fetch(sha256, target, is_cancelled=let_another_begin)
    thread.join(SECONDS)
    second.close()
    assert target.read_bytes() == path.read_bytes()
    assert not moved, "what has come meanwhile is not fetched again"
    assert [one.name for one in target.parent.iterdir()] == ["came"]


def test_a_part_that_was_damaged_is_fetched_anew(tmp_path: Path, client: BlobClient) -> None:
    path, sha256 = some_file(tmp_path, 300_000)
    client.send(path, sha256, "application/pdf")
    target = tmp_path / "came"
    target.with_name("came.part").write_bytes(b"x" * 1000)
    with pytest.raises(Unreachable):
        client.fetch(sha256, target)
    assert not target.exists()
    client.fetch(sha256, target)
    assert target.read_bytes() == path.read_bytes()


@pytest.mark.parametrize("extra", [0, 1, 1000], ids=["all", "one byte more", "much more"])
def test_a_part_that_is_all_there_is_looked_at(tmp_path: Path, client: BlobClient, extra: int) -> None:
    path, sha256 = some_file(tmp_path, 300_000)
    client.send(path, sha256, "application/pdf")
    target = tmp_path / "came"
    target.with_name("came.part").write_bytes(path.read_bytes() + b"x" * extra)
    if extra:
        with pytest.raises(Unreachable):
            client.fetch(sha256, target)
    client.fetch(sha256, target)
    assert target.read_bytes() == path.read_bytes()


def test_a_strangers_file_is_not_to_be_had(tmp_path: Path, account: Account, client: BlobClient) -> None:
    path, sha256 = some_file(tmp_path, 1000)
    client.send(path, sha256, "application/pdf")
    stranger = make_account(account.address)
    theirs = BlobClient(stranger.address, stranger.token())
    assert theirs.known([sha256]).readable == frozenset()
    with pytest.raises(Refused):
        theirs.fetch(sha256, tmp_path / "stolen")
    assert not (tmp_path / "stolen").exists()
    theirs.close()


def test_a_connection_that_breaks_while_sending_is_said(
    tmp_path: Path, account: Account, client: BlobClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, sha256 = some_file(tmp_path)
    begun: list[str] = []
    real: Callable[..., httpx.Response] = httpx.Client.request

    def breaks(self: httpx.Client, method: str, url: str, **more: object) -> httpx.Response:
        if method == "PATCH":
            raise httpx.WriteError("broken pipe")
        return real(self, method, url, **more)

    monkeypatch.setattr(httpx.Client, "request", breaks)
    with pytest.raises(Unreachable):
        client.send(path, sha256, "application/pdf", on_begin=begun.append)
    monkeypatch.undo()
    client.send(path, sha256, "application/pdf", upload=begun[0])
    assert client.known([sha256]).claimed == {sha256}
