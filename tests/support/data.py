"""Find the shared set of real books; skip, saying so, where it is absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


def shared_data_or_none() -> Path | None:
    """Return the folder of real test files, or None."""
    named = os.environ.get("ALEXANDRIA_TEST_DATA")
    candidates = [Path(named)] if named else [CHECKOUT.parent / "shared" / "data"]
    for candidate in candidates:
        if (candidate / "MANIFEST.tsv").is_file():
            return candidate
    return None


def shared_data() -> Path:
    """Return the folder of real test files, or skip the test."""
    folder = shared_data_or_none()
    if folder is None:
        pytest.skip("the shared set of real books is not here (set ALEXANDRIA_TEST_DATA)")
    return folder
