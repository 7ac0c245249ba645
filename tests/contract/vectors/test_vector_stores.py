"""One contract for every vector store: sqlite-vec, numpy and, where it is installed, Chroma."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.base.paths import LibraryPaths
from alexandria_desktop.embed.embedder import quantise
from alexandria_desktop.store.database import Database
from alexandria_desktop.store.vectors import sqlite_vec_store
from alexandria_desktop.store.vectors.choose import choose_vector_store, sqlite_vec_works
from alexandria_desktop.store.vectors.numpy_store import NumpyVectorStore
from alexandria_desktop.store.vectors.protocol import BookVectors, IdRange, Space, VectorStore, unit

SPACE = Space("test-space", 32)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database.open(LibraryPaths(tmp_path / "library")) as opened:
        yield opened


@pytest.fixture(params=["sqlite-vec", "numpy", "chroma"])
def store(request: pytest.FixtureRequest, database: Database) -> VectorStore:
    if request.param == "chroma" and importlib.util.find_spec("chromadb") is None:
        pytest.skip("the extra chroma is not installed")
    if request.param == "sqlite-vec" and not sqlite_vec_works():
        pytest.skip("no SQLite of this Python can load extensions")
    made = choose_vector_store(database.paths, request.param)
    database.index.run(lambda connection: made.ensure(connection, SPACE))
    return made


def vectors(count: int, seed: int = 1) -> np.ndarray:  # type: ignore[type-arg]
    return unit(np.random.default_rng(seed).normal(size=(count, SPACE.dimension)))


def put(database: Database, store: VectorStore, first: int, floats: np.ndarray) -> IdRange:  # type: ignore[type-arg]
    metadata = [{"content_type": "book", "language": "en", "tags": [], "empty": None} for _ in floats]
    book = BookVectors(uuid4(), first, quantise(floats), metadata)
    database.index.run(lambda connection: store.add(connection, SPACE, book))
    return IdRange(first, first + len(floats) - 1)


def nearest(database: Database, store: VectorStore, vector, k: int, within=None) -> list[int]:  # type: ignore[no-untyped-def]
    with database.reading() as connection:
        hits = store.query(connection, SPACE, vector, k, within=within)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    return [hit.passage_id for hit in hits]


def test_a_passage_is_nearest_to_itself(database: Database, store: VectorStore) -> None:
    floats = vectors(60)
    put(database, store, 1, floats)
    for row in (0, 17, 59):
        assert nearest(database, store, floats[row], 1) == [row + 1]


def test_it_finds_what_comparing_with_everything_finds(database: Database, store: VectorStore) -> None:
    floats = vectors(300)
    put(database, store, 1, floats)
    query = vectors(1, seed=9)[0]
    exact = [int(index) + 1 for index in np.argsort(-(floats @ query))[:10]]
    assert len(set(nearest(database, store, query, 10)) & set(exact)) >= 9


def test_a_book_can_be_asked_alone(database: Database, store: VectorStore) -> None:
    floats = vectors(90)
    put(database, store, 1, floats[:50])
    second = put(database, store, 51, floats[50:])
    found = nearest(database, store, floats[3], 5, within=[second])
    assert len(found) == 5
    assert all(51 <= one <= 90 for one in found)


def test_a_book_that_was_removed_is_found_no_more(database: Database, store: VectorStore) -> None:
    floats = vectors(40)
    first = put(database, store, 1, floats[:20])
    put(database, store, 21, floats[20:])
    database.index.run(lambda connection: store.remove(connection, SPACE, first))
    with database.reading() as connection:
        assert store.count(connection, SPACE) == 20
    assert all(one > 20 for one in nearest(database, store, floats[0], 10))


def test_kept_vectors_come_back_as_they_were_but_for_rounding(database: Database, store: VectorStore) -> None:
    floats = vectors(10)
    put(database, store, 1, floats)
    with database.reading() as connection:
        found = store.vectors(connection, SPACE, [3, 7, 999])
    assert np.sum(found[0] * floats[2]) > 0.999
    assert np.sum(found[1] * floats[6]) > 0.999
    assert not found[2].any()


def test_an_empty_space_finds_nothing(database: Database, store: VectorStore) -> None:
    assert nearest(database, store, vectors(1)[0], 5) == []


def test_a_cleared_space_takes_vectors_again(database: Database, store: VectorStore) -> None:
    floats = vectors(10)
    put(database, store, 1, floats)
    database.index.run(lambda connection: store.clear(connection, SPACE))
    database.index.run(lambda connection: store.ensure(connection, SPACE))
    put(database, store, 1, floats[:4])
    with database.reading() as connection:
        assert store.count(connection, SPACE) == 4


def test_cells_keep_most_of_what_an_exact_search_finds(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    if not sqlite_vec_works():
        pytest.skip("no SQLite of this Python can load extensions")
    monkeypatch.setattr(sqlite_vec_store, "CLUSTER_FROM", 1_000)
    store, oracle = sqlite_vec_store.SqliteVecStore(), NumpyVectorStore()
    centres = vectors(40, seed=3)
    chance = np.random.default_rng(4)
    floats = unit(centres[chance.integers(0, 40, 1_200)] + 0.15 * chance.normal(size=(1_200, SPACE.dimension)))
    for one in (store, oracle):
        database.index.run(lambda connection, one=one: one.ensure(connection, SPACE))
        put(database, one, 1, floats)
    assert database.index.run(lambda connection: store.tend(connection, SPACE))
    assert not database.index.run(lambda connection: store.tend(connection, SPACE))
    found = 0
    for query in floats[:50]:
        found += len(set(nearest(database, store, query, 10)) & set(nearest(database, oracle, query, 10)))
    assert found >= 0.85 * 500
    put(database, store, 5_001, floats[:1])
    assert 5_001 in nearest(database, store, floats[0], 2)


def test_without_loadable_extensions_numpy_takes_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alexandria_desktop.store.vectors.choose.sqlite_vec_works", lambda: False)
    paths = LibraryPaths(tmp_path)
    assert choose_vector_store(paths).name == "numpy"
    with pytest.raises(ReaderError) as caught:
        choose_vector_store(paths, "sqlite-vec")
    assert caught.value.code is Code.VECTORS_UNAVAILABLE
