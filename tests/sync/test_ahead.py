"""A page is on its way while the one before is written, and a laptop that is cut off then loses a page's time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

import orjson
import pytest
from sqlalchemy import Connection

from alexandria_desktop.store.sync_store import SyncStore
from sync.protocol.endpoint import Endpoint
from sync.protocol.errors import Unreachable
from sync.protocol.lines import opened
from sync.protocol.messages import PullRequest
from tests.support.server import ServerDatabase
from tests.sync.conftest import NewLaptop
from tests.sync.faults import Fault, Wire
from tests.sync.invariants import refusals
from tests.sync.laptops import Laptop
from tests.sync.machine import Crashed, CrashingStore

pytestmark = pytest.mark.postgres

T = TypeVar("T")
SOON = 20.0
NOTES = 8


@dataclass
class Asked:
    """An endpoint that keeps what was asked, and whether the answers listed everything anew."""

    endpoint: Endpoint
    checkpoints: list[int] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    senders: list[threading.Thread] = field(default_factory=list)
    resets: list[bool] = field(default_factory=list)
    threads: set[threading.Thread] = field(default_factory=set)
    is_asked: threading.Condition = field(default_factory=threading.Condition)

    def pull(self, request: PullRequest) -> bytes:
        self.threads.add(threading.current_thread())
        with self.is_asked:
            self.checkpoints.append(request.checkpoint)
            self.is_asked.notify_all()
        answer = self.endpoint.pull(request)
        self.resets.append(opened(answer)[0]["reset"])
        return answer

    def push(self, body: bytes) -> bytes:
        self.senders.append(threading.current_thread())
        with self.is_asked:
            self.bodies.append(body)
            self.is_asked.notify_all()
        return self.endpoint.push(body)


class OlderServer(Asked):
    """A server that keeps no step."""

    def pull(self, request: PullRequest) -> bytes:
        return super().pull(request).replace(b'"ahead":true', b'"other":true', 1)


class Slow(SyncStore):
    """A library that writes a page when the page after it was asked for, and not before."""

    def __init__(self, laptop: Laptop, asked: Asked) -> None:
        super().__init__(laptop.database)
        self._asked = asked
        self.written = 0

    def write(self, work: Callable[[Connection], T], /) -> T:
        self.written += 1
        if self.written < 3:
            with self._asked.is_asked:
                assert self._asked.is_asked.wait_for(lambda: len(self._asked.checkpoints) > self.written, SOON)
        return super().write(work)


@pytest.fixture
def filled(new_laptop: NewLaptop) -> Laptop:
    laptop = new_laptop()
    book = laptop.add_book()
    for number in range(12):
        laptop.add_note(book, f"note {number}")
    laptop.sync()
    return laptop


@pytest.fixture
def other(new_laptop: NewLaptop, filled: Laptop) -> Laptop:
    return new_laptop(page=3)


def same(one: Laptop, other: Laptop) -> bool:
    return all(
        one.rows(name) == other.rows(name) for name in ("content_items", "books", "user_libraries", "user_notes")
    )


def test_a_page_is_asked_for_while_the_one_before_is_written(filled: Laptop, other: Laptop) -> None:
    asked = Asked(other.endpoint)
    other.wrap = lambda _: asked
    store = Slow(other, asked)
    other.sync(store)
    assert store.written > 3
    assert same(filled, other)
    assert len(asked.checkpoints) == len(set(asked.checkpoints)), "nothing was asked twice"


def test_an_older_server_is_asked_when_the_page_is_written(filled: Laptop, other: Laptop) -> None:
    asked = OlderServer(other.endpoint)
    other.wrap = lambda _: asked
    other.sync()
    assert len(asked.checkpoints) > 3
    assert asked.threads == {threading.current_thread()}, "that of the round, which writes"
    assert same(filled, other)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("commit", [2, 3, 4])
def test_a_laptop_that_dies_at_a_page_goes_on_with_that_page(
    filled: Laptop, other: Laptop, commit: int, after: bool
) -> None:
    asked = Asked(other.endpoint)
    other.wrap = lambda _: asked
    with pytest.raises(Crashed):
        other.sync(CrashingStore(other, commit, after=after))
    begun = len(asked.resets)
    assert not other.sync().listed_anew
    assert asked.resets[0]
    assert not any(asked.resets[begun:])
    assert asked.checkpoints[begun] == asked.checkpoints[commit if after else commit - 1]
    assert same(filled, other)


@pytest.mark.parametrize("fault", [Fault.LOST_REQUEST, Fault.LOST_ANSWER, Fault.CUT_ANSWER])
def test_a_page_that_was_asked_for_too_early_and_lost_is_asked_for_again(
    filled: Laptop, other: Laptop, fault: Fault
) -> None:
    faults: Iterator[Fault] = iter([Fault.NONE, Fault.NONE, fault])
    other.wrap = lambda endpoint: Wire(endpoint, faults)
    with pytest.raises(Unreachable):
        other.sync()
    assert not other.sync().listed_anew
    assert same(filled, other)


@pytest.fixture
def telling(new_laptop: NewLaptop) -> Laptop:
    """A laptop with notes to tell, two a batch; the server has their book."""
    laptop = new_laptop(batch=2)
    book = laptop.add_book()
    laptop.sync()
    for number in range(NOTES):
        laptop.add_note(book, f"note {number}")
    return laptop


class TakesLate(SyncStore):
    """A library that takes in what became of a batch when the batch behind it was sent, and not before."""

    def __init__(self, laptop: Laptop, asked: Asked) -> None:
        super().__init__(laptop.database)
        self._laptop = laptop
        self._asked = asked
        self.taken = 0

    def write(self, work: Callable[[Connection], T], /) -> T:
        if self._laptop.frozen_batches() == 2:
            self.taken += 1
            with self._asked.is_asked:
                assert self._asked.is_asked.wait_for(lambda: len(self._asked.bodies) > self.taken, SOON)
        return super().write(work)


def test_a_batch_is_sent_while_the_answer_to_the_one_before_is_taken_in(telling: Laptop, new_laptop: NewLaptop) -> None:
    asked = Asked(telling.endpoint)
    telling.wrap = lambda _: asked
    store = TakesLate(telling, asked)
    assert telling.sync(store).sent == NOTES
    assert (store.taken, len(asked.bodies), telling.waiting()) == (3, 4, [])
    other = new_laptop()
    other.sync()
    assert same(telling, other)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("commit", range(1, 9))
def test_a_laptop_that_dies_with_two_batches_on_their_way_tells_both_in_their_order(
    telling: Laptop, new_laptop: NewLaptop, commit: int, after: bool
) -> None:
    book = telling.add_book("Walden")
    for number in range(NOTES):
        telling.add_note(book, f"a note that the server takes only when it has the book, {number}")
    with pytest.raises(Crashed):
        telling.sync(CrashingStore(telling, commit, after=after))
    changed = next(iter(telling.rows("user_notes")))
    telling.change("user_notes", changed, note_text="changed after it")
    other = new_laptop()
    for one in (telling, other, telling):
        one.sync()
    assert telling.waiting() == telling.conflicts() == []
    assert refusals(telling) == []
    assert telling.note(changed) == "changed after it"
    assert len(telling.rows("user_notes")) == 2 * NOTES
    assert same(telling, other)


@pytest.mark.parametrize("fault", [Fault.LOST_REQUEST, Fault.LOST_ANSWER, Fault.CUT_ANSWER, Fault.TWICE])
def test_a_batch_that_was_sent_early_and_lost_is_handed_in_again(
    telling: Laptop, new_laptop: NewLaptop, fault: Fault
) -> None:
    faults: Iterator[Fault] = iter([Fault.NONE, Fault.NONE, fault])
    telling.wrap = lambda endpoint: Wire(endpoint, faults)
    with suppress(Unreachable):
        telling.sync()
    telling.sync()
    other = new_laptop()
    other.sync()
    assert telling.waiting() == telling.conflicts() == []
    assert same(telling, other)


class Announcing(SyncStore):
    """A library that says what it has written, to whoever waits."""

    def __init__(self, laptop: Laptop, asked: Asked) -> None:
        super().__init__(laptop.database)
        self._asked = asked

    def write(self, work: Callable[[Connection], T], /) -> T:
        done = super().write(work)
        with self._asked.is_asked:
            self._asked.is_asked.notify_all()
        return done


def test_the_next_batch_is_frozen_while_the_server_has_the_one_before(telling: Laptop) -> None:
    class AnswersLate(Asked):
        def push(self, body: bytes) -> bytes:
            answer = super().push(body)
            if len(self.bodies) < NOTES // 2:
                with self.is_asked:
                    assert self.is_asked.wait_for(lambda: telling.frozen_batches() == 2, SOON)
            return answer

    asked = AnswersLate(telling.endpoint)
    telling.wrap = lambda _: asked
    assert telling.sync(Announcing(telling, asked)).sent == NOTES
    assert (len(asked.bodies), telling.waiting()) == (NOTES // 2, [])


def test_an_older_server_has_one_batch_at_a_time_from_one_thread(telling: Laptop) -> None:
    class Alone(OlderServer):
        def push(self, body: bytes) -> bytes:
            assert telling.frozen_batches() == 1
            return super().push(body)

    asked = Alone(telling.endpoint)
    telling.wrap = lambda _: asked
    assert telling.sync().sent == NOTES
    assert set(asked.senders) == {threading.current_thread()}


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_a_server_that_is_set_back_while_two_batches_are_frozen_loses_neither(
    telling: Laptop, new_laptop: NewLaptop, server_database: ServerDatabase, batch: int
) -> None:
    class SetBack(Asked):
        def push(self, body: bytes) -> bytes:
            if len(self.bodies) == batch - 1:
                with self.is_asked:
                    assert self.is_asked.wait_for(lambda: telling.frozen_batches() == 2, SOON)
                with server_database.as_superuser() as connection:
                    connection.execute("delete from user_notes")
                    connection.execute("select sync.new_epoch()")
            return super().push(body)

    asked = SetBack(telling.endpoint)
    telling.wrap = lambda _: asked
    telling.sync(Announcing(telling, asked))
    telling.wrap = None
    telling.sync()
    other = new_laptop()
    other.sync()
    assert telling.waiting() == telling.conflicts() == refusals(telling) == []
    assert len(other.rows("user_notes")) == NOTES
    assert same(telling, other)


@pytest.mark.parametrize("commit", range(1, 10))
def test_a_book_whose_import_was_on_its_way_when_the_server_was_set_back_is_told_whole(
    new_laptop: NewLaptop, server_database: ServerDatabase, commit: int
) -> None:
    importing = new_laptop(batch=1)
    importing.sync()
    book = importing.add_book()
    importing.add_note(book, "and a note on it")
    with suppress(Crashed):
        importing.sync(CrashingStore(importing, commit, after=True))
    with server_database.as_superuser() as connection:
        for name in ("user_notes", "user_libraries", "books", "content_items"):
            connection.execute(f"delete from {name}")
        connection.execute("select sync.new_epoch()")
    importing.sync()
    importing.sync()
    other = new_laptop()
    other.sync()
    assert refusals(importing) == importing.waiting() == []
    assert same(importing, other)
    assert len(other.rows("books")) == len(other.rows("user_notes")) == 1


class ReadsLate(SyncStore):
    """A library that looks at what waits behind its last batch when that has changed, and not before."""

    def __init__(self, laptop: Laptop, asked: Asked) -> None:
        super().__init__(laptop.database)
        self._laptop = laptop
        self._asked = asked

    def read(self, work: Callable[[Connection], T], /) -> T:
        is_last = len(self._asked.bodies) >= NOTES // 2 - 1 and self._laptop.frozen_batches() == 1
        if is_last and {state for state, _ in self._laptop.waiting()} == {"frozen"}:
            with self._asked.is_asked:
                assert self._asked.is_asked.wait_for(lambda: len(self._asked.bodies) >= NOTES // 2, SOON)
        return super().read(work)


def test_what_is_about_a_row_of_the_batch_before_waits_for_the_word_on_it(telling: Laptop) -> None:
    class ChangingTheLast(Asked):
        def push(self, body: bytes) -> bytes:
            if len(self.bodies) == NOTES // 2 - 1:
                note = UUID(orjson.loads(body)["operations"][0]["id"])
                telling.change("user_notes", note, note_text="changed while it was on its way")
            return super().push(body)

    asked = ChangingTheLast(telling.endpoint)
    telling.wrap = lambda _: asked
    telling.sync(ReadsLate(telling, asked))
    assert telling.waiting() == telling.conflicts() == []
    told = [{one["id"] for one in orjson.loads(body)["operations"]} for body in asked.bodies]
    assert told[-1] < told[-2]
    assert len(asked.bodies) == NOTES // 2 + 1
    here = threading.current_thread()
    assert [one is here for one in asked.senders] == [False, False, False, False, True]
