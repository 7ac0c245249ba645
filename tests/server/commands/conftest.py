"""A data folder for the server's program."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.server.embedded import BinariesMissingError
from sync.server.embedded.binaries import find_binaries


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    try:
        find_binaries()
    except BinariesMissingError as fault:
        pytest.skip(str(fault))
    # Not pytest's own folder, which is closed to whoever runs Postgres instead of root.
    with tempfile.TemporaryDirectory(prefix="alexandria-") as made:
        Path(made).chmod(0o755)
        yield Path(made)
