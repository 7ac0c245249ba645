"""Nothing of one request reaches the next through the pool, whatever happened to it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator

import httpx
import psycopg
import pytest
from psycopg import sql

from sync.server.gateway import database
from tests.server.gateway.probes import Probes
from tests.server.serving import Person, code_of, make_app, make_settings, serving, sign_up
from tests.support.server import ServerDatabase

pytestmark = [pytest.mark.postgres, pytest.mark.anyio]

LEAKS = (
    "set role authenticated",
    'set session request.jwt.claims = \'{"sub": "00000000-0000-0000-0000-000000000001"}\'',
    "set search_path = pg_catalog",
    "select set_config('role', 'anon', false)",
    "set session statement_timeout = 1",
    "create temporary table users as select 1 as id",
    "select pg_advisory_lock(1)",
    "prepare leaked as select 1",
    "listen leaked",
)

FAIL_IF_LEFT = """do $$ begin
  if exists (select from pg_prepared_statements) or to_regclass('pg_temp.users') is not null
    or (select count(*) from pg_listening_channels()) > 0
    or exists (select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid())
  then raise exception 'left'; end if;
end $$"""


@pytest.fixture(params=[1, 2])
async def client(
    request: pytest.FixtureRequest, anyio_backend: str, server_database: ServerDatabase
) -> AsyncIterator[httpx.AsyncClient]:
    app = make_app(server_database, Probes(), pool_min_size=1, pool_max_size=request.param, pool_wait_seconds=30)
    async with serving(app) as found:
        yield found


async def assert_nothing_leaks(client: httpx.AsyncClient, people: list[Person], rounds: int = 20) -> None:
    """Let two people and nobody ask at once who they are, many times over."""

    async def ask(person: Person | None) -> None:
        if person is None:
            seen = (await client.get("/probe/anonymous")).json()
            assert (seen["role"], seen["person"]) == ("anon", None)
        else:
            seen = (await person.get("/probe/who")).json()
            assert (seen["role"], seen["person"]) == ("authenticated", str(person.id))
        assert seen["path"] == '"$user", public'

    await asyncio.gather(*(ask(person) for _ in range(rounds) for person in (*people, None)))


async def test_each_request_is_its_own_person(client: httpx.AsyncClient) -> None:
    await assert_nothing_leaks(client, [await sign_up(client), await sign_up(client)], rounds=60)


@pytest.mark.parametrize("statement", LEAKS)
async def test_what_a_request_leaves_in_its_session_is_wiped(client: httpx.AsyncClient, statement: str) -> None:
    people = [await sign_up(client), await sign_up(client)]
    for person in people:
        await person.post("/probe/do", {"statement": statement})
    await assert_nothing_leaks(client, people, rounds=3)
    assert (await people[0].post("/probe/do", {"statement": FAIL_IF_LEFT})).status_code == 204


@pytest.mark.noisy
async def test_what_outlives_even_a_rollback_is_wiped(client: httpx.AsyncClient) -> None:
    ann = await sign_up(client)
    failing = "do $$ begin perform pg_advisory_lock(1); raise exception 'after taking a lock of the session'; end $$"
    for _ in range(3):
        assert (await ann.post("/probe/do", {"statement": failing})).status_code == 500
        for _ in range(2):
            assert (await ann.post("/probe/do", {"statement": FAIL_IF_LEFT})).status_code == 204


async def test_a_connection_that_comes_back_is_as_it_was_when_it_was_new(server_database: ServerDatabase) -> None:
    """Looked at outside of any transaction, which would hide what the session itself is left with."""
    pool = database.Database(make_settings(server_database, pool_min_size=1, pool_max_size=1))
    await pool.open()

    async def state() -> list[dict[str, str]]:
        async with pool._pool.connection() as connection:
            rows = await connection.execute(
                "select name, setting from pg_settings where source = 'session'"
                " union all select 'user', current_user::text union all select 'session user', session_user::text"
                " union all select 'claims', coalesce(current_setting('request.jwt.claims', true), '')"
            )
            return await rows.fetchall()

    try:
        new = await state()
        assert {"name": "user", "setting": "gateway_user"} in new
        for statement in ("set role authenticated", "set session authorization default", *LEAKS):
            async with pool.as_gateway() as connection:
                await connection.execute(statement)  # type: ignore[arg-type]
            assert await state() == new, statement
    finally:
        await pool.close()


@pytest.mark.noisy
async def test_nothing_leaks_after_errors_and_timeouts(client: httpx.AsyncClient) -> None:
    ann, bob = await sign_up(client), await sign_up(client)
    misdeeds = (
        "select 1 / 0",
        "select pg_sleep(5)",
        "select * from user_sessions",
        "select nonsense",
        "commit",
        "rollback",
    )

    async def misbehave() -> None:
        for statement in misdeeds:
            answer = await ann.post("/probe/do", {"statement": statement})
            assert answer.status_code in (204, 403, 422, 500, 504), answer.text

    await asyncio.gather(misbehave(), assert_nothing_leaks(client, [ann, bob]))
    await assert_nothing_leaks(client, [ann, bob])


async def test_nothing_leaks_after_requests_are_cancelled_in_the_middle(client: httpx.AsyncClient) -> None:
    ann, bob = await sign_up(client), await sign_up(client)
    chance = random.Random(7)

    async def give_up(person: Person) -> None:
        task = asyncio.ensure_future(person.post("/probe/do", {"statement": "select pg_sleep(0.02)"}))
        await asyncio.sleep(chance.random() * 0.05)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    await asyncio.gather(
        *(give_up(chance.choice((ann, bob))) for _ in range(40)), assert_nothing_leaks(client, [ann, bob])
    )
    await assert_nothing_leaks(client, [ann, bob])


@pytest.mark.noisy
async def test_a_transaction_whose_failure_was_hidden_is_no_success(client: httpx.AsyncClient) -> None:
    ann = await sign_up(client)
    assert code_of(await ann.post("/probe/swallow")) == (500, "fault")
    await assert_nothing_leaks(client, [ann], rounds=2)


async def test_the_gateway_sets_nothing_that_outlives_a_transaction(
    server_database: ServerDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen before a connection is wiped, so that the wiping does not hide a bare SET."""
    wipe, seen = database._wipe, []

    async def look_and_wipe(connection: database.GatewayConnection) -> None:
        await connection.execute("commit")
        connection.is_wiped = False
        cursor = await connection.execute(
            "select current_user::text as role, coalesce(current_setting('request.jwt.claims', true), '') as claims,"
            " current_setting('statement_timeout') as timeout"
        )
        seen.append(await cursor.fetchone())
        await wipe(connection)

    monkeypatch.setattr(database, "_commit_and_wipe", look_and_wipe)
    monkeypatch.setattr(database, "_wipe", look_and_wipe)
    async with serving(make_app(server_database, Probes())) as client:
        ann = await sign_up(client)
        await assert_nothing_leaks(client, [ann], rounds=3)
        await ann.post("/probe/do", {"statement": "select 1 / 0"})
    assert len(seen) > 10
    assert [one for one in seen if one != {"role": "gateway_user", "claims": "", "timeout": "0"}] == []


async def test_a_question_in_one_message_leaves_nothing_whether_it_is_answered_or_fails(
    server_database: ServerDatabase,
) -> None:
    pool = database.Database(make_settings(server_database, pool_min_size=1, pool_max_size=1))
    await pool.open()
    try:
        for _ in range(2):
            rows = await pool.ask_gateway(sql.SQL("select current_user::text as role").format())
            assert rows == [{"role": "alexandria_gateway"}]
            with pytest.raises(psycopg.errors.DivisionByZero):
                await pool.ask_gateway(sql.SQL("select set_config('search_path', 'pg_catalog', false), 1 / 0").format())
            async with pool.as_anonymous() as connection:
                row = await database.fetch_one(
                    connection, "select current_user::text as role, current_setting('search_path') as path"
                )
            assert row == {"role": "anon", "path": '"$user", public'}
    finally:
        await pool.close()


async def test_the_login_may_do_nothing_by_itself(server_database: ServerDatabase) -> None:
    with psycopg.connect(server_database.gateway_url, autocommit=True) as connection:
        for statement in (
            "select * from public.users",
            "select gateway.jobs()",
            "set role alexandria_service",
            "select * from ops.jobs",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
