"""Pulling over HTTP: framed lines, only what the person may read, and refusals of what makes no sense."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from sync.protocol.lines import unframed
from sync.schema.ids import uuid7
from sync.server.feeds import make_feeds
from tests.server.serving import Person, code_of, make_app, serving, sign_up
from tests.support.server import ServerDatabase

pytestmark = [pytest.mark.postgres, pytest.mark.anyio]


@pytest.fixture
async def client(anyio_backend: str, server_database: ServerDatabase) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(make_app(server_database, make_feeds)) as found:
        yield found


def unframe(answer: httpx.Response) -> tuple[dict[str, Any], list[list[Any]]]:
    """Return the header and the lines of a pull, after checking its footer."""
    assert answer.status_code == 200, answer.text
    first, *middle, last = answer.content.splitlines(keepends=True)
    footer = json.loads(last)
    assert footer == {"count": len(middle), "sha256": hashlib.sha256(b"".join(middle)).hexdigest()}
    header, lines = unframed(answer.content)
    assert header == json.loads(first)
    return header, list(lines)


async def pull(person: Person, **words: Any) -> httpx.Response:
    return await person.post("/v1/pull", words)


async def test_a_new_device_gets_its_account_and_then_nothing_more(client: httpx.AsyncClient) -> None:
    ann = await sign_up(client)
    device = str(uuid7())
    header, lines = unframe(await pull(ann, device_id=device))
    assert header["reset"] is True
    rows = {(kind, table): row for kind, table, row in lines}
    assert rows["row", "users"]["email"] == ann.email
    again, nothing = unframe(await pull(ann, device_id=device, checkpoint=header["to"]))
    assert (again["to"], again["more"], nothing) == (header["to"], False, [])


async def test_a_note_travels_with_all_its_columns_and_to_its_writer_alone(
    client: httpx.AsyncClient, server_database: ServerDatabase
) -> None:
    ann, bob = await sign_up(client), await sign_up(client)
    with server_database.as_user(ann.id) as connection:
        item, book = uuid7(), uuid7()
        connection.execute(
            "insert into content_items (id, title, content_type, module_name, creator_id)"
            " values (%s, 'x', 'book', 'library', %s)",
            (item, ann.id),
        )
        connection.execute(
            "insert into user_notes (id, user_id, content_id, note_text) values (%s, %s, %s, 'Ann''s own')",
            (book, ann.id, item),
        )
    _, mine = unframe(await pull(ann, device_id=str(uuid7())))
    note = next(row for _, table, row in mine if table == "user_notes")
    assert (note["note_text"], note["revision"]) == ("Ann's own", 1)
    answer = await pull(bob, device_id=str(uuid7()))
    assert b"Ann's own" not in answer.content
    assert str(item).encode() not in answer.content


async def test_a_device_of_somebody_else_is_refused(client: httpx.AsyncClient) -> None:
    ann, bob = await sign_up(client), await sign_up(client)
    device = str(uuid7())
    await pull(ann, device_id=device)
    assert code_of(await pull(bob, device_id=device)) == (403, "device_of_another")


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"device_id": "x"},
        {"checkpoint": -1},
        {"checkpoint": 2**63},
        {"page": 0},
        {"page": 10**6},
        {"catalogues": ["user:018f"]},
        {"catalogues": ["catalogue:99999999999"]},
        {"more": 1},
    ],
)
async def test_what_makes_no_sense_is_refused(client: httpx.AsyncClient, words: dict[str, Any]) -> None:
    ann = await sign_up(client)
    body = {"device_id": str(uuid7()), **words} if words else {}
    status, code = code_of(await pull(ann, **body))
    assert status in (400, 422)
    assert code


async def test_nobody_pulls_without_signing_in(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/pull", json={"device_id": str(uuid7())})
    assert answer.status_code == 401
