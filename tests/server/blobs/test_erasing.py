"""Who erases their account takes their files along; what others bought or study stays readable."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import psycopg
import pytest

from sync.server.blobs.sweep import sweep_files
from sync.server.gateway.database import Database
from sync.server.gateway.identity import Identity
from sync.server.gateway.routing import Core
from sync.server.jobs.own import run_own
from tests.server.blobs.conftest import hash_of
from tests.server.blobs.sending import append, begin, bytes_of, given, item_naming, put
from tests.server.serving import PASSWORD, Person, code_of, make_settings, sign_up
from tests.support.server import ServerDatabase

pytestmark = [pytest.mark.postgres, pytest.mark.anyio]


@pytest.fixture
async def core(anyio_backend: str, server_database: ServerDatabase, folder: Path) -> AsyncIterator[Core]:
    settings = make_settings(server_database, blob_store=str(folder))
    database = Database(settings)
    await database.open()
    try:
        yield Core(settings, database)
    finally:
        await database.close()


def kept(folder: Path) -> set[str]:
    """Return the hashes of all bytes that lie in the store, under whatever name."""
    return {hash_of(path.read_bytes()) for path in folder.rglob("*") if path.is_file()}


def let_in(database: ServerDatabase, item: object, person: Person) -> None:
    with database.as_superuser() as connection:
        connection.execute(
            "insert into user_content_access (user_id, content_id, access_type) values (%s, %s, 'purchased')",
            (person.id, item),
        )


def enroll(database: ServerDatabase, item: object, person: Person) -> None:
    """Make an item a course that somebody studies."""
    with database.as_superuser() as connection:
        row = connection.execute("insert into courses (content_id) values (%s) returning id", (item,)).fetchone()
        assert row is not None
        connection.execute("insert into course_enrollments (course_id, user_id) values (%s, %s)", (row[0], person.id))


async def test_erasing_takes_the_bytes_at_the_next_sweep_and_leaves_what_others_were_shown(
    http: httpx.AsyncClient, core: Core, server_database: ServerDatabase, folder: Path
) -> None:
    ann, bob = await sign_up(http), await sign_up(http)
    mine, avatar, shared, sold, studied, both = [
        await given(ann, words)
        for words in (b"mine alone", b"my face", b"published", b"sold to bob", b"bob studies it", b"bob has it too")
    ]
    assert await given(bob, b"bob has it too") == both
    upload = await begin(ann, b"half a book")
    await append(ann, upload, 0, b"half")
    item_naming(server_database, ann, mine)
    item_naming(server_database, ann, shared, visibility="public")
    let_in(server_database, item_naming(server_database, ann, sold, cover=True), bob)
    enroll(server_database, item_naming(server_database, ann, studied), bob)
    with server_database.as_superuser() as connection:
        connection.execute("update user_profiles set avatar_sha256 = %s where user_id = %s", (avatar, ann.id))

    assert (await ann.post("/v1/me/erase", {"password": PASSWORD})).status_code == 204
    for gone in (mine, avatar):
        assert await bytes_of(bob, gone) is None
    assert await run_own(core, "sweep-files", sweep_files) == "done"

    assert kept(folder) == {shared, sold, studied, both}
    words = {shared: b"published", sold: b"sold to bob", studied: b"bob studies it", both: b"bob has it too"}
    assert {sha256: await bytes_of(bob, sha256) for sha256 in words} == words


async def test_what_was_given_up_before_goes_at_once_too(http: httpx.AsyncClient, core: Core, folder: Path) -> None:
    """The days of grace are for people who may change their mind, and this one is gone."""
    ann = await sign_up(http)
    given_up = await given(ann, b"given up last week")
    await ann.delete(f"/v1/blobs/{given_up}")
    kept_on = await given(ann, b"kept to the end")
    await ann.post("/v1/me/erase", {"password": PASSWORD})
    await sweep_files(core)
    # Nobody knows any more whose the first was; it has its seven days.
    assert kept(folder) & {given_up, kept_on} == {given_up}


async def test_a_request_that_is_under_way_claims_nothing_for_who_is_gone(
    http: httpx.AsyncClient, core: Core, server_database: ServerDatabase
) -> None:
    ann = await sign_up(http)
    await put(ann, b"before")
    with server_database.as_superuser() as connection:
        connection.execute("update users set deleted_at = now() where id = %s", [ann.id])
    refused = []
    for call, given_words in (
        ("claim_blob(%s, 1, 'image/png', null, '{}')", [hash_of(b"x")]),
        ("begin_upload(%s, 1, 'image/png', '{}', 64)", [hash_of(b"x")]),
    ):
        with pytest.raises(psycopg.Error) as fault:
            async with core.database.as_gateway(Identity(ann.id)) as connection:
                await connection.execute(f"select gateway.{call}", given_words)  # type: ignore[arg-type]
        refused.append(fault.value.diag.message_detail)
    assert refused == ["session_over"] * 2
    assert code_of(await put(ann, b"after")) == (401, "session_over")
