"""A hash by itself opens nothing: only its bytes do, or a row that one may see, made by somebody who had the bytes."""

from __future__ import annotations

from uuid import UUID

import httpx
import psycopg
import pytest

from tests.server.blobs.conftest import hash_of
from tests.server.blobs.sending import bytes_of, given, head, item_naming, put
from tests.server.serving import PASSWORD, Person, code_of, sign_up
from tests.support.server import ServerDatabase

pytestmark = [pytest.mark.postgres, pytest.mark.anyio]


async def have(person: Person, *hashes: str) -> tuple[list[str], list[str]]:
    body = (await person.post("/v1/blobs/have", {"hashes": list(hashes)})).json()
    return body["have"], body["claimed"]


def let_in(database: ServerDatabase, person: Person, item: UUID) -> None:
    with database.as_superuser() as connection:
        connection.execute(
            "insert into user_content_access (user_id, content_id, access_type) values (%s, %s, 'purchased')",
            (person.id, item),
        )


def secret(name: str) -> bytes:
    return f"the secret of {name}".encode()


async def test_who_did_not_send_the_bytes_does_not_get_them(http: httpx.AsyncClient) -> None:
    ann, bob = await sign_up(http), await sign_up(http)
    sha256 = await given(ann, secret("one"))
    assert await bytes_of(bob, sha256) is None
    assert (await http.get(f"/v1/blobs/{sha256}")).status_code == 404
    assert (await head(bob, f"/v1/blobs/{sha256}")).status_code == 404
    assert await have(bob, sha256) == ([], [])
    assert await have(ann, sha256) == ([sha256], [sha256])
    assert code_of(await bob.delete(f"/v1/blobs/{sha256}")) == (404, "not_found")


async def test_a_row_of_ones_own_that_names_a_strangers_hash_opens_nothing(
    http: httpx.AsyncClient, server_database: ServerDatabase
) -> None:
    ann, eve = await sign_up(http), await sign_up(http)
    sha256 = await given(ann, secret("the attacked"))
    for cover in (False, True):
        item_naming(server_database, eve, sha256, cover=cover, visibility="public")
    with server_database.as_user(eve.id) as connection:
        connection.execute("update user_profiles set avatar_sha256 = %s where user_id = %s", (sha256, eve.id))
        assert connection.execute("select from content_files where sha256 = %s", [sha256]).fetchall()
    assert await bytes_of(eve, sha256) is None
    assert await have(eve, sha256) == ([], [])
    assert (await http.get(f"/v1/blobs/{sha256}")).status_code == 404


async def test_a_strangers_row_is_not_made_to_name_a_hash(
    http: httpx.AsyncClient, server_database: ServerDatabase
) -> None:
    ann, eve = await sign_up(http), await sign_up(http)
    sha256 = await given(ann, secret("a row"))
    item = item_naming(server_database, ann, hash_of(b"x"), visibility="public")
    with pytest.raises(psycopg.errors.InsufficientPrivilege), server_database.as_user(eve.id) as connection:
        connection.execute("insert into content_files (content_id, sha256) values (%s, %s)", (item, sha256))


async def test_a_hash_that_nobody_has_looks_like_one_that_a_stranger_has(http: httpx.AsyncClient) -> None:
    ann, bob = await sign_up(http), await sign_up(http)
    theirs, nobodys = await given(ann, secret("an oracle")), hash_of(b"never sent")
    left_out = {"x-request-id"}
    for method, path in (("GET", ""), ("HEAD", ""), ("DELETE", "")):
        first, second = [
            await http.request(method, f"/v1/blobs/{one}{path}", headers=bob.headers) for one in (theirs, nobodys)
        ]
        assert (first.status_code, first.content) == (second.status_code, second.content)
        assert {k: v for k, v in first.headers.items() if k not in left_out} == {
            k: v for k, v in second.headers.items() if k not in left_out
        }
    first, second = [(await bob.post(f"/v1/blobs/{one}", {"size": 20})).json() for one in (theirs, nobodys)]
    assert first | {"id": "", "sha256": ""} == second | {"id": "", "sha256": ""}


async def test_a_second_sender_must_send_every_byte_and_never_sees_the_first_ones_word_for_them(
    http: httpx.AsyncClient,
) -> None:
    ann, bob = await sign_up(http), await sign_up(http)
    words = secret("two")
    await put(ann, words, kind="application/pdf")
    assert code_of(await put(bob, words[:-1], hash_of(words))) == (422, "hash_mismatch")
    assert await bytes_of(bob, hash_of(words)) is None
    await put(bob, words, kind="image/gif")
    answer = await bob.get(f"/v1/blobs/{hash_of(words)}")
    assert (answer.content, answer.headers["content-type"]) == (words, "image/gif")


@pytest.mark.parametrize("cover", [False, True], ids=["file", "cover"])
async def test_who_sees_the_item_gets_the_bytes_that_its_creator_sent(
    http: httpx.AsyncClient, server_database: ServerDatabase, cover: bool
) -> None:
    ann, bob = await sign_up(http), await sign_up(http)
    words = secret(f"a public item {cover}")
    sha256 = await given(ann, words)
    item = item_naming(server_database, ann, sha256, cover=cover)
    assert await bytes_of(bob, sha256) is None
    with server_database.as_superuser() as connection:
        connection.execute("update content_items set visibility = 'public' where id = %s", [item])
    assert await bytes_of(bob, sha256) == words
    assert (await http.get(f"/v1/blobs/{sha256}")).content == words
    assert await have(bob, sha256, hash_of(b"never")) == ([sha256], [])
    table = "books" if cover else "content_files"
    with server_database.as_superuser() as connection:
        connection.execute(f"update {table} set deleted_at = now() where content_id = %s", [item])
    assert await bytes_of(bob, sha256) is None


async def test_what_is_for_sale_shows_its_cover_to_all_and_its_file_to_buyers(
    http: httpx.AsyncClient, server_database: ServerDatabase
) -> None:
    ann, bob, eve = await sign_up(http), await sign_up(http), await sign_up(http)
    cover, book = await given(ann, secret("a cover")), await given(ann, secret("a book for sale"))
    item = item_naming(server_database, ann, book, visibility="marketplace")
    with server_database.as_superuser() as connection:
        connection.execute("insert into books (content_id, cover_sha256) values (%s, %s)", (item, cover))
    let_in(server_database, bob, item)
    assert await have(bob, cover, book) == ([cover, book], [])
    assert await have(eve, cover, book) == ([cover], [])
    assert await bytes_of(eve, book) is None
    assert await bytes_of(bob, book) == secret("a book for sale")


async def test_a_picture_of_oneself_is_seen_by_who_sees_the_profile(
    http: httpx.AsyncClient, server_database: ServerDatabase
) -> None:
    ann, bob = await sign_up(http), await sign_up(http)
    sha256 = await given(ann, secret("a picture"))
    with server_database.as_user(ann.id) as connection:
        connection.execute("update user_profiles set avatar_sha256 = %s where user_id = %s", (sha256, ann.id))
    assert await bytes_of(bob, sha256) is None
    item_naming(server_database, ann, hash_of(b"y"), visibility="public")
    assert await bytes_of(bob, sha256) == secret("a picture")


async def test_a_file_that_others_read_is_not_taken_from_them(
    http: httpx.AsyncClient, server_database: ServerDatabase
) -> None:
    ann, bob = await sign_up(http), await sign_up(http)
    shared, private = await given(ann, secret("shared")), await given(ann, secret("private"))
    let_in(server_database, bob, item_naming(server_database, ann, shared))
    item_naming(server_database, ann, private)
    assert code_of(await ann.delete(f"/v1/blobs/{shared}")) == (409, "file_shared")
    assert (await ann.delete(f"/v1/blobs/{private}")).status_code == 204
    assert await bytes_of(ann, private) is None
    assert await bytes_of(bob, shared) == secret("shared")


async def test_what_was_bought_stays_readable_when_its_creator_erases_their_account(
    http: httpx.AsyncClient, server_database: ServerDatabase
) -> None:
    ann, bob, eve = await sign_up(http), await sign_up(http), await sign_up(http)
    sold, private = await given(ann, secret("sold")), await given(ann, secret("kept"))
    let_in(server_database, bob, item_naming(server_database, ann, sold))
    item_naming(server_database, ann, private)
    assert (await ann.post("/v1/me/erase", {"password": PASSWORD})).status_code == 204
    assert await bytes_of(bob, sold) == secret("sold")
    assert await bytes_of(eve, sold) is None
    with server_database.as_superuser() as connection:
        due = connection.execute("select * from gateway.unclaimed_blobs('0')").fetchall()
    assert (private,) in due
    assert (sold,) not in due


async def test_only_so_many_hashes_are_looked_for_at_once(http: httpx.AsyncClient) -> None:
    ann = await sign_up(http)
    assert (await ann.post("/v1/blobs/have", {"hashes": ["0" * 64] * 1000})).json()["have"] == []
    assert (await ann.post("/v1/blobs/have", {"hashes": ["0" * 64] * 1001})).status_code == 422
