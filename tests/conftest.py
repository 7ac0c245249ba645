"""What all tests share."""

from __future__ import annotations

import pytest

pytest_plugins = ["tests.support.postgres"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--nightly", action="store_true", help="run the slow profiles as well")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--nightly"):
        return
    skip = pytest.mark.skip(reason="nightly only (--nightly)")
    for item in items:
        if "nightly" in item.keywords:
            item.add_marker(skip)
