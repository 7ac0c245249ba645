"""The whole gateway in this process, over a real database, and people who use it."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
from starlette.applications import Starlette

from sync.server.auth import make_auth
from sync.server.gateway.app import create_app
from sync.server.gateway.routing import MakePart
from sync.server.settings import Settings
from tests.support.server import ServerDatabase

PASSWORD = "a long password"
NUMBERS = itertools.count(1)

# As light as Argon2id can be: what is tested is never its cost.
LIGHT: dict[str, Any] = {"password_memory_kib": 8, "password_time_cost": 1, "sign_up": "open", "pool_max_size": 4}
UNLIMITED: dict[str, Any] = dict.fromkeys(
    ("attempts_per_email", "attempts_per_address", "sign_ups_refused_per_address"), 10000
)


def make_settings(database: ServerDatabase, **changed: Any) -> Settings:
    """Return settings for tests."""
    return Settings(**{"database_url": database.gateway_url, **LIGHT, **UNLIMITED, **changed})


def make_app(database: ServerDatabase, *more: MakePart, **changed: Any) -> Starlette:
    """Return the application with accounts and further parts."""
    return create_app(make_settings(database, **changed), [make_auth, *more])


@asynccontextmanager
async def serving(app: Starlette, address: str = "192.0.2.1") -> AsyncIterator[httpx.AsyncClient]:
    """Run an application and yield a client that reaches it without a wire."""
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app, client=(address, 5000))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            yield client


@dataclass(frozen=True)
class Person:
    """Somebody with an account and an open session."""

    client: httpx.AsyncClient
    id: UUID
    email: str
    token: str
    session_id: UUID

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def get(self, path: str, **kwargs: Any) -> httpx.Response:
        return await self.client.get(path, headers=self.headers, **kwargs)

    async def post(self, path: str, json: Any = None) -> httpx.Response:
        return await self.client.post(path, headers=self.headers, json={} if json is None else json)

    async def patch(self, path: str, json: Any) -> httpx.Response:
        return await self.client.patch(path, headers=self.headers, json=json)

    async def delete(self, path: str) -> httpx.Response:
        return await self.client.delete(path, headers=self.headers)


async def sign_up(client: httpx.AsyncClient, email: str | None = None, **more: Any) -> Person:
    """Make an account with a new email, unless one is given."""
    email = email or f"person{next(NUMBERS)}@example.org"
    answer = await client.post("/v1/sign-up", json={"email": email, "password": PASSWORD, "name": "Ann", **more})
    assert answer.status_code == 201, answer.text
    return person_from(client, answer)


async def sign_in(client: httpx.AsyncClient, email: str, password: str = PASSWORD, **more: Any) -> httpx.Response:
    """Try to sign in."""
    return await client.post("/v1/sign-in", json={"email": email, "password": password, **more})


def person_from(client: httpx.AsyncClient, answer: httpx.Response) -> Person:
    """Return who was signed in by an answer."""
    body = answer.json()
    return Person(client, UUID(body["user"]["id"]), body["user"]["email"], body["token"], UUID(body["session_id"]))


def become_admin(database: ServerDatabase, people: Sequence[Person]) -> None:
    """Make administrators past every rule."""
    with database.as_superuser() as connection:
        connection.execute("update users set role = 'admin' where id = any(%s)", [[one.id for one in people]])


def code_of(answer: httpx.Response) -> tuple[int, str]:
    """Return the status and the code of a refusal."""
    return answer.status_code, answer.json()["error"]["code"]
