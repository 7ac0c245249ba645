"""A gateway over the module's database, and laptops of one account."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from sync.server.blobs.routes import make_blobs
from sync.server.feeds import make_feeds
from sync.server.poke import make_poke
from sync.server.push import make_push
from tests.server.serving import make_app
from tests.support.server import ServerDatabase
from tests.sync.laptops import Account, Laptop, laptop, listening, make_account

NewLaptop = Callable[..., Laptop]


@pytest.fixture(scope="module")
def address(server_database: ServerDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    store = str(tmp_path_factory.mktemp("blobs"))
    with listening(make_app(server_database, make_feeds, make_push, make_blobs, make_poke, blob_store=store)) as found:
        yield found


@pytest.fixture
def account(address: str) -> Account:
    return make_account(address)


@pytest.fixture
def new_laptop(tmp_path: Path, account: Account) -> Iterator[NewLaptop]:
    """Makes a laptop of the account, each in a folder of its own."""
    with ExitStack() as stack:
        made: list[Laptop] = []

        def make(**more: Any) -> Laptop:
            one = stack.enter_context(laptop(tmp_path / f"laptop-{len(made)}", more.pop("account", account), **more))
            made.append(one)
            return one

        yield make


@pytest.fixture
def two(new_laptop: NewLaptop) -> tuple[Laptop, Laptop]:
    """Two laptops of one account."""
    return new_laptop(), new_laptop()
