"""Vectors of the server on a laptop: brought for what is on the shelf, replaced, removed; never another's."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from alexandria_desktop.library.library import Library
from alexandria_desktop.library.vector_packs import Brought
from sync.retrieval.static_model import StaticModel
from sync.server.blobs.routes import make_blobs
from sync.server.feeds import make_feeds
from sync.server.gateway.database import Database
from sync.server.push import make_push
from sync.server.search import make_search
from sync.server.search.embedding import embed_waiting
from tests.server.serving import PASSWORD, make_app, make_settings
from tests.support.epubs import make_epub
from tests.support.server import ServerDatabase
from tests.sync.laptops import Account, listening, make_account

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("drawer")]
SEA, TEA = "Call me Ishmael, he said.", "She poured the tea."


@pytest.fixture(scope="module")
def address(server_database: ServerDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    store = str(tmp_path_factory.mktemp("blobs"))
    parts = (make_feeds, make_push, make_blobs, make_search)
    with listening(make_app(server_database, *parts, blob_store=store)) as found:
        yield found


@pytest.fixture
def library(tmp_path: Path, account: Account) -> Iterator[Library]:
    with Library.open(tmp_path / "library", vectors="numpy") as found:
        found.syncing.sign_in(account.address, account.email, PASSWORD)
        path = make_epub(tmp_path / "whale.epub", [("One", f"<p>{SEA}</p>")], title="The Whale")
        found.import_paths([path])
        found.syncing.sync()
        yield found


def hand_in(account: Account, book: UUID, database: ServerDatabase, *words: str) -> None:
    """Give the server passages of a book, and let it embed them."""
    answer = httpx.put(
        f"{account.address}/v1/items/{book}/passages",
        json={"passages": [{"text": text} for text in words]},
        headers={"Authorization": f"Bearer {account.token()}"},
    )
    assert answer.status_code == 200, answer.text

    async def embed() -> None:
        opened = Database(make_settings(database))
        await opened.open()
        try:
            await embed_waiting(opened, StaticModel())
        finally:
            await opened.close()

    asyncio.run(embed())


def rows(library: Library) -> list[tuple[bytes, int, int]]:
    with library._core.reading() as connection:
        found = connection.exec_driver_sql(
            "SELECT content_id, chunk_index, length(embedding) FROM idx.content_embeddings ORDER BY chunk_index"
        )
        return [tuple(row) for row in found]


def test_vectors_come_are_replaced_and_leave_with_their_item(
    library: Library, account: Account, server_database: ServerDatabase
) -> None:
    packs = library.vector_packs
    book = library.shelf.books()[0].id
    assert packs.carry() == Brought(0, 0)
    hand_in(account, book, server_database, SEA, TEA)
    assert packs.carry() == Brought(0, 0), "the shelf is the same and was asked for a moment ago"
    assert packs.carry(anyhow=True) == Brought(1, 0)
    assert rows(library) == [(book.bytes, 0, 1024), (book.bytes, 1, 1024)]
    assert packs.carry(anyhow=True) == Brought(0, 0)
    hand_in(account, book, server_database, SEA)
    library.carry_files(anyhow=True)
    assert rows(library) == [(book.bytes, 0, 1024)], "a round's files bring vectors along"
    library.shelf.remove([book])
    assert packs.carry() == Brought(0, 1)
    assert rows(library) == []


def test_another_person_s_vectors_do_not_come(
    library: Library, account: Account, server_database: ServerDatabase, tmp_path: Path
) -> None:
    book = library.shelf.books()[0].id
    hand_in(account, book, server_database, SEA)
    other = make_account(account.address)
    with Library.open(tmp_path / "other", vectors="numpy") as theirs:
        theirs.syncing.sign_in(other.address, other.email, PASSWORD)
        theirs.syncing.sync()
        theirs.import_paths([tmp_path / "whale.epub"])
        theirs.syncing.sync()
        assert theirs.vector_packs.carry() == Brought(0, 0)
        assert rows(theirs) == []
    headers = {"Authorization": f"Bearer {other.token()}"}
    answer = httpx.get(f"{account.address}/v1/packs/{book}/wordllama-l2-supercat-256", headers=headers)
    assert answer.status_code == 404
