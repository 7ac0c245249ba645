"""The stream that says "pull now": to whom it concerns, soon, and with nothing of what it was about."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeAlias
from uuid import UUID

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from sync.client.poke import Listener, Pauses
from sync.schema.ids import uuid7
from sync.server.auth import make_auth
from sync.server.feeds import make_feeds
from sync.server.gateway.app import create_app
from sync.server.poke import make_poke, part
from sync.server.push import make_push
from tests.server.serving import make_settings
from tests.support.relay import Relay
from tests.support.server import ServerDatabase
from tests.sync.laptops import Account, listening, make_account

pytestmark = pytest.mark.postgres
PATIENCE = 20.0
QUICK = Pauses(first=0.05, longest=0.2)
Listen: TypeAlias = "Callable[[Account], Ear]"


@pytest.fixture
def address(server_database: ServerDatabase) -> Iterator[str]:
    app = create_app(make_settings(server_database), [make_auth, make_feeds, make_push, make_poke])
    with listening(app) as found:
        yield found


class Ear:
    """A device that waits for news."""

    def __init__(self, account: Account, token: str | None = None, pauses: Pauses = QUICK) -> None:
        self.device = uuid7()
        self.calls = 0
        """How often it was called; the first time when the line stands."""
        self.listener = Listener(account.address, token or account.token(), self.device, self._hear, pauses=pauses)
        self.listener.begin()

    def _hear(self) -> None:
        self.calls += 1

    @property
    def news(self) -> int:
        return self.calls - 1


@pytest.fixture
def listen() -> Iterator[Callable[[Account], Ear]]:
    """Have a device wait, and see that its line stands."""
    ears: list[Ear] = []

    def begin(account: Account) -> Ear:
        ears.append(Ear(account))
        wait(lambda: ears[-1].calls >= 1)
        return ears[-1]

    yield begin
    for ear in ears:
        ear.listener.end()
    assert all(ear.listener.join(PATIENCE) for ear in ears), "a line that was given up still hangs"


def wait(condition: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < ends, "it never came to that"
        time.sleep(0.01)


def write_item(
    database: ServerDatabase, owner: UUID, *, visibility: str = "private", device: UUID | None = None
) -> UUID:
    item = uuid7()
    with database.as_superuser() as connection, connection.transaction():
        if device is not None:
            connection.execute("select set_config('alexandria.device', %s, true)", (str(device),))
        connection.execute(
            "insert into content_items (id, title, content_type, module_name, creator_id, visibility)"
            " values (%s, 'a secret title', 'book', 'library', %s, %s)",
            (item, owner, visibility),
        )
    return item


def test_a_device_is_called_soon_after_something_of_its_person_changed(
    address: str, server_database: ServerDatabase, listen: Listen
) -> None:
    ann, bob = make_account(address), make_account(address)
    hers, his = listen(ann), listen(bob)
    began = time.monotonic()
    write_item(server_database, ann.user_id)
    wait(lambda: hers.news == 1)
    assert time.monotonic() - began < 5
    write_item(server_database, bob.user_id)
    wait(lambda: his.news == 1)
    assert hers.news == 1, "what is another's calls nobody else"


def test_the_stream_says_nothing_but_that_there_is_news(address: str, server_database: ServerDatabase) -> None:
    ann = make_account(address)
    said: list[str] = []
    with (
        httpx.Client(headers={"Authorization": f"Bearer {ann.token()}"}, timeout=PATIENCE) as client,
        client.stream("GET", f"{address}/v1/poke", params={"device_id": str(uuid7())}) as answer,
    ):
        for line in answer.iter_lines():
            said.append(line)
            if line == "event: ready":
                write_item(server_database, ann.user_id)
            if line == "event: news":
                break
    assert set(said) == {"event: ready", "data:", "", "event: news"}


def test_a_device_is_not_called_for_what_it_did_itself(
    address: str, server_database: ServerDatabase, listen: Listen
) -> None:
    ann = make_account(address)
    one, other = listen(ann), listen(ann)
    write_item(server_database, ann.user_id, device=one.device)
    wait(lambda: other.news == 1)
    write_item(server_database, ann.user_id, device=other.device)
    wait(lambda: one.news == 1)
    assert (one.news, other.news) == (1, 1)


def test_a_transaction_that_is_rolled_back_calls_nobody(
    address: str, server_database: ServerDatabase, listen: Listen
) -> None:
    ann, bob = make_account(address), make_account(address)
    hers, his = listen(ann), listen(bob)
    with server_database.as_superuser() as connection:
        connection.execute("begin")
        connection.execute("update users set name = 'B' where id = %s", (ann.user_id,))
        connection.execute("rollback")
    write_item(server_database, bob.user_id)
    wait(lambda: his.news == 1)
    assert hers.news == 0


def test_many_changes_at_once_are_one_call(address: str, server_database: ServerDatabase, listen: Listen) -> None:
    ann = make_account(address)
    ear = listen(ann)
    for _ in range(20):
        write_item(server_database, ann.user_id)
    wait(lambda: ear.news >= 1)
    other = make_account(address)
    later = listen(other)
    write_item(server_database, other.user_id)
    wait(lambda: later.news == 1)
    assert ear.news <= 4, "one call a second at most"


def test_a_feed_that_was_joined_meanwhile_is_heard(
    address: str, server_database: ServerDatabase, listen: Listen
) -> None:
    ann, bob = make_account(address), make_account(address)
    ear = listen(bob)
    organization = uuid7()
    with server_database.as_superuser() as connection, connection.transaction():
        connection.execute("insert into organizations (id, name) values (%s, 'Club')", (organization,))
        for person, role in ((ann, "admin"), (bob, "member")):
            connection.execute(
                "insert into user_organizations (id, user_id, org_id, role) values (%s, %s, %s, %s)",
                (uuid7(), person.user_id, organization, role),
            )
    wait(lambda: ear.news == 1)
    with server_database.as_superuser() as connection:
        connection.execute("update organizations set name = 'Reading club' where id = %s", (organization,))
    wait(lambda: ear.news >= 2)


@pytest.mark.noisy
def test_a_line_to_the_database_that_breaks_is_made_again_and_everybody_is_called(
    address: str, server_database: ServerDatabase, listen: Listen
) -> None:
    ann = make_account(address)
    ear = listen(ann)
    with server_database.as_superuser() as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name like '%-news'"
            " and datname = current_database()"
        )
    wait(lambda: ear.news >= 1)
    before = ear.news
    write_item(server_database, ann.user_id)
    wait(lambda: ear.news > before)


def test_nobody_waits_without_a_session_and_only_so_many_do(
    address: str, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert httpx.get(f"{address}/v1/poke", params={"device_id": str(uuid7())}).status_code == 401
    monkeypatch.setattr(part, "MOST_OF_ONE", 1)
    ann = make_account(address)
    listen(ann)
    refused = httpx.get(
        f"{address}/v1/poke",
        params={"device_id": str(uuid7())},
        headers={"Authorization": f"Bearer {ann.token()}"},
    )
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "too_many_waiting")


def test_a_stream_ends_in_time_makes_room_and_is_taken_up_again(
    address: str, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(part, "LASTS", 0.0)
    monkeypatch.setattr(part, "MOST_OF_ONE", 1)
    ear = listen(make_account(address))
    wait(lambda: ear.calls >= 3)


def test_a_device_whose_session_was_ended_gives_up(address: str) -> None:
    ear = Ear(make_account(address), token="alx_" + "a" * 43)
    assert ear.listener.join(PATIENCE)
    assert ear.calls == 0


def test_a_line_that_is_cut_is_made_again_and_one_that_is_given_up_ends_at_once(
    address: str, server_database: ServerDatabase
) -> None:
    ann = make_account(address)
    with Relay(address) as line:
        ear = Ear(replace(ann, address=line.address), token=ann.token())
        wait(lambda: ear.calls == 1)
        line.cut()
        write_item(server_database, ann.user_id)
        line.mend()
        wait(lambda: ear.calls >= 2)
        began = time.monotonic()
        ear.listener.end()
        assert ear.listener.join(PATIENCE)
        assert time.monotonic() - began < 5


def test_whoever_leaves_makes_room_for_others(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part, "MOST_OF_ONE", 1)
    ann = make_account(address)
    for _ in range(3):
        ear = Ear(ann)
        wait(lambda ear=ear: ear.calls == 1)  # type: ignore[misc]
        ear.listener.end()
        assert ear.listener.join(PATIENCE)


@contextmanager
def short_lines(*said: bytes, is_cut: bool) -> Iterator[tuple[Account, list[float]]]:
    """A server whose lines say something and end, and when each began."""
    began: list[float] = []

    async def line(_request: Request) -> Response:
        began.append(time.monotonic())
        body = b"".join(said)
        length = {"Content-Length": str(len(body) + is_cut)}
        return StreamingResponse(iter(said), media_type="text/event-stream", headers=length)

    with listening(Starlette(routes=[Route("/v1/poke", line)])) as address:
        yield Account(address, uuid7(), "ann@example.org"), began


READY, NEWS = b"event: ready\ndata:\n\n", b"event: news\ndata:\n\n"


@pytest.mark.parametrize("said", [NEWS, b":\n\n"])
def test_a_line_that_stood_and_broke_is_made_again_as_soon_as_ever(said: bytes) -> None:
    with short_lines(READY, said, is_cut=True) as (ann, began):
        ear = Ear(ann, token="token", pauses=Pauses(first=0.001, longest=1_000_000.0))
        wait(lambda: len(began) >= 30)  # doubled each time, the wait would be of days
        ear.listener.end()
        assert ear.listener.join(PATIENCE)


@pytest.mark.parametrize("is_cut", [True, False])
def test_a_line_that_ends_as_soon_as_it_stands_is_made_again_ever_more_seldom(is_cut: bool) -> None:
    with short_lines(READY, is_cut=is_cut) as (ann, began):
        ear = Ear(ann, token="token", pauses=Pauses(first=0.02, longest=PATIENCE))
        wait(lambda: len(began) >= 7)
        ear.listener.end()
        assert ear.listener.join(PATIENCE)
    assert began[6] - began[5] > 0.6
