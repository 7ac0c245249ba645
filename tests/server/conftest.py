"""A migrated database on a real Postgres, reached as the owner, as the gateway, and as anybody."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.server.serving import make_app, serving
from tests.support.server import ServerDatabase


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Asynchronous tests (``pytest.mark.anyio``) run on asyncio, as the server does."""
    return "asyncio"


@pytest.fixture
async def http(anyio_backend: str, server_database: ServerDatabase) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the whole gateway over the module's database, with open sign-up and no limits on attempts."""
    async with serving(make_app(server_database)) as client:
        yield client
