"""A migrated database on a real Postgres, reached as the owner, as the gateway, and as anybody."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from tests.server.serving import make_app, serving
from tests.support.postgres import Cluster
from tests.support.server import ServerDatabase, make_template


@pytest.fixture(scope="session")
def server_template(cluster: Cluster) -> str:
    """The name of a migrated, empty database to copy."""
    return make_template(cluster)


@pytest.fixture(scope="module")
def server_database(cluster: Cluster, server_template: str) -> Iterator[ServerDatabase]:
    """A migrated database of its own for a test module."""
    with cluster.database(server_template) as engine:
        yield ServerDatabase(cluster, str(engine.url.database))


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Asynchronous tests (``pytest.mark.anyio``) run on asyncio, as the server does."""
    return "asyncio"


@pytest.fixture
async def http(anyio_backend: str, server_database: ServerDatabase) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the whole gateway over the module's database, with open sign-up and no limits on attempts."""
    async with serving(make_app(server_database)) as client:
        yield client
