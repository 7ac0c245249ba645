"""Two gateways, each a process of its own, on one database."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.server.commands.program import address_in, launch, stop, until_it_listens
from tests.support.server import ServerDatabase

LIGHT = {"PASSWORD_MEMORY_KIB": "8", "PASSWORD_TIME_COST": "1", "SIGN_UP": "open", "POOL_MAX_SIZE": "4"}
PASSWORD = "a long password"


@dataclass(frozen=True)
class Gateway:
    """One process that serves."""

    process: subprocess.Popen[str]
    address: str

    def post(self, path: str, body: dict[str, str], token: str = "") -> httpx.Response:
        return httpx.post(f"{self.address}/v1/{path}", json=body, headers=bearer(token), timeout=30)

    def who(self, token: str) -> int:
        """Return the status of asking who the holder of a token is."""
        return httpx.get(f"{self.address}/v1/me", headers=bearer(token), timeout=30).status_code

    def is_ready(self) -> bool:
        return httpx.get(f"{self.address}/ready", timeout=30).status_code == 200

    def sign_up(self, email: str) -> str:
        answer = self.post("sign-up", {"email": email, "password": PASSWORD, "name": "Ann"})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["token"])


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


@contextmanager
def two_gateways(database: ServerDatabase, files: Path, **more: str) -> Iterator[tuple[Gateway, Gateway]]:
    """Start both at once, so that both find the database as it is; they are gone at the end."""
    named = {
        "DATABASE_URL": database.gateway_url, "OWNER_DATABASE_URL": database.owner_url, "BLOB_STORE": str(files),
        **LIGHT, **more,
    }  # fmt: skip
    environment = {**os.environ, **{f"ALEXANDRIA_SERVER_{name}": value for name, value in named.items()}}
    processes = [launch(environment=environment) for _ in range(2)]
    try:
        first, second = (Gateway(one, address_in(until_it_listens(one))) for one in processes)
        yield first, second
    finally:
        for one in processes:
            stop(one)
