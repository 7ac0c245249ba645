"""Requests made up from the OpenAPI document find no fault of ours."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import uvicorn

from sync.server.blobs.routes import make_blobs
from sync.server.feeds import make_feeds
from sync.server.push import make_push
from sync.server.search import make_search
from tests.server.serving import PASSWORD, make_app
from tests.support.server import ServerDatabase

pytestmark = pytest.mark.postgres

CONFIG = """
# All checks are on. What fits the document may still name what is not there, belongs to another, or takes more room
# than there is. A 422 would say that the document promises what is not taken.
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "304", "401", "403", "404", "409", "413", "416", "429"]

# To JSON Schema 2.0 is an integer, and we take only what is written as one; and no schema can say that bytes must be
# those of a hash.
[[operations]]
include-name = ["POST /v1/pull", "POST /v1/verify", "POST /v1/blobs/{sha256}", "PUT /v1/blobs/{sha256}"]
checks.positive_data_acceptance = { enabled = false }
"""
LEFT_OUT = ("/v1/me/erase", "/v1/sign-out", "/v1/me/sessions/{session_id}", "/v1/me/sessions/revoke-others", "/metrics")
"""Routes after which the session that asks is over, and one that another machine may not read."""
UPLOADING = "patch_v1_blobs_uploads_upload_id"
"""It takes a type of body that schemathesis cannot write; tests of its own send it."""


@pytest.fixture
def address(server_database: ServerDatabase, tmp_path: Path) -> Iterator[str]:
    app = make_app(
        server_database,
        make_blobs,
        make_feeds,
        make_push,
        make_search,
        metrics="off",
        blob_store=str(tmp_path / "blobs"),
    )
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.mark.parametrize(
    "effort",
    [
        pytest.param(("--max-examples", "3", "--seed", "1", "--phases", "coverage,fuzzing"), id="short"),
        pytest.param(
            ("--max-examples", "100", "--phases", "coverage,fuzzing,stateful"), id="long", marks=pytest.mark.nightly
        ),
    ],
)
def test_what_fits_the_document_is_taken_and_nothing_is_a_fault(
    address: str, server_database: ServerDatabase, effort: tuple[str, ...], tmp_path: Path
) -> None:
    body = {"email": f"{uuid4().hex}@example.org", "password": PASSWORD, "name": "Fuzz"}
    token = httpx.post(f"{address}/v1/sign-up", json=body).json()["token"]
    with server_database.as_superuser() as connection:
        connection.execute("update users set role = 'admin'")
    config = tmp_path / "schemathesis.toml"
    config.write_text(CONFIG)
    command = [
        str(Path(sys.executable).parent / "schemathesis"), "--config-file", str(config), "run",
        f"{address}/openapi.json", "-H", f"Authorization: Bearer {token}", *effort,
        "--no-color", "--suppress-health-check", "all",
        "--generation-database", "none", "--continue-on-failure",
        *(word for path in LEFT_OUT for word in ("--exclude-path", path)), "--exclude-operation-id", UPLOADING,
    ]  # fmt: skip
    found = subprocess.run(command, capture_output=True, text=True, timeout=3000, cwd=tmp_path)
    assert found.returncode == 0, found.stdout[-20_000:] + found.stderr[-2000:]
