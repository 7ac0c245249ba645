"""What the catalogue of Postgres says of the policies, and holes made on purpose that must show in it."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from sync.server.access.audit import audit
from sync.server.migrate.address import sqlalchemy_url
from tests.support.server import ServerDatabase

pytestmark = pytest.mark.postgres


def test_the_catalogue_has_no_fault(guarded: ServerDatabase) -> None:
    engine = create_engine(sqlalchemy_url(guarded.owner_url), poolclass=NullPool)
    with engine.connect() as connection:
        assert audit(connection) == []


def test_the_owner_of_the_tables_sees_no_row_of_anybody(guarded: ServerDatabase) -> None:
    with psycopg.connect(guarded.admin_url) as connection:
        connection.execute("insert into users (email, name) values ('a@example.org', 'Ada')")
        connection.execute("set local role alexandria_owner")
        assert connection.execute("select count(*) from users").fetchone() == (0,)
        connection.rollback()


def test_the_gateways_login_can_do_nothing_by_itself(guarded: ServerDatabase) -> None:
    with psycopg.connect(guarded.gateway_url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("select * from public.users")


@pytest.mark.parametrize("role", ["alexandria_service", "alexandria_owner", "postgres"])
def test_the_gateways_login_cannot_become_more_than_a_request(guarded: ServerDatabase, role: str) -> None:
    with psycopg.connect(guarded.gateway_url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(sql.SQL("set role {}").format(sql.Identifier(role)))


HOLES = {
    "alter table user_notes disable row level security": "Row-level security is off on user_notes.",
    "alter table user_notes no force row level security": "Row-level security is not forced on user_notes.",
    "drop policy user_notes_insert on user_notes": "user_notes has no policy for insert.",
    "create policy wide on user_notes for all to authenticated using (true)": (
        "The policy wide on user_notes is not for one command and named roles."
    ),
    "create policy slow on user_notes for select to authenticated using (auth.uid() = user_id)": (
        "The policy slow on user_notes calls auth.uid() for every row."
    ),
    "create policy theirs on users for delete to authenticated using (true)": (
        "users has a policy for delete, which nobody may."
    ),
    "grant update (role) on users to authenticated": "authenticated may update users.role.",
    "grant insert on user_organizations to authenticated": "authenticated may insert user_organizations.role.",
    "grant select on user_sessions to anon": "anon has privileges on user_sessions that no rule gives.",
    "grant truncate on user_notes to authenticated": "authenticated has privileges on user_notes that no rule gives.",
    "alter function app.is_admin() owner to alexandria_owner": (
        "The function app.is_admin() sees past the policies but is not the service's, or has no search_path."
    ),
    "alter function app.is_admin() reset search_path": (
        "The function app.is_admin() sees past the policies but is not the service's, or has no search_path."
    ),
    "alter role authenticated bypassrls": "The role authenticated sees past every policy.",
    "alter role gateway_user inherit": "The gateway's login has the privileges of the roles it may become.",
    "alter role alexandria_service login": "Somebody can log in as alexandria_service.",
    "drop index idx_user_notes_user_id": (
        "The policy user_notes_update on user_notes compares user_id, which no index begins with."
    ),
}


@pytest.mark.parametrize("hole", HOLES)
def test_a_hole_made_on_purpose_is_found_in_the_catalogue(guarded: ServerDatabase, hole: str) -> None:
    engine = create_engine(sqlalchemy_url(guarded.admin_url), poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(hole)
        assert HOLES[hole] in audit(connection)
        connection.rollback()
