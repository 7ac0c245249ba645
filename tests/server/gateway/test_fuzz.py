"""Requests made up from the OpenAPI document find no fault of ours."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn

from tests.server.serving import PASSWORD, make_app
from tests.support.server import ServerDatabase

pytestmark = pytest.mark.postgres

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
ENDING = ("/v1/me/erase", "/v1/sign-out", "/v1/me/sessions/{session_id}", "/v1/me/sessions/revoke-others", "/metrics")
"""Routes after which the session that asks is over, and one that another machine may not read."""


@pytest.fixture
def address(server_database: ServerDatabase) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(make_app(server_database, metrics="off"), port=0, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def test_nothing_that_fits_or_misses_the_document_is_a_fault(address: str, server_database: ServerDatabase) -> None:
    body = {"email": "fuzz@example.org", "password": PASSWORD, "name": "Fuzz"}
    token = httpx.post(f"{address}/v1/sign-up", json=body).json()["token"]
    with server_database.as_superuser() as connection:
        connection.execute("update users set role = 'admin'")
    command = [
        str(Path(sys.executable).parent / "schemathesis"), "run", f"{address}/openapi.json",
        "-H", f"Authorization: Bearer {token}", "--checks", CHECKS, "--max-examples", "8",
        "--phases", "coverage,fuzzing,stateful", "--no-color", "--suppress-health-check", "all", "--seed", "1",
        "--generation-database", "none",
        *(word for path in ENDING for word in ("--exclude-path", path)),
    ]  # fmt: skip
    found = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert found.returncode == 0, found.stdout[-5000:] + found.stderr[-2000:]
