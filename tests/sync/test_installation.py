"""A copied library, one put back from a backup, and two processes with one library open."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from alexandria_desktop.base.errors import AlexandriaError, Code
from alexandria_desktop.base.paths import STATE_VARIABLE, LibraryPaths
from alexandria_desktop.library.library import Library
from alexandria_desktop.library.round_lock import alone
from alexandria_desktop.store.backup import restore_backup
from sync.client.engine import Cancelled
from tests.server.serving import PASSWORD
from tests.sync.desks import add_note, sign_in
from tests.sync.laptops import Account

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("drawer")]


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def library(tmp_path: Path, state: Path, account: Account) -> Iterator[Library]:
    with Library.open(tmp_path / "library", vectors="numpy") as found:
        sign_in(found, account)
        yield found


def device_of(library: Library) -> object:
    return library._core.identity.device_id


def test_a_library_that_goes_on_where_it_was_keeps_its_device_id(library: Library, tmp_path: Path) -> None:
    before = device_of(library)
    library.syncing.sync()
    library.close()
    with Library.open(tmp_path / "library", vectors="numpy") as again:
        again.syncing.sync()
        assert device_of(again) == before


def test_a_library_that_was_moved_keeps_its_device_id(library: Library, tmp_path: Path) -> None:
    before = device_of(library)
    library.close()
    (tmp_path / "library").rename(tmp_path / "elsewhere")
    with Library.open(tmp_path / "elsewhere", vectors="numpy") as moved:
        moved.syncing.sync()
        assert device_of(moved) == before


def test_a_copy_takes_a_device_id_of_its_own_and_both_go_on(library: Library, tmp_path: Path) -> None:
    note = add_note(library, tmp_path, "first")
    library.syncing.sync()
    before = device_of(library)
    shutil.copytree(tmp_path / "library", tmp_path / "copy")
    with Library.open(tmp_path / "copy", vectors="numpy") as copy:
        copy.notes.edit(note, text="first, and the copy's")
        copy.syncing.sync()
        assert device_of(copy) != before
        library.syncing.sync()
        assert device_of(library) == before
        assert [one.text for one in library.notes.all()] == ["first, and the copy's"]
        assert not library.syncing.sync().listed_anew, "neither makes the server forget what the other has"
        assert not copy.syncing.sync().listed_anew


def test_a_copy_on_another_computer_takes_a_device_id_of_its_own(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = device_of(library)
    library.close()
    (tmp_path / "library").rename(tmp_path / "copy")  # this computer cannot look into the other's folders
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path / "state of the other"))
    with Library.open(tmp_path / "copy", vectors="numpy") as copy:
        copy.syncing.sync()
        assert device_of(copy) != before


def test_a_library_put_back_from_a_backup_takes_a_new_id_and_hears_everything_again(
    library: Library, tmp_path: Path
) -> None:
    note = add_note(library, tmp_path, "kept in the backup")
    library.syncing.sync()
    before = device_of(library)
    saved = tmp_path / "saved.db"
    library.care.back_up(saved)
    library.notes.edit(note, text="written after the backup")
    library.syncing.sync()
    library.close()
    restore_backup(LibraryPaths(tmp_path / "library"), saved)
    with Library.open(tmp_path / "library", vectors="numpy") as again:
        assert [one.text for one in again.notes.all()] == ["kept in the backup"]
        again.syncing.sync()
        assert device_of(again) != before
        assert [one.text for one in again.notes.all()] == ["written after the backup"]


def test_where_no_mark_can_be_kept_the_library_does_not_take_a_new_id_each_round(library: Library, state: Path) -> None:
    shutil.rmtree(state)
    state.write_text("a file where the folder should be")
    library.syncing.sync()
    first = device_of(library)
    library.syncing.sync()
    assert device_of(library) == first


def test_a_second_process_waits_until_the_round_of_the_first_is_over(library: Library, tmp_path: Path) -> None:
    lock = FileLock(library.paths.round_lock)
    lock.acquire()
    note = add_note(library, tmp_path, "waits its turn")
    done: list[object] = []
    thread = threading.Thread(target=lambda: done.append(library.syncing.sync()))
    thread.start()
    thread.join(0.5)
    assert not done, "the round began while another had the library"
    lock.release()
    thread.join(30)
    assert done
    assert library.syncing.status().waiting == 0
    assert note


def test_a_library_whose_disk_is_pulled_out_says_so_and_goes_on_when_it_is_back(library: Library) -> None:
    root = library.paths.root
    root.rename(root.with_name("pulled out"))
    with pytest.raises(AlexandriaError) as gone:
        library.syncing.sync()
    assert gone.value.code is Code.STORE_READ_ONLY
    root.with_name("pulled out").rename(root)
    library.syncing.sync()


def test_a_round_that_waits_too_long_says_so_and_one_that_is_stopped_stops(tmp_path: Path) -> None:
    file = tmp_path / "sync.lock"
    with FileLock(file):
        with pytest.raises(AlexandriaError) as busy, alone(file, is_cancelled=lambda: False, patience=0.3):
            pass
        assert busy.value.code is Code.SYNC_BUSY
        with pytest.raises(Cancelled), alone(file, is_cancelled=lambda: True):
            pass


def test_an_account_signed_in_twice_is_one_device(library: Library, account: Account) -> None:
    before = device_of(library)
    library.syncing.sign_in(account.address, account.email, PASSWORD)
    library.syncing.sync()
    assert device_of(library) == before
