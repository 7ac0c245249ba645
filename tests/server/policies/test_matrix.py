"""Who may do what: the expected matrix, walked on a real Postgres, and each policy missed when it is dropped."""

from __future__ import annotations

import pytest
from psycopg import sql

from sync.schema.policy import POLICIES, TableClass
from sync.server.access.render import FILE, render
from sync.server.access.rules import RULES
from tests.server.policies.attempts import allowed
from tests.server.policies.matrix import found, read
from tests.server.policies.world import ACTORS, World, key_of

pytestmark = pytest.mark.postgres

EXPECTED = read()
LETTERS = {"select": "S", "insert": "I", "update": "U", "delete": "D"}


def test_the_matrix_names_a_row_of_every_table_of_the_server() -> None:
    on_server = {name for name, policy in POLICIES.items() if policy.kind is not TableClass.DEVICE_ONLY}
    assert {table for table, _ in EXPECTED} == on_server == set(RULES)


def test_the_policies_file_is_what_the_rules_say() -> None:
    assert FILE.read_text("utf-8") == render()


@pytest.mark.parametrize("table", sorted(RULES))
def test_everybody_can_do_with_a_table_what_the_matrix_says_and_no_more(world: World, table: str) -> None:
    rows = [row for row in world.rows if row[0] == table]
    assert {row: found(world, row) for row in rows} == {row: EXPECTED[row] for row in EXPECTED if row[0] == table}


@pytest.mark.parametrize("command", LETTERS)
def test_each_policy_that_is_dropped_changes_the_matrix(world: World, command: str) -> None:
    unnoticed = []
    dropped = world.connection.execute(
        "select tablename, policyname from pg_policies where schemaname = 'public' and cmd = upper(%s)", (command,)
    ).fetchall()
    assert len(dropped) >= 19
    for table, policy in dropped:
        with world.connection.transaction(force_rollback=True):
            world.connection.execute(
                sql.SQL("drop policy {} on {}").format(sql.Identifier(policy), sql.Identifier(table))
            )
            if not any(_differs(world, row, LETTERS[command]) for row in world.rows if row[0] == table):
                unnoticed.append(policy)
    assert unnoticed == []


def _differs(world: World, row: tuple[str, str], letter: str) -> bool:
    """Say whether an actor who could do it no longer can."""
    actors = (actor for actor in ACTORS if letter in EXPECTED[row][actor])
    return any(letter not in allowed(world.connection, world.person(a), row[0], key_of(world, *row)) for a in actors)
