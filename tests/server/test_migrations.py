"""Migrations on a real Postgres: the schema they make, twice without harm, over data, and beside what Supabase has."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.pool import NullPool

from sync.schema.tables import METADATA, server_tables
from sync.schema.views import create_views
from sync.server.access.audit import audit
from sync.server.migrate import install_roles, migrate, read_state
from sync.server.migrate.address import sqlalchemy_url
from sync.server.migrate.migrator import MigrationError
from tests.support.postgres import OWNER, TEMPLATE, Cluster
from tests.support.server import SUPERUSER, ServerDatabase, plain

pytestmark = pytest.mark.postgres


@pytest.fixture
def empty(cluster: Cluster, server_template: str) -> Iterator[ServerDatabase]:
    """A database with pgvector and nothing else; the roles exist."""
    assert server_template
    with cluster.database(TEMPLATE) as engine:
        yield ServerDatabase(cluster, str(engine.url.database))


def engine_of(url: str) -> Engine:
    return create_engine(sqlalchemy_url(url), poolclass=NullPool)


def catalogue(connection: Connection) -> dict[str, list[Any]]:
    """Return columns, constraints and indexes of the specification's tables, as Postgres itself words them."""
    names = {"names": [one.name for one in server_tables()]}
    return {
        "columns": list(
            connection.execute(
                text(
                    "select c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,"
                    " pg_get_expr(d.adbin, d.adrelid) from pg_attribute a join pg_class c on c.oid = a.attrelid"
                    " left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum"
                    " where c.relname = any(:names) and a.attnum > 0 order by 1, 2"
                ),
                names,
            )
        ),
        "constraints": list(
            connection.execute(
                text(
                    "select c.relname, k.conname, pg_get_constraintdef(k.oid) from pg_constraint k"
                    " join pg_class c on c.oid = k.conrelid where c.relname = any(:names) and k.contype <> 'n'"
                    " and k.connamespace = 'public'::regnamespace order by 1, 2"
                ),
                names,
            )
        ),
        "indexes": list(
            connection.execute(
                text(
                    "select indexname, indexdef from pg_indexes where schemaname = 'public'"
                    " and tablename = any(:names) order by 1"
                ),
                names,
            )
        ),
    }  # fmt: skip


def test_migrations_make_the_same_tables_as_the_schema(empty: ServerDatabase, cluster: Cluster) -> None:
    migrate(empty.owner_url)
    with cluster.database(TEMPLATE) as fresh, engine_of(empty.owner_url).connect() as migrated:
        METADATA.create_all(fresh, tables=server_tables())
        with fresh.begin() as made:
            create_views(made)
            expected = catalogue(made)
        found = catalogue(migrated)
    assert found == expected
    assert len(found["indexes"]) > 150


def test_migrating_again_changes_nothing(empty: ServerDatabase) -> None:
    first = migrate(empty.owner_url)
    assert first.is_current
    assert migrate(empty.owner_url) == first == read_state(empty.owner_url)


def test_the_service_may_read_every_table_of_ours_so_that_a_backup_can(empty: ServerDatabase) -> None:
    migrate(empty.owner_url)
    with empty.as_superuser() as connection:
        closed = connection.execute(
            "select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " where n.nspname in ('public', 'gateway', 'ops', 'sync') and c.relkind in ('r', 'm', 'S')"
            " and not has_table_privilege('alexandria_service', c.oid, 'select')"
        ).fetchall()
    assert closed == []


def test_several_gateways_may_migrate_at_once(empty: ServerDatabase) -> None:
    states: list[Any] = []
    threads = [threading.Thread(target=lambda: states.append(migrate(empty.owner_url))) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [state.is_current for state in states] == [True, True, True]


def test_a_database_that_holds_data_is_brought_up_with_it(empty: ServerDatabase) -> None:
    migrate(empty.owner_url, to="0001")
    assert not read_state(empty.owner_url).is_current
    with empty.as_superuser() as connection:
        (user,) = (
            connection.execute(
                "insert into users (email, name) values ('ada@example.org', 'Ada') returning id"
            ).fetchone()
            or ()
        )
        connection.execute(
            "insert into content_items (title, content_type, module_name, creator_id)"
            " values ('x', 'book', 'library', %s)",
            (user,),
        )
    assert migrate(empty.owner_url).is_current
    with empty.as_user(user) as connection:
        assert connection.execute("select title from content_items").fetchall() == [("x",)]
    with empty.as_superuser() as connection:
        fed = connection.execute("select count(*) from sync.feed_row where op = '+'").fetchone()
        assert fed == (3,), "what was there before the feeds is in them, and the model"


def test_a_migration_that_fails_leaves_the_database_as_it_was(empty: ServerDatabase) -> None:
    with empty.as_superuser() as connection:
        connection.execute("create table public.user_notes (mine text)")
        connection.execute("alter table public.user_notes owner to alexandria_owner")
    with pytest.raises(Exception, match="user_notes"):
        migrate(empty.owner_url)
    with empty.as_superuser() as connection:
        tables = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
        assert tables == [("user_notes",)]


def test_without_its_roles_a_database_is_refused_with_what_is_to_be_done(
    cluster: Cluster, empty: ServerDatabase
) -> None:
    with psycopg.connect(plain(cluster.url("postgres", SUPERUSER)), autocommit=True) as connection:
        connection.execute(f"revoke alexandria_service from {OWNER}")
    try:
        with pytest.raises(MigrationError, match=r"no member of alexandria_service\. Run `alexandria-server migrate"):
            migrate(empty.owner_url)
    finally:
        install_roles(plain(cluster.url("postgres", SUPERUSER)), owner=OWNER)


def test_what_supabase_brings_is_left_as_it_is(empty: ServerDatabase) -> None:
    """Its auth schema with functions of its own, and privileges that it gives to everybody by default."""
    with empty.as_superuser() as connection:
        connection.execute("create schema auth")
        connection.execute(
            "create function auth.uid() returns uuid language sql stable as $$ select coalesce("
            "nullif(current_setting('request.jwt.claim.sub', true), ''),"
            "(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'))::uuid $$"
        )
        connection.execute("grant usage on schema auth to public")
        connection.execute(f"alter default privileges for role {OWNER} in schema public grant all on tables to anon")
    migrate(empty.owner_url)
    with engine_of(empty.owner_url).connect() as connection:
        assert audit(connection) == []
        assert "claim.sub" in connection.scalar(text("select prosrc from pg_proc where oid = 'auth.uid'::regproc"))


def test_jobs_are_handed_to_pg_cron_where_it_is(empty: ServerDatabase) -> None:
    with empty.as_superuser() as connection:
        connection.execute("create schema cron")
        connection.execute("create table cron.job (name text primary key, schedule text, command text)")
        connection.execute(
            "create function cron.schedule(a text, b text, c text) returns bigint language sql as $$"
            " insert into cron.job values (a, b, c) on conflict (name) do update set schedule = b, command = c;"
            " select 1::bigint $$"
        )
        connection.execute("grant usage on schema cron to alexandria_owner")
        connection.execute("grant all on cron.job to alexandria_owner")
    migrate(empty.owner_url)
    with empty.as_superuser() as connection:
        handed = {
            name: (schedule, command)
            for name, schedule, command in connection.execute("select name, schedule, command from cron.job")
        }
        assert handed["refresh-stats"] == ("0 1 * * *", "select ops.run_job('refresh-stats')")
        assert {"daily-backup", "monthly-cleanup"} <= handed.keys()
        by = connection.execute("select distinct run_by from ops.jobs where statement is not null").fetchall()
        assert by == [("pg_cron",)]
    with psycopg.connect(empty.owner_url) as connection:
        for _, command in handed.values():
            assert connection.execute(command).fetchone() == ("done",)
