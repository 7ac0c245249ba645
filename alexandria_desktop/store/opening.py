"""Before a library is used: look at both files, put aside what is broken, create, migrate."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from filelock import FileLock, Timeout
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from alexandria_desktop.base.clock import Clock
from alexandria_desktop.base.errors import Code, ProgramError, SurroundingsError
from alexandria_desktop.base.paths import LibraryPaths
from alexandria_desktop.store import connections, damage, migrations
from alexandria_desktop.store.driver import Driver, connect_to_look
from alexandria_desktop.store.faults import explain, explained, is_damage

GENERATION = "index_generation"
LOCK_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Opening:
    """The checks and repairs before a library is used."""

    paths: LibraryPaths
    driver: Driver
    clock: Clock
    busy_seconds: float

    def prepare_library(self, schema: migrations.FileSchema, *, start_afresh: bool, check: bool) -> None:
        """See to it that library.db is whole and of the present version."""
        file = self.paths.library_db
        if not file.exists() or file.stat().st_size == 0:
            if not start_afresh:
                self._refuse_to_forget()
            self.paths.create()
        if damage.looks_damaged(file):
            self._report("the head of the file is not a database's")
        try:
            self._refuse_newer(schema, file)
            current = self._look(schema, check=check)
        except self.driver.module.DatabaseError as error:
            if not is_damage(error):
                raise
            self._report(str(error))
        if not current:
            self._bring_up_library(schema)

    def _refuse_newer(self, schema: migrations.FileSchema, file: Path) -> None:
        """Refuse a newer program's file before it is opened: whoever closes it last tidies its log away, which writes.

        The head lags behind while there is a log beside the file, so then it is asked through a connection that writes
        nothing.
        """
        if not file.exists():
            return
        migrations.refuse_newer(migrations.version_in_head(file), schema, file)
        if file.with_name(f"{file.name}-wal").exists():
            raw = connect_to_look(self.driver, file)
            try:
                migrations.refuse_newer(migrations.version_of(raw), schema, file)
            finally:
                raw.close()

    def _look(self, schema: migrations.FileSchema, *, check: bool) -> bool:
        raw = connections.connect(self.driver, self.paths.library_db, busy_seconds=self.busy_seconds)
        try:
            migrations.refuse_newer(migrations.version_of(raw), schema, self.paths.library_db)
            names = raw.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            found = migrations.version_of(raw)
            if found == 0 and names:
                raise SurroundingsError(
                    Code.STORE_DAMAGED,
                    "This folder holds a database of another program under the name of the library's.",
                    detail=str(self.paths.library_db),
                )
            if found == schema.version:
                _use_log(raw)
            if check:
                verdict = raw.execute("PRAGMA quick_check(1)").fetchone()[0]
                if verdict != "ok":
                    damaged = self.driver.module.DatabaseError(verdict)
                    damaged.sqlite_errorcode = 11  # what SQLite itself says of a malformed file
                    raise damaged
            return found == schema.version
        finally:
            raw.close()

    def _report(self, detail: str) -> None:
        kept = damage.set_aside(self.paths.library_db, self.clock())
        damage.report_damage(kept, self.paths.backups, detail)

    def _refuse_to_forget(self) -> None:
        """Do not show an empty library where there was a full one."""
        kept = damage.kept_damaged(self.paths.library_db)
        if kept:
            damage.report_damage(kept[-1], self.paths.backups, "put aside earlier")
        copies = sorted(self.paths.backups.glob("*.db"))
        if copies:
            raise SurroundingsError(
                Code.STORE_DAMAGED,
                f"The library's database is gone. Restore the last backup with: alexandria restore {copies[-1]}",
                detail=str(self.paths.library_db),
            )

    def _bring_up_library(self, schema: migrations.FileSchema) -> None:
        engine = connections.library_writer(self.driver, self.paths.library_db, busy_seconds=self.busy_seconds)
        try:
            with self._locked(), explained():
                migrations.bring_up(engine, schema, keep_copy=self._keep_copy)
        except DBAPIError as error:
            raise ProgramError(
                Code.STORE_NOT_UPDATED,
                "The library could not be brought up to this version of the program. It was left as it was, and the "
                "version of before opens it.",
                detail=str(error),
            ) from error
        finally:
            engine.dispose()

    def _keep_copy(self, engine: Engine, version: int) -> None:
        from alexandria_desktop.store.backup import copy_into

        name = f"library-{self.clock():%Y%m%d-%H%M%S}-before-update-of-version-{version}.db"
        try:
            with engine.connect() as connection:
                copy_into(connection.connection.driver_connection, self.paths.backups / name)
        except (OSError, self.driver.module.Error) as error:
            raise self._no_copy(error) from error

    def _no_copy(self, error: Exception) -> SurroundingsError:
        """Return the error for a copy that could not be made, without which nothing is brought up to date."""
        known = readable(error)
        code = known.code if isinstance(known, SurroundingsError) else Code.STORE_READ_ONLY
        size = max(1, round(self.paths.library_db.stat().st_size / 1_000_000))
        remedy = (
            f"Make room for {size} MB on its disk, then open it again."
            if code is Code.STORE_FULL
            else "See that its folder may be written to, then open it again."
        )
        return SurroundingsError(
            code,
            "Before this version uses the library, a copy of it is made, and there was no way to make one. The library "
            f"is as it was. {remedy}",
            detail=str(error),
        )

    def prepare_index(self, schema: migrations.FileSchema) -> bool:
        """See to it that index.db is whole and this library's; returns whether it had to be made anew."""
        generation = self._generation()
        if self._index_fits(schema, generation):
            return False
        with self._locked():
            if self._index_fits(schema, generation):  # another process was quicker
                return False
            for suffix in ("", *damage.COMPANIONS):
                self.paths.index_db.with_name(self.paths.index_db.name + suffix).unlink(missing_ok=True)
            self._make_index(schema, generation)
        return True

    def _index_fits(self, schema: migrations.FileSchema, generation: str) -> bool:
        file = self.paths.index_db
        if not file.exists() or damage.looks_damaged(file):
            return False
        self._refuse_newer(schema, file)
        raw = connections.connect(self.driver, file, busy_seconds=self.busy_seconds)
        try:
            migrations.refuse_newer(migrations.version_of(raw), schema, file)
            if migrations.version_of(raw) != schema.version:
                return False
            _use_log(raw)
            row = raw.execute("SELECT value FROM index_state WHERE key = ?", (GENERATION,)).fetchone()
            return row is not None and row[0] == generation
        except self.driver.module.DatabaseError as error:
            if not is_damage(error):
                raise
            return False
        finally:
            raw.close()

    def _make_index(self, schema: migrations.FileSchema, generation: str) -> None:
        engine = connections.index_writer(self.driver, self.paths.index_db, busy_seconds=self.busy_seconds)
        try:
            with explained():
                migrations.bring_up(engine, schema, keep_copy=lambda _engine, _version: None)
                with engine.begin() as connection:
                    connection.exec_driver_sql("INSERT INTO index_state VALUES (?, ?)", (GENERATION, generation))
        finally:
            engine.dispose()

    def _generation(self) -> str:
        """Return the mark that ties index.db to this library, making it the first time."""
        raw = connections.connect(self.driver, self.paths.library_db, busy_seconds=self.busy_seconds)
        try:
            read = "SELECT value FROM local_state WHERE key = ?"
            row = raw.execute(read, (GENERATION,)).fetchone()
            if row is None:
                mark = orjson.dumps(uuid.uuid4().hex).decode()
                raw.execute("INSERT OR IGNORE INTO local_state (key, value) VALUES (?, ?)", (GENERATION, mark))
                row = raw.execute(read, (GENERATION,)).fetchone()
            return str(orjson.loads(row[0]))
        finally:
            raw.close()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            with FileLock(self.paths.root / "library.lock", timeout=LOCK_SECONDS):
                yield
        except Timeout as error:
            raise SurroundingsError(
                Code.STORE_BUSY,
                "Another window of the program is bringing this library up to date. Try again in a moment.",
                detail=str(error),
            ) from error


def _use_log(raw: Any) -> None:
    """Switch write-ahead logging on, which a restored copy lacks; with readers about it would be too late."""
    if raw.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        raw.execute("PRAGMA journal_mode=WAL").fetchone()


def readable(error: Exception) -> Exception:
    """Return the program's error for what the file system or the driver complained of."""
    if isinstance(error, OSError):
        full = error.errno is not None and error.errno in (28, 122)
        code = Code.STORE_FULL if full else Code.STORE_READ_ONLY
        sentence = "The disk is full." if full else "The library's folder cannot be used. It may be read-only or gone."
        return SurroundingsError(code, sentence, detail=str(error))
    return explain(error) or error
