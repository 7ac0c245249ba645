"""Stores of both kinds, a gateway over each, and people who hand files in."""

from __future__ import annotations

import hashlib
import itertools
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from moto.server import ThreadedMotoServer

from sync.server.blobs.opening import open_store
from sync.server.blobs.routes import make_blobs
from sync.server.blobs.storage import BlobStore
from sync.server.settings import Settings
from tests.server.serving import make_app, serving
from tests.support.server import ServerDatabase

KEY = {"s3_access_key_id": "testing", "s3_secret_access_key": "testing", "s3_region": "us-east-1"}
NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def s3_address() -> Iterator[str]:
    """An S3 that speaks HTTP on a port of its own."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # a line for every request otherwise
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def bucket_client(address: str) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )


@pytest.fixture
def bucket(s3_address: str) -> dict[str, Any]:
    """The settings of an empty bucket."""
    name = f"bucket{next(NUMBERS)}"
    bucket_client(s3_address).create_bucket(Bucket=name)
    return {"blob_store": f"s3://{name}/some/prefix", "s3_endpoint": s3_address, **KEY}


@pytest.fixture(params=["local", "s3"])
def store_settings(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Any]:
    """The settings of an empty store, of each kind."""
    if request.param == "local":
        return {"blob_store": str(tmp_path / "blobs")}
    found: dict[str, Any] = request.getfixturevalue("bucket")
    return found


@pytest.fixture
def store(store_settings: dict[str, Any]) -> BlobStore:
    return open_store(Settings(**store_settings))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "blobs"


@pytest.fixture
async def http(anyio_backend: str, server_database: ServerDatabase, folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a gateway that keeps files in a folder."""
    async with serving(make_app(server_database, make_blobs, blob_store=str(folder))) as client:
        yield client


def hash_of(words: bytes) -> str:
    return hashlib.sha256(words).hexdigest()
