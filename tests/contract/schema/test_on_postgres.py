"""The schema on a real Postgres: whole, indexed, and as careful with people's things as it must be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, delete, func, insert, inspect, select, text
from sqlalchemy.exc import IntegrityError

from sync.schema.ids import uuid7
from sync.schema.policy import POLICIES
from sync.schema.tables import METADATA, server_tables, table
from tests.support.postgres import OWNER, TEMPLATE, Cluster

pytestmark = pytest.mark.postgres


@pytest.fixture
def connection(postgres: Engine) -> Iterator[Connection]:
    with postgres.connect() as connection:
        yield connection
        connection.rollback()


def add(connection: Connection, name: str, /, **values: Any) -> UUID:
    row = {"id": uuid7(), **values}
    connection.execute(insert(table(name)).values(row))
    return UUID(int=row["id"].int)


def add_user(connection: Connection) -> UUID:
    user_id = uuid7()
    return add(connection, "users", id=user_id, email=f"{user_id}@example.org", name="Ada")


def add_item(connection: Connection, creator: UUID, **values: Any) -> UUID:
    common = {"title": "A book", "content_type": "book", "module_name": "library", "creator_id": creator}
    return add(connection, "content_items", **common, **values)


def test_an_owner_who_is_no_superuser_makes_every_table_of_the_server(cluster: Cluster) -> None:
    with cluster.database(TEMPLATE) as engine:
        METADATA.create_all(engine, tables=server_tables())
        assert set(inspect(engine).get_table_names()) == {one.name for one in server_tables()}
        with engine.connect() as connection:
            assert connection.scalar(text("select rolsuper from pg_roles where rolname = current_user")) is False
            assert connection.scalar(text("select current_user")) == OWNER


def test_every_reference_has_an_index_that_begins_with_it(connection: Connection) -> None:
    bare = connection.execute(
        text("""
        SELECT conrelid::regclass::text, conname FROM pg_constraint AS reference
        WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND NOT EXISTS (
            SELECT 1 FROM pg_index WHERE indrelid = conrelid AND indpred IS NULL
            AND (indkey::int2[])[0:array_length(conkey, 1) - 1] @> conkey)""")
    ).all()
    assert bare == []


def test_every_reference_says_what_happens_on_delete() -> None:
    silent = [
        f"{one.name}.{key.parent.name}"
        for one in METADATA.tables.values()
        for key in one.foreign_keys
        if key.ondelete is None
    ]
    assert silent == []


def test_every_moment_has_a_time_zone(connection: Connection) -> None:
    naive = connection.execute(
        text("""SELECT table_name, column_name FROM information_schema.columns
                WHERE table_schema = 'public' AND data_type = 'timestamp without time zone'""")
    ).all()
    assert naive == []


def test_a_moment_comes_back_as_the_same_moment(connection: Connection) -> None:
    connection.execute(text("SET LOCAL TIME ZONE 'Asia/Tokyo'"))
    moment = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
    user = add_user(connection)
    users = table("users")
    connection.execute(users.update().where(users.c.id == user).values(updated_at=moment))
    assert connection.scalar(select(users.c.updated_at).where(users.c.id == user)) == moment


def test_an_item_with_somebodys_note_cannot_be_deleted(connection: Connection) -> None:
    author, reader = add_user(connection), add_user(connection)
    item = add_item(connection, author)
    add(connection, "user_notes", user_id=reader, content_id=item, note_text="mine")
    items = table("content_items")
    with pytest.raises(IntegrityError, match="user_notes"):
        connection.execute(delete(items).where(items.c.id == item))


def test_a_purchase_outlives_its_buyer(connection: Connection) -> None:
    buyer, users, purchases = add_user(connection), table("users"), table("purchases")
    purchase = add(
        connection,
        "purchases",
        user_id=buyer,
        total_amount=Decimal("9.99"),
        buyer_snapshot={"name": "Ada"},
    )
    connection.execute(delete(users).where(users.c.id == buyer))
    row = connection.execute(select(purchases).where(purchases.c.id == purchase)).one()
    assert (row.user_id, row.total_amount, row.buyer_snapshot) == (None, Decimal("9.99"), {"name": "Ada"})


def test_what_somebody_made_stays_when_they_go(connection: Connection) -> None:
    author, users, items = add_user(connection), table("users"), table("content_items")
    item = add_item(connection, author)
    connection.execute(delete(users).where(users.c.id == author))
    assert connection.execute(select(items.c.creator_id).where(items.c.id == item)).one() == (None,)


def test_nobody_can_choose_anothers_theme(connection: Connection) -> None:
    owner, other = add_user(connection), add_user(connection)
    environments = table("reading_environments")
    connection.execute(insert(environments).values(slug="paper", name="Paper"))
    theme = add(connection, "user_themes", user_id=owner, theme_name="Mine", base_theme="paper")
    with pytest.raises(IntegrityError, match="primary_theme_id"):
        add(connection, "theme_preferences", user_id=other, primary_theme_id=theme)


def test_a_deleted_theme_leaves_the_choice_without_it(connection: Connection) -> None:
    owner, themes, choices = add_user(connection), table("user_themes"), table("theme_preferences")
    connection.execute(insert(table("reading_environments")).values(slug="paper", name="Paper"))
    theme = add(connection, "user_themes", user_id=owner, theme_name="Mine", base_theme="paper")
    add(connection, "theme_preferences", user_id=owner, primary_theme_id=theme)
    connection.execute(delete(themes).where(themes.c.id == theme))
    row = connection.execute(select(choices).where(choices.c.user_id == owner)).one()
    assert (row.user_id, row.primary_theme_id) == (owner, None)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("users", {"email": "a@example.org", "name": "A", "role": "superking"}),
        ("organizations", {"name": "A", "plan_type": "unlimited"}),
        ("usage_metrics", {"metric_name": "reads", "metric_value": 1}),
    ],
)
def test_what_makes_no_sense_is_refused(connection: Connection, name: str, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        add(connection, name, **values)


def test_two_addresses_that_differ_in_case_are_one(connection: Connection) -> None:
    add(connection, "users", email="ada@example.org", name="Ada")
    with pytest.raises(IntegrityError):
        add(connection, "users", email="Ada@Example.org", name="Ada")


@pytest.mark.parametrize("progress", [Decimal("-0.01"), Decimal("100.01")])
def test_progress_stays_within_a_hundred_percent(connection: Connection, progress: Decimal) -> None:
    reader = add_user(connection)
    item = add_item(connection, reader)
    with pytest.raises(IntegrityError):
        add(connection, "user_libraries", user_id=reader, content_id=item, progress=progress)


def test_a_book_without_a_description_is_found_by_its_title(connection: Connection) -> None:
    add_item(connection, add_user(connection), description=None)
    plan = text("""SELECT count(*) FROM content_items
        WHERE to_tsvector('english'::regconfig, title || ' ' || coalesce(description, '')) @@ to_tsquery('book')""")
    assert connection.scalar(plan) == 1


def test_vectors_of_any_length_are_kept_and_near_ones_found(connection: Connection) -> None:
    owner = add_user(connection)
    item, embeddings = add_item(connection, owner), table("content_embeddings")
    for number, vector in enumerate(([1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.9, 0.1, 0.0])):
        add(
            connection,
            "content_embeddings",
            content_id=item,
            chunk_text="words",
            embedding=vector,
            chunk_index=number,
            chunk_type="paragraph",
            content_type="book",
            module_name="library",
            text_length=5,
        )
    nearest = select(embeddings.c.chunk_index).order_by(text("embedding <=> '[1,0,0]'")).limit(2)
    assert connection.scalars(nearest).all() == [0, 2]
    first = connection.scalar(select(embeddings.c.embedding).where(embeddings.c.chunk_index == 2))
    assert first == pytest.approx((0.9, 0.1, 0.0))


def test_both_kinds_of_preference_live_in_one_table(connection: Connection) -> None:
    reader = add_user(connection)
    add(connection, "user_preferences", user_id=reader, preferences_json={"font": "serif"})
    add(connection, "user_preferences", user_id=reader, preference_type="genre", preference_value="whales")
    assert connection.scalar(select(func.count()).select_from(text("user_settings"))) == 1
    learned = text("SELECT preference_value FROM user_learned_preferences")
    assert connection.execute(learned).all() == [("whales",)]
    with pytest.raises(IntegrityError):
        add(connection, "user_preferences", user_id=reader, preferences_json={"font": "sans"})


def test_the_server_holds_nothing_that_belongs_to_a_device() -> None:
    assert {"outbox", "local_state", "local_files", "note_placements"}.isdisjoint(one.name for one in server_tables())
    assert {one.name for one in server_tables()} <= POLICIES.keys()
