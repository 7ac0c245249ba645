"""Organisations: who may do what in them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import httpx
import psycopg
import pytest

from sync.server.auth.tokens import digest
from sync.server.gateway.identity import Identity
from tests.server.serving import (
    PASSWORD,
    Person,
    become_admin,
    code_of,
    make_app,
    person_from,
    serving,
    sign_in,
    sign_up,
)
from tests.support.server import ServerDatabase

pytestmark = [pytest.mark.postgres, pytest.mark.anyio]


async def found_school(owner: Person, members: Sequence[tuple[Person, str]] = ()) -> str:
    """Make an organisation with members; return its path."""
    path = f"/v1/organizations/{(await owner.post('/v1/organizations', {'name': 'School'})).json()['id']}"
    for person, role in members:
        await join(owner, path, person, role)
    return path


async def join(owner: Person, path: str, person: Person, role: str = "member") -> httpx.Response:
    """Invite and accept."""
    invited = await owner.post(f"{path}/invitations", {"email": person.email, "role": role})
    assert invited.status_code == 201, invited.text
    return await person.post("/v1/invitations/accept", {"token": invited.json()["token"]})


async def roles_in(person: Person, path: str) -> dict[str, str]:
    """Return the role of each member."""
    return {one["user_id"]: one["role"] for one in (await person.get(f"{path}/members")).json()["members"]}


async def test_who_founds_an_organisation_owns_it(http: httpx.AsyncClient) -> None:
    ann = await sign_up(http)
    await found_school(ann)
    mine = (await ann.get("/v1/organizations")).json()["organizations"]
    assert [(one["name"], one["role"], one["plan_type"]) for one in mine] == [("School", "owner", "free")]


async def test_an_invitation_is_for_one_email_and_once(http: httpx.AsyncClient) -> None:
    ann, bob, eve = [await sign_up(http) for _ in range(3)]
    path = await found_school(ann)
    token = (await ann.post(f"{path}/invitations", {"email": bob.email})).json()["token"]
    accept = "/v1/invitations/accept"
    assert code_of(await eve.post(accept, {"token": token})) == (403, "invitation_for_another")
    assert (await bob.post(accept, {"token": token})).json()["role"] == "member"
    assert code_of(await bob.post(accept, {"token": token})) == (403, "invitation_spent")
    assert await roles_in(bob, path) == {str(ann.id): "owner", str(bob.id): "member"}


async def test_an_invitation_can_be_withdrawn_replaced_and_expires(
    http: httpx.AsyncClient, server_database: ServerDatabase
) -> None:
    ann, bob = await sign_up(http), await sign_up(http)
    path = await found_school(ann)
    first, second = [(await ann.post(f"{path}/invitations", {"email": bob.email})).json() for _ in range(2)]
    listed = (await ann.get(f"{path}/invitations")).json()["invitations"]
    assert [one["id"] for one in listed] == [second["id"]]
    assert (await ann.delete(f"{path}/invitations/{second['id']}")).status_code == 204
    third = (await ann.post(f"{path}/invitations", {"email": bob.email})).json()
    with server_database.as_superuser() as connection:
        connection.execute("update gateway.invitations set expires_at = now() where id = %s", [third["id"]])
    for spent in (first, second, third):
        answer = await bob.post("/v1/invitations/accept", {"token": spent["token"]})
        assert code_of(answer) == (403, "invitation_spent")


async def test_who_is_invited_may_make_an_account_where_others_may_not(
    http: httpx.AsyncClient, server_database: ServerDatabase
) -> None:
    ann = await sign_up(http)
    path = await found_school(ann)
    token = (await ann.post(f"{path}/invitations", {"email": "new-member@example.org"})).json()["token"]
    async with serving(make_app(server_database, sign_up="invited")) as client:
        body = {"email": "new-member@example.org", "password": PASSWORD, "name": "New", "invitation": token}
        wrong = await client.post("/v1/sign-up", json=body | {"email": "thief@example.org"})
        assert code_of(wrong) == (403, "invitation_for_another")
        new = person_from(client, await client.post("/v1/sign-up", json=body))
        assert (await roles_in(new, path))[str(new.id)] == "member"


async def test_strangers_learn_nothing_of_an_organisation(http: httpx.AsyncClient) -> None:
    ann, eve = await sign_up(http), await sign_up(http)
    path = await found_school(ann)
    answers = [
        await eve.get(f"{path}/members"),
        await eve.get(f"{path}/invitations"),
        await eve.patch(path, {"name": "Mine"}),
        await eve.delete(path),
        await eve.post(f"{path}/leave"),
        await eve.post(f"{path}/invitations", {"email": eve.email}),
        await eve.patch(f"{path}/members/{eve.id}", {"role": "owner"}),
    ]
    assert {code_of(answer) for answer in answers} == {(404, "not_found")}


async def test_members_manage_nothing_unless_they_may_invite(http: httpx.AsyncClient) -> None:
    ann, bob, cid = [await sign_up(http) for _ in range(3)]
    path = await found_school(ann, [(bob, "member")])
    invite = {"email": cid.email}
    refused = [
        await bob.patch(path, {"name": "Mine"}),
        await bob.get(f"{path}/invitations"),
        await bob.patch(f"{path}/members/{bob.id}", {"role": "admin"}),
        await bob.delete(f"{path}/members/{ann.id}"),
        await bob.delete(path),
        await bob.post(f"{path}/invitations", invite),
    ]
    assert {code_of(answer) for answer in refused} == {(403, "not_allowed")}
    change = {"permissions": {"invite": True}}
    assert (await ann.patch(f"{path}/members/{bob.id}", change)).status_code == 200
    assert (await bob.post(f"{path}/invitations", invite)).status_code == 201
    assert code_of(await bob.post(f"{path}/invitations", invite | {"role": "admin"})) == (403, "not_allowed")
    unknown = {"permissions": {"rule": True}}
    assert code_of(await ann.patch(f"{path}/members/{bob.id}", unknown)) == (422, "invalid.permissions.rule")


async def test_only_owners_make_and_change_owners(http: httpx.AsyncClient) -> None:
    ann, bob, cid = [await sign_up(http) for _ in range(3)]
    path = await found_school(ann, [(bob, "admin"), (cid, "member")])
    not_allowed = (403, "not_allowed")
    assert code_of(await bob.patch(f"{path}/members/{bob.id}", {"role": "owner"})) == not_allowed
    assert code_of(await bob.patch(f"{path}/members/{ann.id}", {"role": "member"})) == not_allowed
    assert code_of(await bob.delete(f"{path}/members/{ann.id}")) == not_allowed
    assert code_of(await bob.post(f"{path}/invitations", {"email": "o@example.org", "role": "owner"})) == not_allowed
    assert (await bob.patch(f"{path}/members/{cid.id}", {"role": "admin"})).status_code == 200
    assert (await ann.patch(f"{path}/members/{bob.id}", {"role": "owner"})).status_code == 200
    assert (await bob.patch(f"{path}/members/{ann.id}", {"role": "member"})).status_code == 200


async def test_the_last_owner_neither_leaves_nor_steps_down(http: httpx.AsyncClient) -> None:
    ann, bob = await sign_up(http), await sign_up(http)
    path = await found_school(ann, [(bob, "admin")])
    last = (409, "last_owner")
    assert code_of(await ann.post(f"{path}/leave")) == last
    assert code_of(await ann.patch(f"{path}/members/{ann.id}", {"role": "member"})) == last
    assert code_of(await ann.post("/v1/me/erase", {"password": PASSWORD})) == last
    await ann.patch(f"{path}/members/{bob.id}", {"role": "owner"})
    assert (await ann.post(f"{path}/leave")).status_code == 204
    assert await roles_in(bob, path) == {str(bob.id): "owner"}


async def test_two_owners_who_leave_at_once_leave_one_owner(http: httpx.AsyncClient) -> None:
    ann, bob = await sign_up(http), await sign_up(http)
    path = await found_school(ann, [(bob, "owner")])
    answers = await asyncio.gather(ann.post(f"{path}/leave"), bob.post(f"{path}/leave"))
    assert sorted(answer.status_code for answer in answers) == [204, 409]


async def test_who_was_removed_is_out_at_once(http: httpx.AsyncClient) -> None:
    ann, bob = await sign_up(http), await sign_up(http)
    path = await found_school(ann, [(bob, "member")])
    assert (await ann.delete(f"{path}/members/{bob.id}")).status_code == 204
    assert code_of(await bob.get(f"{path}/members")) == (404, "not_found")


async def test_a_plan_bounds_the_members_and_only_the_platform_changes_it(server_database: ServerDatabase) -> None:
    async with serving(make_app(server_database, members_free=2, members_premium=3)) as http:
        ann, bob, cid, root = [await sign_up(http) for _ in range(4)]
        become_admin(server_database, [root])
        path = await found_school(ann, [(bob, "member")])
        full = await ann.post(f"{path}/invitations", {"email": cid.email})
        assert code_of(full) == (409, "members_full")
        admin_path = path.replace("/v1/", "/v1/admin/")
        assert code_of(await ann.patch(admin_path, {"plan_type": "premium"})) == (403, "not_allowed")
        assert (await root.patch(admin_path, {"plan_type": "premium"})).status_code == 204
        assert (await join(ann, path, cid)).status_code == 200


async def test_the_last_place_is_taken_once(server_database: ServerDatabase) -> None:
    async with serving(make_app(server_database, members_free=2)) as http:
        ann, bob, cid = [await sign_up(http) for _ in range(3)]
        path = await found_school(ann)
        invited = [await ann.post(f"{path}/invitations", {"email": one.email}) for one in (bob, cid)]
        tokens = [answer.json()["token"] for answer in invited]
        with as_gateway(server_database, bob) as connection:
            connection.execute("select gateway.accept_invitation(%s, %s)", [digest(tokens[0]), '{"free": 2}'])
            second = asyncio.ensure_future(cid.post("/v1/invitations/accept", {"token": tokens[1]}))
            while not second.done() and not _somebody_waits(server_database):
                await asyncio.sleep(0.01)
        assert code_of(await second) == (409, "members_full")
        assert (await roles_in(ann, path)).keys() == {str(ann.id), str(bob.id)}


@contextmanager
def as_gateway(database: ServerDatabase, person: Person) -> Iterator[psycopg.Connection]:
    """A transaction that may call what the gateway may, for a person; committed at the end."""
    with psycopg.connect(database.gateway_url) as connection:
        connection.execute(
            "select set_config('role', 'alexandria_gateway', true), set_config('request.jwt.claims', %s, true)",
            [Identity(person.id).claims],
        )
        yield connection


def _somebody_waits(database: ServerDatabase) -> bool:
    with database.as_superuser() as connection:
        waiting = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
        return connection.execute(waiting).rowcount > 0


@pytest.mark.parametrize(
    "call",
    [
        "set_user(gen_random_uuid(), 'admin', null)",
        "set_plan(gen_random_uuid(), 'premium')",
        "make_reset_link(gen_random_uuid(), 'x', '1 hour')",
        "invite_to_platform('a@example.org', 'x', '1 hour')",
    ],
)
async def test_the_database_asks_again_who_administers(
    http: httpx.AsyncClient, server_database: ServerDatabase, call: str
) -> None:
    ann = await sign_up(http)
    with as_gateway(server_database, ann) as connection:
        with pytest.raises(psycopg.DatabaseError, match="Only an administrator"):
            connection.execute(f"select gateway.{call}".encode())
        connection.rollback()


@pytest.mark.parametrize(
    "statement",
    [
        "insert into user_organizations (user_id, org_id, role) values (auth.uid(), %(org)s, 'owner')",
        "update user_organizations set role = 'owner'",
        "update organizations set plan_type = 'enterprise'",
        "select gateway.set_plan(%(org)s, 'enterprise')",
        "select ops.take_invitation('x', auth.uid(), 'x', '{}')",
        "select * from gateway.invitations",
    ],
)
async def test_membership_cannot_be_written_past_the_functions(
    http: httpx.AsyncClient, server_database: ServerDatabase, statement: str
) -> None:
    ann, eve = await sign_up(http), await sign_up(http)
    org = (await found_school(ann)).rpartition("/")[2]
    with server_database.as_user(eve.id) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement, {"org": org})


async def test_administrators_of_the_platform_give_roles_and_disable(
    http: httpx.AsyncClient, server_database: ServerDatabase
) -> None:
    root, ann = await sign_up(http), await sign_up(http)
    become_admin(server_database, [root])
    path = f"/v1/admin/users/{ann.id}"
    assert (await root.patch(path, {"role": "educator"})).json()["role"] == "educator"
    assert (await root.patch(path, {"is_disabled": True})).json()["is_disabled"] is True
    assert code_of(await ann.get("/v1/me")) == (401, "session_over")
    assert code_of(await sign_in(http, ann.email)) == (401, "wrong_credentials")
    assert (await root.patch(path, {"is_disabled": False})).json()["role"] == "educator"
    assert (await sign_in(http, ann.email)).status_code == 200
    assert code_of(await root.patch(path, {"role": "king"})) == (422, "invalid.role")


async def test_accounts_are_listed_page_by_page(http: httpx.AsyncClient, server_database: ServerDatabase) -> None:
    root = await sign_up(http)
    become_admin(server_database, [root])
    names = [f"listed-{letter}%_@example.org" for letter in "abc"]
    for name in names:
        await sign_up(http, name)
    found: list[str] = []
    query: dict[str, Any] = {"search": "Listed-", "limit": 2}
    while True:
        page = (await root.get("/v1/admin/users", params=query)).json()
        found += [one["email"] for one in page["users"]]
        if page["next"] is None:
            break
        query["after"] = page["next"]
    assert found == names
