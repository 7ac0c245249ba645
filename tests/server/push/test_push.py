"""Handing batches in over HTTP: each operation judged by itself, nothing beyond what the person may, nothing twice."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from sync.protocol.lines import unframed
from sync.schema.ids import uuid7
from sync.server.feeds import make_feeds
from sync.server.push import make_push
from tests.server.serving import Person, code_of, make_app, serving, sign_up
from tests.support.server import ServerDatabase

pytestmark = [pytest.mark.postgres, pytest.mark.anyio]

NOW = "2026-03-01T12:00:00+00:00"


@pytest.fixture
async def client(anyio_backend: str, server_database: ServerDatabase) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(make_app(server_database, make_feeds, make_push)) as found:
        yield found


@pytest.fixture
async def ann(client: httpx.AsyncClient) -> Person:
    return await sign_up(client)


class Handed:
    """What came back for a batch."""

    def __init__(self, answer: httpx.Response) -> None:
        assert answer.status_code == 200, answer.text
        _, lines = unframed(answer.content)
        found = list(lines)
        self.judged = [line[1] for line in found if line[0] == "judged"]
        self.rows = {line[2]["id"]: line[2] for line in found if line[0] == "row"}
        self.left = {line[2] for line in found if line[0] == "leave"}

    @property
    def words(self) -> list[str]:
        return [f"{one['verdict']} {one.get('code', '')}".strip() for one in self.judged]


def operation(number: int, table: str, row: UUID, kind: str, values: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"number": number, "table": table, "id": str(row), "kind": kind, "values": values, "clock": 1 << 40, **more}


async def hand_in(person: Person, *operations: dict[str, Any], **more: Any) -> httpx.Response:
    words = {"device_id": str(more.pop("device", uuid7())), "batch_id": str(more.pop("batch", uuid7()))}
    return await person.post("/v1/push", {**words, "operations": list(operations), **more})


def item(person: Person, row: UUID, **more: Any) -> dict[str, Any]:
    values = {"id": str(row), "title": "A book", "content_type": "book", "module_name": "library",
              "creator_id": str(person.id), "visibility": "private", "status": "published", "metadata_json": {},
              "access_permissions": {}, "is_stub": False, "created_at": NOW, "updated_at": NOW, **more}  # fmt: skip
    return operation(1, "content_items", row, "insert", values)


def note(number: int, person: Person, row: UUID, book: UUID, **more: Any) -> dict[str, Any]:
    values = {"id": str(row), "user_id": str(person.id), "content_id": str(book), "note_text": "x",
              "note_type": "general", "is_public": False, "attributes_json": {}, "created_at": NOW, "updated_at": NOW,
              **more}  # fmt: skip
    return operation(number, "user_notes", row, "insert", values)


@pytest.fixture
async def book(ann: Person) -> UUID:
    row = uuid7()
    assert Handed(await hand_in(ann, item(ann, row))).words == ["applied"]
    return row


async def test_children_may_come_before_their_parents_in_a_batch(ann: Person) -> None:
    book, one = uuid7(), uuid7()
    assert Handed(await hand_in(ann, note(2, ann, one, book), item(ann, book))).words == ["applied", "applied"]


async def test_what_cannot_be_applied_keeps_nothing_else_from_being(ann: Person, book: UUID) -> None:
    good = [uuid7() for _ in range(20)]
    batch = [note(number, ann, row, book) for number, row in enumerate(good)]
    batch[3] = note(3, ann, good[3], book, note_type="no such type")
    batch[11] = note(11, ann, good[11], book, note_text="a\u0000b")
    batch[15] = note(15, ann, good[15], uuid7())
    handed = Handed(await hand_in(ann, *batch))
    refused = {number: word for number, word in enumerate(handed.words) if word != "applied"}
    assert refused == {
        3: "rejected invalid_value", 11: "rejected invalid_value", 15: "rejected not_allowed",
    }  # fmt: skip
    assert len(handed.rows) == 17


async def test_a_batch_changes_a_row_once(ann: Person, book: UUID) -> None:
    one = uuid7()
    handed = Handed(await hand_in(ann, note(1, ann, one, book, note_text="a"), note(2, ann, one, book, note_text="b")))
    assert handed.words == ["applied", "rejected repeated"]
    assert handed.rows[str(one)]["note_text"] == "a"


async def test_what_is_there_is_merged_though_it_could_no_longer_be_made(
    client: httpx.AsyncClient, ann: Person, server_database: ServerDatabase
) -> None:
    bob, book, row = await sign_up(client), uuid7(), uuid7()
    assert Handed(await hand_in(bob, item(bob, book))).words == ["applied"]

    def show_as(visibility: str) -> None:
        with server_database.as_superuser() as connection:
            connection.execute("update content_items set visibility = %s where id = %s", (visibility, book))

    show_as("public")
    assert Handed(await hand_in(ann, note(1, ann, row, book))).words == ["applied"]
    show_as("private")
    fresh = uuid7()
    handed = Handed(
        await hand_in(ann, note(1, ann, fresh, book), note(2, ann, row, book, note_text="x and more", clock=1 << 41))
    )
    assert handed.words == ["rejected not_allowed", "merged"]
    assert handed.rows[str(row)]["note_text"] == "x and more"
    assert str(fresh) in handed.left


async def test_an_update_never_makes_a_row(ann: Person) -> None:
    missing = uuid7()
    change = operation(1, "user_notes", missing, "update", {"note_text": "y"}, base={"note_text": "x"}, revision=1)
    handed = Handed(await hand_in(ann, change))
    assert (handed.words, handed.rows, handed.left) == (["rejected not_there"], {}, {str(missing)})


async def test_an_update_that_names_every_column_makes_no_row_either(ann: Person, book: UUID) -> None:
    missing = uuid7()
    change = {**note(1, ann, missing, book), "kind": "update", "base": {"note_text": "w"}, "revision": 1}
    handed = Handed(await hand_in(ann, change))
    assert (handed.words, handed.rows) == (["rejected not_there"], {})


async def test_a_delete_of_what_is_not_there_is_done(ann: Person) -> None:
    gone = operation(1, "user_notes", uuid7(), "delete", {"deleted_at": NOW})
    assert Handed(await hand_in(ann, gone)).words == ["applied"]


@pytest.mark.parametrize("kind", ["update", "delete", "insert"])
async def test_nobody_touches_what_is_anothers(
    client: httpx.AsyncClient, ann: Person, book: UUID, kind: str, server_database: ServerDatabase
) -> None:
    one = uuid7()
    await hand_in(ann, note(1, ann, one, book))
    bob = await sign_up(client)
    values = {"note_text": "bob was here"} if kind == "update" else {"deleted_at": NOW}
    tried = operation(1, "user_notes", one, kind, values, base={"note_text": "x"}, revision=1)
    if kind == "insert":
        tried = note(1, bob, one, book, note_text="bob was here")
    handed = Handed(await hand_in(bob, tried))
    # A delete of what somebody cannot see looks like one of what is not there.
    assert handed.words[0] in ("rejected not_there", "applied", "rejected not_allowed", "rejected already_there")
    assert handed.rows == {}
    with server_database.as_superuser() as connection:
        row = connection.execute("select note_text, deleted_at from user_notes where id = %s", (one,)).fetchone()
    assert row == ("x", None)


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("users", {"role": "admin"}),
        ("organizations", {"name": "mine"}),
        ("user_organizations", {"role": "owner"}),
        ("purchases", {"total_amount": 0}),
        ("user_content_access", {"access_type": "purchased"}),
        ("user_sessions", {"token": "x"}),
        ("sync.device", {}),
        ("no_such_table", {}),
    ],
)
async def test_what_only_the_server_writes_is_not_taken(ann: Person, table: str, values: dict[str, Any]) -> None:
    for kind in ("insert", "update"):
        handed = Handed(await hand_in(ann, operation(1, table, ann.id, kind, values, base=values)))
        assert handed.words == ["rejected not_pushed"]


async def test_columns_that_the_server_counts_are_not_taken(
    ann: Person, book: UUID, server_database: ServerDatabase
) -> None:
    one = uuid7()
    await hand_in(ann, note(1, ann, one, book, revision=99))
    change = {"user_id": str(uuid7()), "revision": 500, "note_text": "mine still"}
    await hand_in(ann, operation(1, "user_notes", one, "update", change, base={"note_text": "x"}, revision=1))
    with server_database.as_superuser() as connection:
        row = connection.execute("select user_id, revision, note_text from user_notes where id = %s", (one,)).fetchone()
    assert row == (ann.id, 2, "mine still")


async def test_a_batch_that_comes_again_is_judged_as_before_and_changes_nothing(
    ann: Person, book: UUID, server_database: ServerDatabase
) -> None:
    one, device, batch = uuid7(), uuid7(), uuid7()
    await hand_in(ann, note(1, ann, one, book, note_text="a b c"))
    await hand_in(ann, operation(1, "user_notes", one, "update", {"note_text": "a X c"}, base={"note_text": "a b c"}))
    mine = operation(1, "user_notes", one, "update", {"note_text": "a Y c"}, base={"note_text": "a b c"}, revision=1)
    first = Handed(await hand_in(ann, mine, device=device, batch=batch))
    again = Handed(await hand_in(ann, mine, device=device, batch=batch))
    assert first.words == ["conflict"]
    assert again.judged == first.judged
    assert again.rows == first.rows


async def test_a_batch_that_comes_again_answers_with_the_rows_as_they_are_now(ann: Person, book: UUID) -> None:
    one, device, batch = uuid7(), uuid7(), uuid7()
    first = Handed(await hand_in(ann, note(1, ann, one, book), device=device, batch=batch))
    await hand_in(ann, operation(1, "user_notes", one, "delete", {"deleted_at": NOW}, revision=1))
    again = Handed(await hand_in(ann, note(1, ann, one, book), device=device, batch=batch))
    assert first.rows[str(one)]["deleted_at"] is None
    assert again.rows[str(one)]["deleted_at"] is not None


async def test_the_same_name_for_another_batch_is_refused(ann: Person, book: UUID) -> None:
    device, batch = uuid7(), uuid7()
    await hand_in(ann, note(1, ann, uuid7(), book), device=device, batch=batch)
    other = await hand_in(ann, note(1, ann, uuid7(), book), device=device, batch=batch)
    assert code_of(other) == (409, "batch_reused")


async def test_a_device_hands_in_for_one_account_only(client: httpx.AsyncClient, ann: Person, book: UUID) -> None:
    device = uuid7()
    await hand_in(ann, note(1, ann, uuid7(), book), device=device)
    bob = await sign_up(client)
    assert code_of(await hand_in(bob, item(bob, uuid7()), device=device)) == (403, "device_of_another")


@pytest.mark.parametrize(
    "batch",
    [
        {},
        {"operations": "x"},
        {"operations": [{"number": 1}]},
        {"operations": [], "more": 1},
        {"operations": [operation(1, "user_notes", UUID(int=1), "make", {})]},
        {"operations": [operation(-1, "user_notes", UUID(int=1), "update", {})]},
    ],
    ids=lambda value: json.dumps(value)[:40],
)
async def test_a_batch_of_another_form_is_refused_whole(ann: Person, batch: dict[str, Any]) -> None:
    words = {"device_id": str(uuid7()), "batch_id": str(uuid7()), **batch}
    answer = await ann.post("/v1/push", words)
    assert answer.status_code == 422, answer.text


async def test_a_clock_that_runs_far_ahead_does_not_win_for_ever(ann: Person, book: UUID) -> None:
    one = uuid7()
    await hand_in(ann, note(1, ann, one, book, color="yellow"))
    ahead = {"color": (1 << 62)}
    await hand_in(ann, operation(1, "user_notes", one, "update", {"color": "green"}, base={"color": "yellow"},
                                 revision=1, clocks=ahead))  # fmt: skip
    import time

    # A device whose clock is right, a quarter of an hour later.
    later = {"color": (int(time.time() * 1000) + 15 * 60_000) << 16}
    handed = Handed(await hand_in(ann, operation(1, "user_notes", one, "update", {"color": "blue"},
                                                 base={"color": "red"}, revision=1, clocks=later)))  # fmt: skip
    assert handed.rows[str(one)]["field_clocks"]["color"] < (int(time.time() * 1000) + 6 * 60_000) << 16
