"""Vectors of the server on a laptop: brought for what is on the shelf, replaced, removed; never another's."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import httpx
import numpy as np
import pytest
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from alexandria_desktop.base.errors import ReaderError, SurroundingsError
from alexandria_desktop.library.library import Library
from alexandria_desktop.library.vector_packs import Brought
from sync.client.packs import PackClient
from sync.protocol.blobs import Interrupted
from sync.protocol.packs import Pack, quantised, written
from sync.retrieval.static_model import DIMENSION, KEY, StaticModel
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


class Between:
    """Stands before a real server: answers what a test says for a path, and knows what was answered."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.instead: dict[str, ASGIApp] = {}
        """What answers for paths that hold a word."""
        self.told: list[tuple[str, int]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.told.append((path, message["status"]))
            await send(message)

        found = [answer for word, answer in self.instead.items() if word in path]
        await (found[0] if found else self.app)(scope, receive, noting)


@pytest.fixture(scope="module")
def front(server_database: ServerDatabase, tmp_path_factory: pytest.TempPathFactory) -> Between:
    store = str(tmp_path_factory.mktemp("blobs"))
    return Between(make_app(server_database, make_feeds, make_push, make_blobs, make_search, blob_store=store))


@pytest.fixture(scope="module")
def address(front: Between) -> Iterator[str]:
    with listening(front) as found:
        yield found


@pytest.fixture
def between(front: Between) -> Iterator[Between]:
    yield front
    front.instead.clear()
    front.told.clear()


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


@pytest.fixture
def two_books(library: Library, account: Account, server_database: ServerDatabase, tmp_path: Path) -> tuple[UUID, UUID]:
    """Two books with vectors on the server, in the order in which their packs are asked for."""
    library.import_paths([make_epub(tmp_path / "tea.epub", [("One", f"<p>{TEA}</p>")], title="Tea")])
    library.syncing.sync()
    first, second = sorted(row.id for row in library.shelf.books())
    hand_in(account, first, server_database, SEA)
    hand_in(account, second, server_database, TEA)
    return first, second


def pack_of(
    book: UUID, *, dimension: int = DIMENSION, ids: tuple[UUID, ...] = (UUID(int=1),), model: str = KEY
) -> bytes:
    scales, vectors = quantised(np.ones((len(ids), dimension), np.float32))
    return written(Pack(book, model, "", ids, np.arange(len(ids), dtype=np.uint32), scales, vectors))


BAD: dict[str, Callable[[UUID], Response]] = {
    "no pack": lambda _: Response(b"<html>Please sign in to this network.</html>"),
    "too few dimensions": lambda book: Response(pack_of(book, dimension=DIMENSION - 1)),
    "too many dimensions": lambda book: Response(pack_of(book, dimension=DIMENSION + 1)),
    "another book's": lambda _: Response(pack_of(UUID(int=5))),
    "another model's": lambda book: Response(pack_of(book, model="another")),
    "a compressed answer": lambda book: Response(pack_of(book), headers={"Content-Encoding": "br"}),
    "without an end": lambda _: Response(bytes(28 * 1024 * 1024)),
    "a fault of the server": lambda _: Response(status_code=500),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_pack_that_is_none_is_not_taken_and_keeps_no_other_from_coming(
    library: Library, two_books: tuple[UUID, UUID], between: Between, kind: str
) -> None:
    first, second = two_books
    between.instead[str(first)] = BAD[kind](first)
    assert library.vector_packs.carry() == Brought(fetched=1, failed=1)
    assert rows(library) == [(second.bytes, 0, 1024)]
    assert library.vector_packs.carry() == Brought(), "it is not asked for at every round"
    assert list(library._core.paths.packs.iterdir()) == []
    between.instead.clear()
    assert library.vector_packs.carry(anyhow=True) == Brought(fetched=1)


def test_passages_of_another_book_are_not_taken_from_it(
    library: Library, two_books: tuple[UUID, UUID], between: Between, server_database: ServerDatabase
) -> None:
    first, second = two_books
    with server_database.as_superuser() as connection:
        (its,) = connection.execute("select id from content_embeddings where content_id = %s", (first,)).fetchone()  # type: ignore[misc]
    between.instead[str(second)] = Response(pack_of(second, ids=(its,)))
    assert library.vector_packs.carry() == Brought(fetched=1, failed=1)
    assert rows(library) == [(first.bytes, 0, 1024)]


def test_a_pack_that_the_line_breaks_at_is_asked_for_after_the_others(
    library: Library, two_books: tuple[UUID, UUID], between: Between
) -> None:
    first, second = two_books
    between.instead[str(first)] = Response(status_code=504)
    for come in ([], [(second.bytes, 0, 1024)]):
        with pytest.raises(SurroundingsError):
            library.vector_packs.carry()
        assert rows(library) == come


def test_vectors_leave_when_access_ends_between_question_and_answer(
    library: Library, account: Account, server_database: ServerDatabase, between: Between
) -> None:
    book = library.shelf.books()[0].id
    hand_in(account, book, server_database, SEA)
    assert library.vector_packs.carry() == Brought(fetched=1)
    hand_in(account, book, server_database, TEA)
    between.instead[str(book)] = Response(status_code=404)
    assert library.vector_packs.carry(anyhow=True) == Brought(failed=1)
    assert rows(library) == []


def test_a_pack_that_was_cut_off_goes_on_where_it_was(
    library: Library, account: Account, server_database: ServerDatabase, between: Between, tmp_path: Path
) -> None:
    book = library.shelf.books()[0].id
    hand_in(account, book, server_database, *(f"{SEA} {number}" for number in range(20)))
    client = PackClient(account.address, account.token(), model=KEY, dimension=DIMENSION)
    tag = client.tags([book])[book]
    part, calls = tmp_path / "packs" / "part", iter([True])
    with pytest.raises(Interrupted):
        client.fetch(book, tag, part, is_cancelled=lambda: next(calls))
    whole = part.read_bytes()
    _, pack = client.fetch(book, tag, part)
    assert not part.exists()
    part.write_bytes(whole[:1000])
    _, again = client.fetch(book, tag, part)
    assert (again.ids, again.vectors.tolist()) == (pack.ids, pack.vectors.tolist())
    assert [status for path, status in between.told if str(book) in path and "/packs/" in path] == [200, 416, 206]
    client.close()


@pytest.mark.parametrize(
    "answer", [b"x", b"[]", b'{"packs": 3}', b'{"packs": {"%s": "../../tag"}}', b'{"packs": {"%s": 1}}']
)
def test_tags_that_cannot_be_read_are_not_believed(library: Library, between: Between, answer: bytes) -> None:
    book = str(library.shelf.books()[0].id).encode()
    between.instead["/packs/have"] = Response(answer.replace(b"%s", book))
    with pytest.raises(SurroundingsError):
        library.vector_packs.carry()


def test_tags_of_items_that_were_not_asked_for_are_not_taken(library: Library, between: Between) -> None:
    between.instead["/packs/have"] = Response(b'{"packs": {"../../x": "tag", "%s": "tag"}}' % str(UUID(int=9)).encode())
    assert library.vector_packs.carry() == Brought()


def test_vectors_leave_with_the_session_also_those_on_their_way(
    library: Library, account: Account, server_database: ServerDatabase, between: Between
) -> None:
    book = library.shelf.books()[0].id
    hand_in(account, book, server_database, SEA)
    signing_in = account.address, account.email, PASSWORD
    assert library.vector_packs.carry() == Brought(fetched=1)
    cut_off = library._core.paths.packs / "x.part"
    cut_off.touch()
    library.syncing.sign_out()
    assert (rows(library), cut_off.exists()) == ([], False)
    library.syncing.sign_in(*signing_in)

    async def too_late(scope: Scope, receive: Receive, send: Send) -> None:
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await between.app(scope, receive, keep)
        await asyncio.to_thread(library.syncing.sign_out)
        for message in messages:
            await send(message)

    between.instead[str(book)] = too_late
    assert library.vector_packs.carry() == Brought()
    assert rows(library) == []
    assert list(library._core.paths.packs.iterdir()) == []
    between.instead.clear()
    library.syncing.sign_in(*signing_in)
    assert library.vector_packs.carry() == Brought(fetched=1), "a new session asks anew"


@pytest.mark.parametrize("asks", [Library.carry_files, lambda library: library.syncing.sync()], ids=["files", "round"])
def test_vectors_leave_when_the_session_was_ended_elsewhere_and_not_for_a_proxy(
    library: Library,
    account: Account,
    server_database: ServerDatabase,
    between: Between,
    asks: Callable[[Library], object],
) -> None:
    book = library.shelf.books()[0].id
    hand_in(account, book, server_database, SEA)
    assert library.vector_packs.carry() == Brought(fetched=1)
    between.instead["/v1/"] = Response(b"Who are you?", status_code=401)
    with pytest.raises(ReaderError):
        library.syncing.sync()
    assert rows(library) == [(book.bytes, 0, 1024)]
    between.instead.clear()
    with server_database.as_superuser() as connection:
        connection.execute("delete from user_sessions where user_id = %s", (account.user_id,))
    library.vector_packs._asked = None
    with suppress(ReaderError):
        asks(library)
    assert rows(library) == []


def test_who_will_not_wait_cuts_a_pack_off(
    library: Library, account: Account, server_database: ServerDatabase, between: Between
) -> None:
    book = library.shelf.books()[0].id
    hand_in(account, book, server_database, SEA)
    is_asked, is_over = threading.Event(), threading.Event()

    async def never(scope: Scope, receive: Receive, send: Send) -> None:
        is_asked.set()
        await asyncio.to_thread(is_over.wait)

    between.instead[str(book)] = never
    with ThreadPoolExecutor() as pool:
        carrying = pool.submit(library.carry_files, anyhow=True)
        try:
            assert is_asked.wait(30)
            library.stop_carrying()
            carrying.result(30)
        finally:
            is_over.set()
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
