"""One's own account: names, password, sessions, erasure."""

from __future__ import annotations

import json
from uuid import UUID

import httpx
import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.server.serving import PASSWORD, become_admin, code_of, person_from, sign_in, sign_up
from tests.support.server import ServerDatabase

pytestmark = [pytest.mark.postgres, pytest.mark.anyio]

OTHER_PASSWORD = "another long one"


async def test_names_can_be_changed_and_others_see_the_display_name_alone(http: httpx.AsyncClient) -> None:
    ann = await sign_up(http)
    change = {"name": "Ann B.", "display_name": "Reader", "biography": "Two\nlines"}
    assert (await ann.patch("/v1/me", change)).json()["display_name"] == "Reader"
    me = (await ann.patch("/v1/me", {"biography": None})).json()
    assert (me["name"], me["display_name"], me["biography"]) == ("Ann B.", "Reader", None)


async def test_nobody_raises_their_own_role(http: httpx.AsyncClient, server_database: ServerDatabase) -> None:
    ann = await sign_up(http)
    assert code_of(await ann.patch("/v1/me", {"role": "admin"})) == (422, "invalid.role")
    assert code_of(await ann.patch(f"/v1/admin/users/{ann.id}", {"role": "admin"})) == (403, "not_allowed")
    with server_database.as_user(ann.id) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("update users set role = 'admin'")
    with server_database.as_user(ann.id) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("select gateway.set_user(%s, 'admin', false)", [ann.id])


async def test_a_new_password_ends_the_other_sessions(http: httpx.AsyncClient) -> None:
    ann = await sign_up(http)
    other = person_from(http, await sign_in(http, ann.email))
    wrong = {"current_password": "wrong password", "new_password": OTHER_PASSWORD}
    assert code_of(await ann.post("/v1/me/password", wrong)) == (403, "wrong_password")
    right = wrong | {"current_password": PASSWORD}
    assert (await ann.post("/v1/me/password", right)).status_code == 204
    assert (await ann.get("/v1/me")).status_code == 200
    assert code_of(await other.get("/v1/me")) == (401, "session_over")
    assert code_of(await sign_in(http, ann.email)) == (401, "wrong_credentials")
    assert (await sign_in(http, ann.email, OTHER_PASSWORD)).status_code == 200


async def test_sessions_are_listed_and_ended_one_by_one_or_all_others(http: httpx.AsyncClient) -> None:
    ann = await sign_up(http, label="The first")
    second, third = [person_from(http, await sign_in(http, ann.email)) for _ in range(2)]
    found = (await ann.get("/v1/me/sessions")).json()["sessions"]
    assert {UUID(one["id"]) for one in found} == {ann.session_id, second.session_id, third.session_id}
    assert [one["device_name"] for one in found if one["is_current"]] == ["The first"]
    assert (await ann.delete(f"/v1/me/sessions/{second.session_id}")).status_code == 204
    assert code_of(await second.get("/v1/me")) == (401, "session_over")
    assert (await ann.post("/v1/me/sessions/revoke-others")).json() == {"revoked": 1}
    assert code_of(await third.get("/v1/me")) == (401, "session_over")


async def test_another_persons_session_is_as_if_it_were_not_there(http: httpx.AsyncClient) -> None:
    ann, bob = await sign_up(http), await sign_up(http)
    assert code_of(await bob.delete(f"/v1/me/sessions/{ann.session_id}")) == (404, "not_found")
    assert (await ann.get("/v1/me")).status_code == 200


async def test_erasing_needs_the_password(http: httpx.AsyncClient) -> None:
    ann = await sign_up(http)
    assert code_of(await ann.post("/v1/me/erase", {"password": "wrong password"})) == (403, "wrong_password")
    assert (await ann.get("/v1/me")).status_code == 200


async def test_erasing_leaves_nothing_that_names_the_person(
    http: httpx.AsyncClient, server_database: ServerDatabase
) -> None:
    ann, bob = await sign_up(http, "erased-ann@example.org", name="Annabel Erased"), await sign_up(http)
    with server_database.as_superuser() as connection:
        made = _possessions(connection, ann.id, bob.id)
    assert (await ann.post("/v1/me/erase", {"password": PASSWORD})).status_code == 204
    assert code_of(await ann.get("/v1/me")) == (401, "session_over")
    assert code_of(await sign_in(http, ann.email)) == (401, "wrong_credentials")
    with server_database.as_superuser() as connection:
        left = _references(connection, ann.id)
        assert left == {}
        assert _one(connection, "select buyer_snapshot->>'email' from purchases where id = %s", made["purchase"]) == (
            "erased-ann@example.org"
        )
        # Bob's note and what it stands on are still there; what was Ann's alone is gone.
        assert _one(connection, "select count(*) from user_notes where user_id = %s", bob.id) == 1
        assert _one(connection, "select creator_id is null from content_items where id = %s", made["public"]) is True
        assert _one(connection, "select count(*) from content_items where id = %s", made["private"]) == 0
        texts = json.dumps([str(row) for row in connection.execute("select u.* from users u").fetchall()])
        assert "erased-ann" not in texts
        assert "Annabel" not in texts


def _possessions(connection: psycopg.Connection, ann: UUID, bob: UUID) -> dict[str, UUID]:
    def add(statement: str, *values: object) -> UUID:
        row = connection.execute(f"insert into {statement} returning id", values).fetchone()
        assert row is not None
        return UUID(str(row[0]))

    item = "content_items (title, content_type, module_name, status, creator_id, visibility) values (%s, 'book', 'library', 'published', %s, %s)"  # noqa: E501
    made = {visibility: add(item, visibility, ann, visibility) for visibility in ("public", "private")}
    for content in made.values():
        add("user_libraries (user_id, content_id) values (%s, %s)", ann, content)
        add("user_notes (user_id, content_id, note_text) values (%s, %s, 'mine')", ann, content)
        add("content_files (content_id, sha256) values (%s, %s)", content, "f" * 64)
    add("user_notes (user_id, content_id, note_text) values (%s, %s, 'his')", bob, made["public"])
    made["purchase"] = add("purchases (user_id, total_amount, buyer_snapshot) values (%s, 5, %s)", ann, Jsonb({}))
    add("devices (user_id, name) values (%s, 'Laptop')", ann)
    add("error_logs (user_id, error_type, error_message) values (%s, 'x', 'y')", ann)
    add("user_queries (user_id, query_text) values (%s, 'why')", ann)
    shelf = add("user_collections (user_id, name) values (%s, 'shelf')", ann)
    add("collection_items (user_id, content_id, collection_id) values (%s, %s, %s)", ann, made["private"], shelf)
    return made


def _references(connection: psycopg.Connection, person: UUID) -> dict[str, int]:
    """Return, for each column that points to people, how many rows still point to this one."""
    columns = connection.execute(
        "select c.conrelid::regclass::text, a.attname from pg_constraint c"
        " join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]"
        " where c.contype = 'f' and c.confrelid = 'public.users'::regclass and array_length(c.conkey, 1) = 1"
    ).fetchall()
    assert len(columns) > 30
    counts = {
        f"{table}.{column}": _one(connection, f'select count(*) from {table} where "{column}" = %s', person)
        for table, column in columns
    }
    return {name: count for name, count in counts.items() if count}


def _one(connection: psycopg.Connection, query: str, *values: object) -> object:
    row = connection.execute(query, values).fetchone()
    assert row is not None
    return row[0]


async def test_the_last_administrator_stays(http: httpx.AsyncClient, server_database: ServerDatabase) -> None:
    ann = await sign_up(http)
    become_admin(server_database, [ann])
    assert code_of(await ann.post("/v1/me/erase", {"password": PASSWORD})) == (409, "last_admin")
    for change in ({"role": "user"}, {"is_disabled": True}):
        assert code_of(await ann.patch(f"/v1/admin/users/{ann.id}", change)) == (409, "last_admin")
