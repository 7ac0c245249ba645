"""What the engine promises, one promise a test: each fails if the one thing that keeps it is taken away."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from sync.protocol.endpoint import Endpoint
from sync.protocol.errors import Unreachable
from sync.protocol.lines import framed, opened
from sync.protocol.messages import PullRequest
from tests.support.server import ServerDatabase
from tests.sync.conftest import NewLaptop
from tests.sync.faults import Fault, Wire
from tests.sync.invariants import refusals
from tests.sync.laptops import Laptop
from tests.sync.machine import Crashed, CrashingStore

pytestmark = pytest.mark.postgres


@dataclass
class Watched:
    """An endpoint that lets something happen while a request is on its way, and keeps what was sent."""

    endpoint: Endpoint
    on_push: Callable[[], None] = lambda: None
    on_pull: Callable[[], None] = lambda: None
    bodies: list[bytes] = field(default_factory=list)

    def pull(self, request: PullRequest) -> bytes:
        answer = self.endpoint.pull(request)
        self.on_pull()
        return answer

    def push(self, body: bytes) -> bytes:
        self.bodies.append(body)
        self.on_push()
        return self.endpoint.push(body)


def once(work: Callable[[], None]) -> Callable[[], None]:
    """Return what does something the first time only."""
    left = [work]

    def run() -> None:
        if left:
            left.pop()()

    return run


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("commit", [1, 2, 3, 5, 8])
def test_a_crash_at_a_commit_of_a_first_round_leaves_no_hole(new_laptop: NewLaptop, commit: int, after: bool) -> None:
    one, other = new_laptop(), new_laptop(page=3, batch=2)
    book = one.add_book()
    for number in range(4):
        one.add_note(book, f"note {number}")
    one.sync()
    mine = other.add_note(other.add_book("Walden"), "mine")
    with pytest.raises(Crashed):
        other.sync(CrashingStore(other, commit, after=after))
    other.sync()
    one.sync()
    assert other.waiting() == []
    for name in ("content_items", "books", "user_libraries", "user_notes"):
        assert one.rows(name) == other.rows(name), name
    assert one.note(mine) == "mine"


def test_what_is_written_while_a_batch_is_on_its_way_is_told_as_well(two: tuple[Laptop, Laptop]) -> None:
    one, other = two
    book = one.add_book()
    note = one.add_note(book, "first")
    added = []

    def meanwhile() -> None:
        one.change("user_notes", note, note_text="first and second")
        added.append(one.add_note(book, "another"))

    one.wrap = lambda endpoint: Watched(endpoint, on_push=once(meanwhile))
    one.sync()
    assert one.waiting() == []
    other.sync()
    assert [other.note(note), other.note(added[0])] == ["first and second", "another"]


def test_a_batch_is_on_the_disk_before_it_is_sent_and_sent_again_byte_for_byte(two: tuple[Laptop, Laptop]) -> None:
    one, _ = two
    note = one.add_note(one.add_book(), "first")
    states: list[set[str]] = []
    watched = Watched(one.endpoint, on_push=lambda: states.append({state for state, _ in one.waiting()}))
    one.wrap = lambda _: Wire(watched, iter([Fault.NONE, Fault.LOST_ANSWER]))
    with pytest.raises(Unreachable):
        one.sync()
    one.change("user_notes", note, note_text="changed meanwhile")
    one.wrap = lambda _: watched
    one.sync()
    assert states[0] == {"frozen"}
    first, again, later = watched.bodies
    assert first == again
    assert orjson.loads(later)["batch_id"] != orjson.loads(first)["batch_id"]


def test_an_answer_about_something_else_ends_the_round_and_what_waits_is_kept(two: tuple[Laptop, Laptop]) -> None:
    one, other = two
    note = one.add_note(one.add_book(), "first")

    class Confused(Watched):
        def push(self, body: bytes) -> bytes:
            self.bodies.append(body)
            assert len(self.bodies) < 3, "it is sent for ever"
            header, _ = opened(self.endpoint.push(body))
            return framed(header, [orjson.dumps(["judged", {"number": 999_999, "verdict": "applied"}])])

    one.wrap = Confused
    with pytest.raises(Unreachable):
        one.sync()
    assert {state for state, _ in one.waiting()} == {"frozen"}
    one.wrap = None
    one.sync()
    other.sync()
    assert (one.waiting(), other.note(note)) == ([], "first")


def test_a_page_leaves_alone_what_was_changed_here_and_is_not_told_yet(two: tuple[Laptop, Laptop]) -> None:
    one, other = two
    note = one.add_note(one.add_book(), "text")
    one.sync()
    other.sync()
    one.change("user_notes", note, color="green")
    one.sync()
    seen: list[str | None] = []
    other.change("user_notes", note, note_text="better text")
    other.wrap = lambda endpoint: Watched(endpoint, on_push=lambda: seen.append(other.note(note)))
    other.sync()
    one.sync()
    assert seen == ["better text"]
    assert one.note(note) == other.note(note) == "better text"
    assert one.rows("user_notes")[note]["color"] == other.rows("user_notes")[note]["color"] == "green"


def test_a_departure_does_not_take_a_change_that_waits(
    two: tuple[Laptop, Laptop], server_database: ServerDatabase
) -> None:
    one, _ = two
    note = one.add_note(one.add_book(), "text")
    one.sync()
    one.change("user_notes", note, note_text="written on a train")
    with server_database.as_superuser() as connection:
        connection.execute("delete from user_notes where id = %s", (note,))
    one.sync()
    (kept,) = refusals(one)
    assert (kept.row_id, kept.reject_code) == (note, "not_there")
    assert kept.payload_json["values"]["note_text"] == "written on a train"


def test_a_body_that_is_not_what_its_footer_says_is_not_applied(two: tuple[Laptop, Laptop]) -> None:
    one, other = two
    one.add_note(one.add_book(), "text")
    one.sync()

    class Cutting(Watched):
        def pull(self, request: PullRequest) -> bytes:
            lines = self.endpoint.pull(request).splitlines(keepends=True)
            return b"".join([*lines[:2], *lines[3:]])

    other.wrap = Cutting
    with pytest.raises(Unreachable):
        other.sync()
    assert other.rows("content_items") == {}
    other.wrap = None
    other.sync()
    assert other.rows("user_notes") == one.rows("user_notes")


def test_an_epoch_that_changes_between_two_requests_of_a_round_judges_nothing(
    two: tuple[Laptop, Laptop], server_database: ServerDatabase
) -> None:
    one, other = two
    note = one.add_note(one.add_book(), "text")
    one.sync()
    other.sync()
    one.change("user_notes", note, note_text="text and more")

    def set_back() -> None:
        with server_database.as_superuser() as connection:
            connection.execute("delete from user_notes where id = %s", (note,))
            connection.execute("select sync.new_epoch()")

    one.wrap = lambda endpoint: Watched(endpoint, on_push=once(set_back))
    one.sync()
    one.wrap = None
    one.sync()
    other.sync()
    assert refusals(one) == []
    assert one.note(note) == other.note(note) == "text and more"


@pytest.mark.parametrize("is_lost", [False, True], ids=["the answer comes", "the answer is lost"])
@pytest.mark.parametrize("is_new", [True, False], ids=["a new note", "a coloured one"])
@pytest.mark.parametrize("is_fast", [False, True], ids=["a clock behind", "a clock hours ahead"])
def test_a_removal_made_while_the_note_was_on_its_way_is_a_removal(
    two: tuple[Laptop, Laptop], is_fast: bool, is_new: bool, is_lost: bool
) -> None:
    one, other = two
    if is_fast:
        one.clock.now = datetime.now(UTC) + timedelta(hours=3)  # the server cuts its readings
    book = one.add_book()
    note = one.add_note(book, "text")
    if not is_new:
        one.sync()
        one.change("user_notes", note, color="green")
    faults = iter([Fault.NONE, Fault.LOST_ANSWER if is_lost else Fault.NONE])
    watched = Watched(one.endpoint, on_push=once(lambda: one.remove("user_notes", note)))
    one.wrap = lambda _: Wire(watched, faults)
    with suppress(Unreachable):
        one.sync()
    one.sync()
    other.sync()
    one.sync()
    assert one.note(note) is other.note(note) is None
    assert one.conflicts() == []
