"""A library that exists before any account becomes an account's, whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, insert, select

from alexandria_desktop.base.paths import LibraryPaths
from alexandria_desktop.store.database import Database
from alexandria_desktop.store.identity import ensure_identity, identity_of
from alexandria_desktop.store.sync_store import SyncStore
from sync.client.adopting import adopt
from sync.schema import natural
from sync.schema.ids import uuid7
from sync.schema.tables import table
from tests.support.library import StillClock, edition
from tests.sync.laptops import Account, Laptop

pytestmark = pytest.mark.postgres


def lone_laptop(folder: Path, account: Account) -> Laptop:
    """Return a laptop whose library nobody has signed in to yet; its owner is a person of its own."""
    clock = StillClock()
    database = Database.open(LibraryPaths(folder), clock=clock)
    identity = database.write(ensure_identity).value
    lone = Account(account.address, identity.user_id, account.email)
    return Laptop(lone, database, clock, identity.device_id)


def sign_in(laptop: Laptop, account: Account) -> None:
    SyncStore(laptop.database).write(lambda connection: adopt(connection, account.user_id, laptop.clock.now))
    laptop.account = account


def test_everything_that_was_written_before_the_account_is_in_it(tmp_path: Path, account: Account) -> None:
    one = lone_laptop(tmp_path / "one", account)
    with one.database:
        book = one.add_book()
        note = one.add_note(book, "before any account")
        sign_in(one, account)
        report = one.sync()
        assert (report.rejected, one.waiting()) == (0, [])
        item = natural.imported_item(account.user_id, edition("Moby-Dick"))
        assert set(one.rows("content_items")) == {item}
        assert one.rows("user_notes")[note]["content_id"] == item
        assert one.rows("user_notes")[note]["user_id"] == account.user_id
        one.endpoint.close()


def test_two_populated_laptops_become_one_library(tmp_path: Path, account: Account) -> None:
    one, other = (lone_laptop(tmp_path / name, account) for name in ("one", "other"))
    with one.database, other.database:
        notes = {laptop.add_note(laptop.add_book(), f"of {name}") for name, laptop in (("a", one), ("b", other))}
        only = other.add_book("Emma")
        for laptop in (one, other):
            sign_in(laptop, account)
            laptop.sync()
        one.sync()
        assert set(one.rows("user_notes")) == set(other.rows("user_notes")) == notes
        assert len(one.rows("content_items")) == 2, "the book that both had is one book"
        for name in ("content_items", "books", "content_files", "user_libraries", "user_notes"):
            assert one.rows(name) == other.rows(name), name
        assert only not in one.rows("content_items"), "its id was its first owner's"
        for laptop in (one, other):
            laptop.endpoint.close()


def test_adopting_twice_is_adopting_once(tmp_path: Path, account: Account) -> None:
    one = lone_laptop(tmp_path / "one", account)
    with one.database:
        one.add_note(one.add_book(), "x")
        sign_in(one, account)
        before = {name: one.rows(name) for name in ("content_items", "user_notes", "user_libraries")}
        sign_in(one, account)
        assert {name: one.rows(name) for name in before} == before
        one.endpoint.close()


def test_no_id_of_the_first_owner_is_left(tmp_path: Path, account: Account) -> None:
    one = lone_laptop(tmp_path / "one", account)
    with one.database:
        old = {one.account.user_id, one.add_book(), one.add_book("Emma")}
        sign_in(one, account)
        with one.database.reading() as connection:
            for target in table("users").metadata.sorted_tables:
                if target.name in ("content_embeddings", "content_similarities", "outbox"):
                    continue
                for row in connection.execute(select(target)).mappings():
                    left = {column: value for column, value in row.items() if isinstance(value, UUID) and value in old}
                    assert not left, target.name
            assert identity_of(connection).user_id == account.user_id  # type: ignore[union-attr]
        one.endpoint.close()


def test_progress_and_ratings_of_two_laptops_get_the_same_ids(tmp_path: Path, account: Account) -> None:
    lesson, theme = uuid7(), uuid7()
    found = []
    for name in ("one", "other"):
        laptop = lone_laptop(tmp_path / name, account)
        with laptop.database:
            owner = laptop.account.user_id
            rows = {
                "student_progress": {
                    "id": natural.lesson_progress(owner, lesson),
                    "lesson_id": lesson,
                    "course_id": lesson,
                },
                "theme_ratings": {"id": natural.theme_rating(owner, theme), "theme_id": theme, "rating": 4},
            }

            def keep(connection: Connection, owner: UUID = owner, rows: dict[str, dict[str, Any]] = rows) -> None:
                for target, row in rows.items():
                    connection.execute(insert(table(target)), {"user_id": owner, **row})

            laptop.database.library.run_unchecked(keep)
            sign_in(laptop, account)
            found.append((set(laptop.rows("student_progress")), set(laptop.rows("theme_ratings"))))
            laptop.endpoint.close()
    assert found[0] == found[1]
    assert found[0][0] == {natural.lesson_progress(account.user_id, lesson)}
