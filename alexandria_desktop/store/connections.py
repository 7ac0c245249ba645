"""SQLAlchemy engines over the library's two files, with the settings that each kind of connection needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool, StaticPool

from alexandria_desktop.store.driver import Driver, load_vectors

BUSY_SECONDS = 10.0
"""How long a connection waits for another process before it says that the library is busy."""

READERS = 8

INDEX_SCHEMA = "idx"
"""The name under which readers see index.db."""


def library_writer(driver: Driver, library: Path, *, busy_seconds: float = BUSY_SECONDS) -> Engine:
    """Return the engine of library.db's one writer: every commit is on the disk before it returns."""
    pragmas = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-8192")
    return _engine(driver, library, pragmas, begin="BEGIN IMMEDIATE", busy_seconds=busy_seconds)


def index_writer(driver: Driver, index: Path, *, busy_seconds: float = BUSY_SECONDS) -> Engine:
    """Return the engine of index.db's one writer; what a power cut takes there is computed again."""
    # Both caches are for bulk inserts: sqlite-vec is twenty times slower with the stock two megabytes.
    pragmas = ("journal_mode=WAL", "synchronous=NORMAL", "cache_size=-65536", "wal_autocheckpoint=4000")
    return _engine(driver, index, pragmas, begin="BEGIN IMMEDIATE", busy_seconds=busy_seconds, vectors=True)


def readers(driver: Driver, library: Path, index: Path, *, busy_seconds: float = BUSY_SECONDS) -> Engine:
    """Return the engine of the readers: library.db with index.db attached as ``idx``, for looking only."""
    pragmas = ("cache_size=-16384", "query_only=ON")
    return _engine(
        driver, library, pragmas, begin="BEGIN", busy_seconds=busy_seconds, vectors=True, attach=index, pooled=True
    )


def _engine(
    driver: Driver,
    path: Path,
    pragmas: tuple[str, ...],
    *,
    begin: str,
    busy_seconds: float,
    vectors: bool = False,
    attach: Path | None = None,
    pooled: bool = False,
) -> Engine:
    pool: dict[str, Any] = (
        {"poolclass": QueuePool, "pool_size": READERS, "max_overflow": READERS} if pooled else {"poolclass": StaticPool}
    )
    engine = create_engine(
        "sqlite://",
        module=driver.module,
        creator=lambda: connect(driver, path, busy_seconds=busy_seconds),
        **pool,
    )

    def prepare(raw: Any, _entry: ConnectionPoolEntry) -> None:
        for pragma in pragmas:
            raw.execute(f"PRAGMA {pragma}")
        if vectors:
            load_vectors(driver, raw)
        if attach is not None:
            raw.execute(f"ATTACH DATABASE ? AS {INDEX_SCHEMA}", (str(attach),))

    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", start)
    return engine


def connect(driver: Driver, path: Path, *, busy_seconds: float = BUSY_SECONDS) -> Any:
    """Return a raw connection that leaves transactions to us and may be used from any thread."""
    return driver.module.connect(str(path), timeout=busy_seconds, isolation_level=None, check_same_thread=False)
