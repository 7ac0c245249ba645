"""A page of another origin that is allowed may upload and resume: what its browser asks first is granted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from sync.server.blobs.routes import make_blobs
from tests.server.blobs.sending import append, begin, given
from tests.server.serving import Person, make_app, serving, sign_up
from tests.support.server import ServerDatabase

pytestmark = [pytest.mark.postgres, pytest.mark.anyio]

ORIGIN = "https://read.example.org"
SIMPLE = {"cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma"}
"""What scripts of other origins see of every answer (Fetch standard)."""


@pytest.fixture
async def http(anyio_backend: str, server_database: ServerDatabase, folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = make_app(server_database, make_blobs, blob_store=str(folder), allowed_origins=(ORIGIN,))
    async with serving(app) as client:
        yield client


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("PUT", "/v1/blobs/" + "0" * 64, "authorization,content-type"),
        ("POST", "/v1/blobs/" + "0" * 64, "authorization,content-type"),
        ("PATCH", "/v1/blobs/uploads/1", "authorization,content-type,upload-offset"),
        ("HEAD", "/v1/blobs/uploads/1", "authorization"),
        ("DELETE", "/v1/blobs/uploads/1", "authorization"),
        ("GET", "/v1/blobs/" + "0" * 64, "authorization,if-none-match,if-range,range"),
    ],
)
async def test_what_an_upload_and_a_download_need_is_granted_beforehand(
    http: httpx.AsyncClient, method: str, path: str, headers: str
) -> None:
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": headers}
    assert (await http.options(path, headers=asked)).status_code == 200
    stranger = await http.options(path, headers=asked | {"Origin": "https://evil.example.org"})
    assert "access-control-allow-origin" not in stranger.headers


async def test_a_script_sees_how_far_its_upload_came_and_what_a_file_is(http: httpx.AsyncClient) -> None:
    http.headers["Origin"] = ORIGIN
    ann = await sign_up(http)
    upload = await begin(ann, b"0123456789")
    answers = [
        (
            await http.post(f"/v1/blobs/{'1' * 64}", headers=ann.headers, json={"size": 3}),
            {"location", "upload-offset"},
        ),
        (await append(ann, upload, 0, b"01"), {"upload-offset", "upload-complete"}),
        (await append(ann, upload, 0, b"01"), {"upload-offset"}),
        (await http.head(upload, headers=ann.headers), {"upload-offset", "upload-length", "upload-complete"}),
        (await _part_of_a_file(ann), {"etag", "content-range", "accept-ranges"}),
    ]
    for answer, wanted in answers:
        assert answer.headers["access-control-allow-origin"] == ORIGIN
        seen = {name.strip().lower() for name in answer.headers["access-control-expose-headers"].split(",")} | SIMPLE
        assert wanted <= set(answer.headers) & seen, answer.headers


async def _part_of_a_file(person: Person) -> httpx.Response:
    return await person.client.get(
        f"/v1/blobs/{await given(person, b'a whole file')}", headers=person.headers | {"Range": "bytes=2-4"}
    )
