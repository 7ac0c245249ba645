"""Programs and servers of different versions: each is served as far as it knows, and nothing is lost meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import orjson
import pytest

from alexandria_desktop.base.errors import AlexandriaError, Code
from alexandria_desktop.library.library import Library
from alexandria_desktop.library.syncing import Turn
from sync.client.http import HttpEndpoint
from sync.protocol.endpoint import Endpoint
from sync.protocol.errors import Refused, Unreachable
from sync.protocol.lines import framed, unframed
from sync.protocol.messages import PullRequest
from sync.protocol.version import Edition
from sync.server.feeds import make_feeds
from sync.server.push import make_push
from tests.server.serving import PASSWORD, make_app
from tests.support.drawer import Drawer
from tests.support.server import ServerDatabase
from tests.sync.conftest import NewLaptop
from tests.sync.faults import Fault, Wire
from tests.sync.laptops import Account, Laptop, listening

pytestmark = pytest.mark.postgres

OLD = Edition(schema=1, since={})
NEW = Edition(schema=2, since={"user_notes.color": 2, "user_notes.is_public": 2, "user_collections": 2})

Serve = Callable[[Edition], str]


@pytest.fixture
def serve(server_database: ServerDatabase) -> Iterator[Serve]:
    """Serves the module's database as a server of an edition; returns the address."""
    with ExitStack() as stack:

        def start(edition: Edition) -> str:
            parts = partial(make_feeds, edition=edition), partial(make_push, edition=edition)
            return stack.enter_context(listening(make_app(server_database, *parts)))

        yield start


def turn_to(laptop: Laptop, address: str) -> None:
    """Let a laptop reach another server over the same database."""
    laptop.endpoint.close()
    laptop.endpoint = HttpEndpoint(address, laptop.account.token())


def add_collection(laptop: Laptop, name: str) -> UUID:
    values = {"user_id": laptop.account.user_id, "name": name, "attributes_json": {}}
    return laptop.write(lambda unit: unit.insert("user_collections", values))


def listen_to(laptop: Laptop) -> list[bytes]:
    """Return a list that every answer goes into."""
    heard: list[bytes] = []
    laptop.wrap = lambda endpoint: Wire(endpoint, iter(()), heard)
    return heard


def on_server(database: ServerDatabase, note: UUID) -> tuple[Any, ...]:
    with database.as_superuser() as connection:
        found = connection.execute("select note_text, color, is_public from user_notes where id = %s", (note,))
        return tuple(found.fetchone() or ())


# ── an older program and a newer server ─────────────────────────────────────────────────────────────────────────────


def test_an_older_program_is_told_only_what_it_knows(new_laptop: NewLaptop, serve: Serve) -> None:
    here, old = new_laptop(edition=NEW), new_laptop(edition=OLD)
    address = serve(NEW)
    turn_to(here, address), turn_to(old, address)
    note = here.add_note(here.add_book(), "both know this")
    here.change("user_notes", note, color="green", is_public=True)
    add_collection(here, "for the sea")
    here.sync()
    heard = listen_to(old)
    old.sync()
    assert old.note(note) == "both know this"
    assert b'"note_text"' in b"".join(heard)
    for unknown in (b'"color"', b'"is_public"', b"user_collections", b"for the sea"):
        assert unknown not in b"".join(heard)


def test_the_answer_to_what_an_older_program_hands_in_has_only_what_it_knows(
    new_laptop: NewLaptop, serve: Serve
) -> None:
    old = new_laptop(edition=OLD)
    turn_to(old, serve(NEW))
    old.sync()
    heard = listen_to(old)
    old.add_note(old.add_book(), "written by the old one")
    old.sync()
    assert b"written by the old one" in b"".join(heard)
    assert b'"color"' not in b"".join(heard)


def test_after_its_update_a_program_gets_what_was_left_out_and_only_once(new_laptop: NewLaptop, serve: Serve) -> None:
    here, old = new_laptop(edition=NEW), new_laptop(edition=OLD)
    address = serve(NEW)
    turn_to(here, address), turn_to(old, address)
    note = here.add_note(here.add_book(), "green")
    here.change("user_notes", note, color="green")
    collection = add_collection(here, "for the sea")
    here.sync()
    old.sync()
    unsent = old.add_note(next(iter(old.rows("content_items"))), "written before the update")
    old.edition = NEW
    assert old.sync().listed_anew
    assert old.rows("user_notes")[note]["color"] == "green"
    assert old.rows("user_collections")[collection]["name"] == "for the sea"
    assert old.note(unsent) == "written before the update"
    assert old.waiting() == []
    assert not old.sync().listed_anew
    assert old.sync().received == 0


def test_what_a_page_has_beyond_the_program_is_listed_again_after_its_update(new_laptop: NewLaptop) -> None:
    laptop = new_laptop(edition=OLD)
    laptop.sync()
    laptop.add_book()

    class Richer:
        """An endpoint whose answers name a table and a column that no program of today knows."""

        def __init__(self, endpoint: Endpoint) -> None:
            self._endpoint = endpoint

        def pull(self, request: PullRequest) -> bytes:
            header, lines = unframed(self._endpoint.pull(request))
            more = [["row", "annotations_of_tomorrow", {"id": str(request.device_id), "x": 1}]]
            return framed(header, [orjson.dumps(line) for line in [*lines, *(more if header["to"] else [])]])

        def push(self, body: bytes) -> bytes:
            return self._endpoint.push(body)

    laptop.wrap = Richer
    laptop.sync()
    laptop.wrap = None
    assert not laptop.sync().listed_anew
    laptop.edition = Edition(schema=2, since={})
    assert laptop.sync().listed_anew
    assert not laptop.sync().listed_anew


def test_an_older_protocol_that_is_still_spoken_is_served(new_laptop: NewLaptop, serve: Serve) -> None:
    laptop = new_laptop()
    turn_to(laptop, serve(Edition(protocol=3, oldest_protocol=1)))
    note = laptop.add_note(laptop.add_book(), "still understood")
    assert laptop.sync().sent > 0
    assert laptop.rows("user_notes")[note]["revision"] == 1


def test_a_program_that_is_too_old_is_told_so_and_keeps_what_waits(new_laptop: NewLaptop, serve: Serve) -> None:
    laptop = new_laptop()
    laptop.sync()
    laptop.add_book()
    before = laptop.waiting()
    turn_to(laptop, serve(Edition(protocol=3, oldest_protocol=2)))
    with pytest.raises(Refused) as refused:
        laptop.sync()
    assert (refused.value.status, refused.value.code) == (426, "program_too_old")
    assert laptop.waiting() == before
    laptop.edition = Edition(protocol=3, oldest_protocol=2)
    laptop.sync()
    assert laptop.waiting() == []


@pytest.mark.parametrize("path", ["/v1/pull", "/v1/push"])
def test_a_body_of_another_time_is_judged_by_its_version_and_not_by_its_form(
    account: Account, serve: Serve, path: str
) -> None:
    address = serve(Edition(protocol=5, oldest_protocol=4))
    head = {"Authorization": f"Bearer {account.token()}"}
    for protocol, status, code in [(1, 426, "program_too_old"), (9, 409, "server_too_old"), (4, 422, "invalid.")]:
        answer = httpx.post(f"{address}{path}", json={"protocol": protocol, "devices": [1]}, headers=head)
        assert answer.status_code == status
        assert answer.json()["error"]["code"].startswith(code)


def test_a_batch_that_was_frozen_before_an_update_counts_once_after_it(new_laptop: NewLaptop, serve: Serve) -> None:
    laptop = new_laptop()
    turn_to(laptop, serve(Edition(protocol=2, oldest_protocol=1, schema=1)))
    note = laptop.add_note(laptop.add_book(), "once")
    laptop.wrap = lambda endpoint: Wire(endpoint, iter([Fault.NONE, Fault.LOST_ANSWER]))
    with pytest.raises(Unreachable):
        laptop.sync()
    laptop.wrap = None
    laptop.edition = Edition(protocol=2)
    laptop.sync()
    assert laptop.waiting() == []
    assert laptop.rows("user_notes")[note]["revision"] == 1


# ── a newer program and an older server ─────────────────────────────────────────────────────────────────────────────


def test_what_an_older_server_lacks_waits_until_it_is_updated(
    new_laptop: NewLaptop, serve: Serve, server_database: ServerDatabase
) -> None:
    here, other = new_laptop(edition=NEW), new_laptop(edition=NEW)
    turn_to(here, serve(OLD))
    note = here.add_note(here.add_book(), "told at once")
    here.change("user_notes", note, color="green", is_public=True)
    collection = add_collection(here, "for the sea")
    here.sync()
    assert on_server(server_database, note) == ("told at once", None, False)
    assert sorted(here.waiting()) == [("pending", "user_collections"), ("pending", "user_notes")]
    here.change("user_notes", note, note_text="and told again")
    here.sync()
    assert on_server(server_database, note) == ("and told again", None, False)
    assert sorted(here.waiting()) == [("pending", "user_collections"), ("pending", "user_notes")]
    row = here.rows("user_notes")[note]
    assert (row["color"], row["is_public"]) == ("green", True)
    address = serve(NEW)
    turn_to(here, address), turn_to(other, address)
    report = here.sync()
    assert (report.conflicts, report.rejected) == (0, 0)
    assert here.waiting() == []
    assert on_server(server_database, note) == ("and told again", "green", True)
    other.sync()
    assert other.rows("user_collections")[collection]["name"] == "for the sea"


def test_what_an_older_server_lacks_keeps_nothing_else_from_being_told(new_laptop: NewLaptop, serve: Serve) -> None:
    laptop = new_laptop(edition=NEW, batch=2)
    turn_to(laptop, serve(OLD))
    for number in range(5):
        add_collection(laptop, f"number {number}")
    book = laptop.add_book()
    for number in range(5):
        laptop.add_note(book, f"number {number}")
    laptop.sync()
    assert laptop.waiting() == [("pending", "user_collections")] * 5


def test_a_whole_listing_by_an_older_server_takes_nothing_away_that_it_does_not_know(
    new_laptop: NewLaptop, serve: Serve, server_database: ServerDatabase
) -> None:
    laptop = new_laptop(edition=NEW)
    turn_to(laptop, serve(NEW))
    collection = add_collection(laptop, "for the sea")
    laptop.sync()
    turn_to(laptop, serve(OLD))
    with server_database.as_superuser() as connection:
        connection.execute("delete from sync.device where device_id = %s", (laptop.device_id,))

    class WithoutCollections:
        """An endpoint of a server that has no such table."""

        def __init__(self, endpoint: Endpoint) -> None:
            self._endpoint = endpoint

        def pull(self, request: PullRequest) -> bytes:
            header, lines = unframed(self._endpoint.pull(request))
            return framed(header, [orjson.dumps(line) for line in lines if line[1] != "user_collections"])

        def push(self, body: bytes) -> bytes:
            return self._endpoint.push(body)

    laptop.wrap = WithoutCollections
    assert laptop.sync().listed_anew
    assert collection in laptop.rows("user_collections")


def test_a_server_whose_protocol_is_too_old_is_named_and_what_waits_is_kept(new_laptop: NewLaptop) -> None:
    laptop = new_laptop(edition=Edition(protocol=2, oldest_protocol=2))
    laptop.add_book()
    before = laptop.waiting()
    with pytest.raises(Refused) as refused:
        laptop.sync()
    assert refused.value.code == "server_too_old"
    assert laptop.waiting() == before


# ── what the reader sees ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("server", "code", "words"),
    [
        (Edition(protocol=3, oldest_protocol=2), Code.SYNC_PROGRAM_TOO_OLD, "Update the program."),
        (Edition(protocol=0, oldest_protocol=0), Code.SYNC_SERVER_TOO_OLD, "must update it"),
    ],
    ids=["program", "server"],
)
def test_the_reader_is_told_what_to_update(
    account: Account, serve: Serve, tmp_path: Path, drawer: Drawer, server: Edition, code: Code, words: str
) -> None:
    with Library.open(tmp_path / "library", vectors="numpy") as library:
        address = serve(server)
        library.syncing.sign_in(address, account.email, PASSWORD)
        waiting = library.syncing.status().waiting
        assert waiting > 0
        with pytest.raises(AlexandriaError) as found:
            library.syncing.sync()
        assert found.value.code is code
        status = library.syncing.status()
        assert status.problem is not None
        assert status.problem.turn is Turn.READER
        assert words in status.problem.sentence
        assert "What waits is kept." in status.problem.sentence
        assert status.waiting == waiting
        assert library.syncing.status().is_signed_in, "still signed in"
