"""Rounds that begin by themselves: after a note, when a server is back; and that nothing waits for one at the end."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from alexandria_desktop.base import secrets
from alexandria_desktop.library.library import Library
from alexandria_desktop.ui.account.keeping import Keeping
from alexandria_desktop.ui.account.network import Network
from alexandria_desktop.ui.account.rhythm import Rhythm
from alexandria_desktop.ui.tasks import Tasks
from tests.integration.account.conftest import Desk
from tests.sync.desks import add_note, sign_in
from tests.sync.laptops import Account

pytestmark = pytest.mark.postgres

QUICK = Rhythm(after_change=50, regular=600_000, first_pause=100, longest_pause=200)


class Feed(QObject):
    """Brings what was written on any thread to the one that the timers belong to, as the window does."""

    changed = Signal(object)


class Metered(Network):
    """A network where each byte is paid for."""

    @property
    def is_metered(self) -> bool:
        return True


def move_server(library: Library, account: Account, address: str) -> None:
    """Have the library look for its server elsewhere."""
    library._core.database.library.run(
        lambda connection: connection.exec_driver_sql(
            "UPDATE local_state SET value = ? WHERE key = 'sync.server'", (f'"{address}"',)
        )
    )
    if secrets.recall(f"{address} {account.email}") is None:
        secrets.keep(f"{address} {account.email}", "alx_" + "a" * 43)


@contextmanager
def keeping(library: Library, qtbot: QtBot, network: Network | None = None) -> Iterator[Keeping]:
    tasks = Tasks()
    found = Keeping(library, tasks, network or Network(), rhythm=QUICK)
    feed = Feed()
    feed.changed.connect(found.hear)
    unsubscribe = library.subscribe(feed.changed.emit)
    found.begin()
    qtbot.waitUntil(lambda: found.is_known, timeout=30_000)
    yield found
    unsubscribe()
    found.end()
    tasks.wait()
    qtbot.waitUntil(lambda: not found.is_running, timeout=30_000)


def test_a_note_is_on_the_other_device_without_anybody_asking(
    desk: Desk, other: Library, account: Account, tmp_path: Path
) -> None:
    desk.sign_in(account)
    note = add_note(desk.library, tmp_path, "the whale")
    desk.wait(lambda: desk.library.syncing.status().waiting == 0)
    other.syncing.sync()
    assert other.notes.get(note).text == "the whale"
    desk.wait(lambda: desk.line == "Synced just now")


def test_a_server_that_was_away_is_found_again(other: Library, account: Account, qtbot: QtBot, tmp_path: Path) -> None:
    move_server(other, account, "http://127.0.0.1:9")
    with keeping(other, qtbot) as found:
        add_note(other, tmp_path, "the whale")
        qtbot.waitUntil(lambda: found.failures > 1, timeout=30_000)
        status = found.status
        assert status is not None
        assert status.waiting > 0
        assert status.problem is not None
        assert 0 < found.pause <= 240
        move_server(other, account, account.address)
        qtbot.waitUntil(lambda: found.failures == 0 and other.syncing.status().waiting == 0, timeout=30_000)


def test_where_bytes_are_paid_for_only_the_reader_begins_a_round(
    other: Library, account: Account, qtbot: QtBot, tmp_path: Path
) -> None:
    with keeping(other, qtbot, Metered()) as found:
        add_note(other, tmp_path, "the whale")
        qtbot.waitUntil(lambda: found.status is not None and found.status.waiting > 0, timeout=30_000)
        assert not found.is_running
        found.sync_now()
        qtbot.waitUntil(lambda: other.syncing.status().waiting == 0, timeout=30_000)
        found.take(other.syncing.use_metered(allowed=True))
        qtbot.waitUntil(lambda: not found.is_running, timeout=30_000)
        other.set({"page": "x"})
        qtbot.waitUntil(lambda: other.syncing.status().waiting == 0, timeout=30_000)


def test_the_network_that_comes_back_begins_a_round(other: Library, qtbot: QtBot) -> None:
    network = Network()
    with keeping(other, qtbot, network) as found:
        qtbot.waitUntil(lambda: not found.is_running, timeout=30_000)
        with qtbot.waitSignal(found.settled, timeout=30_000):
            network.returned.emit()


def test_the_window_closes_at_once_in_the_middle_of_a_round(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, account: Account, drawer: object
) -> None:
    root = tmp_path / "library"
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        with Library.open(root, vectors="numpy") as library:
            sign_in(library, account)
            move_server(library, account, f"http://127.0.0.1:{deaf.getsockname()[1]}")
        desk = Desk(qapp, qtbot, root, wait=False)
        desk.wait(lambda: desk.window.background.keeping.is_running)
        connection, _ = deaf.accept()
        with connection:
            assert connection.recv(16)
            began = time.monotonic()
            desk.end()
            assert time.monotonic() - began < 5
    with Library.open(root, vectors="numpy") as library:
        assert library.syncing.status().problem is None


def test_nothing_of_sync_is_loaded_before_the_first_page() -> None:
    code = (
        "import sys; import alexandria_desktop.ui.session, alexandria_desktop.ui.shelf.screen;"
        "loaded = [name for name in sys.modules if name.startswith(('sync.client', 'sync.merge', 'httpx')) or name in"
        " ('alexandria_desktop.library.syncing', 'alexandria_desktop.ui.account.page', 'PySide6.QtNetwork')];"
        "sys.exit(str(loaded) if loaded else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_what_another_device_wrote_is_here_soon_though_nobody_asked(
    desk: Desk, other: Library, account: Account, tmp_path: Path
) -> None:
    desk.sign_in(account)
    note = add_note(other, tmp_path, "the whale")
    other.syncing.sync()
    desk.wait(lambda: any(one.id == note for one in desk.library.notes.all()))


def test_a_program_that_ends_leaves_no_line_to_the_server(other: Library, qtbot: QtBot) -> None:
    with keeping(other, qtbot) as found:
        qtbot.waitUntil(lambda: any(thread.name == "poke" for thread in threading.enumerate()), timeout=30_000)
        qtbot.waitUntil(lambda: not found.is_running, timeout=30_000)
    qtbot.waitUntil(lambda: not any(thread.name == "poke" for thread in threading.enumerate()), timeout=30_000)
