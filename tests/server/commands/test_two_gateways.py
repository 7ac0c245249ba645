"""Two gateways at once on one database: what one does holds at the other, and one goes on when the other is killed."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from sync.schema.ids import uuid7
from sync.server.migrate import read_state
from tests.server.commands.gateways import PASSWORD, Gateway, bearer, two_gateways
from tests.server.commands.program import wait_until
from tests.support.postgres import TEMPLATE, Cluster
from tests.support.server import ServerDatabase

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def database(cluster: Cluster, server_template: str) -> Iterator[ServerDatabase]:
    """A database that nothing was done to yet; the roles are there."""
    assert server_template
    with cluster.database(TEMPLATE) as engine:
        yield ServerDatabase(cluster, str(engine.url.database))


@pytest.fixture(scope="module")
def gateways(database: ServerDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Gateway, Gateway]]:
    files: Path = tmp_path_factory.mktemp("files")
    with two_gateways(database, files) as found:
        yield found


def test_both_bring_an_empty_database_to_this_version_at_once(
    gateways: tuple[Gateway, Gateway], database: ServerDatabase
) -> None:
    assert [one.is_ready() for one in gateways] == [True, True]
    assert read_state(database.owner_url).is_current


def test_an_account_that_is_made_at_one_signs_in_at_the_other(gateways: tuple[Gateway, Gateway]) -> None:
    here, there = gateways
    token = here.sign_up("ada@example.org")
    assert there.who(token) == 200
    assert there.post("sign-in", {"email": "ada@example.org", "password": PASSWORD}).status_code == 200


def test_a_session_that_is_ended_at_one_has_ended_at_the_other(gateways: tuple[Gateway, Gateway]) -> None:
    here, there = gateways
    token = here.sign_up("bo@example.org")
    assert there.who(token) == 200
    assert here.post("sign-out", {}, token).status_code == 204
    assert there.who(token) == 401


def test_attempts_at_both_are_counted_together(gateways: tuple[Gateway, Gateway]) -> None:
    wrong = {"email": "guessed@example.org", "password": "a wrong password"}
    found = [gateways[turn % 2].post("sign-in", wrong).status_code for turn in range(11)]
    assert found == [401] * 10 + [429]


@pytest.mark.nightly
def test_a_job_that_both_find_due_runs_once(cluster: Cluster, server_template: str, tmp_path: Path) -> None:
    with cluster.database(server_template) as engine:
        database = ServerDatabase(cluster, str(engine.url.database))
        with ExitStack() as stack:
            with database.as_superuser() as held, database.as_superuser() as watching:
                watching.autocommit = True
                # Whoever runs a job waits at writing that down, so that both have found all of them due.
                held.execute("lock table ops.job_runs in share mode")
                stack.enter_context(two_gateways(database, tmp_path))
                waiting = "select count(*) from pg_locks where not granted and relation = 'ops.job_runs'::regclass"
                wait_until(lambda: watching.execute(waiting.encode()).fetchone() == (2,))
            with database.as_superuser() as watching:
                watching.autocommit = True
                left = (
                    "select count(*) from ops.jobs where statement is not null and last_finished is null union all"
                    " select count(*) from pg_stat_activity where datname = current_database()"
                    " and pid <> pg_backend_pid() and state <> 'idle'"
                )
                wait_until(lambda: watching.execute(left.encode()).fetchall() == [(0,), (0,)])
                twice = watching.execute("select job from ops.job_runs group by job having count(*) > 1").fetchall()
                assert twice == []


def test_one_goes_on_when_the_other_is_killed(gateways: tuple[Gateway, Gateway], database: ServerDatabase) -> None:
    killed, left = gateways
    token = killed.sign_up("cy@example.org")
    killed.process.kill()
    killed.process.wait()
    assert left.who(token) == 200
    assert left.sign_up("di@example.org")
    busy = "select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in trans%'"
    with database.as_superuser() as connection:
        connection.autocommit = True
        wait_until(lambda: connection.execute(busy.encode()).fetchone() == (0,))


def test_news_of_a_change_at_one_reaches_who_waits_at_the_other_and_nobody_who_waits_keeps_one_from_ending(
    database: ServerDatabase, server_template: str, cluster: Cluster, tmp_path: Path
) -> None:
    assert database
    with cluster.database(server_template) as engine:
        fresh = ServerDatabase(cluster, str(engine.url.database))
        with two_gateways(fresh, tmp_path / "files") as (here, there):
            token = here.sign_up("eve@example.org")
            with httpx.stream(
                "GET", f"{there.address}/v1/poke", params={"device_id": str(uuid7())}, headers=bearer(token), timeout=20
            ) as answer:
                events = (line for line in answer.iter_lines() if line.startswith("event:"))
                assert next(events) == "event: ready"
                httpx.patch(f"{here.address}/v1/me", json={"name": "Eve L."}, headers=bearer(token)).raise_for_status()
                assert next(events) == "event: news"
                there.process.send_signal(signal.SIGTERM)
                assert there.process.wait(timeout=20) == 0
                assert next(events, "end") == "end"
