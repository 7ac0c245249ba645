"""Read and write the expected matrix: who may do what with which row.

python -m tests.server.policies.matrix     prints the matrix as the database has it now, to compare by eye
"""

from __future__ import annotations

from pathlib import Path

import psycopg

from tests.server.policies.attempts import allowed
from tests.server.policies.world import ACTORS, World, build, key_of

FILE = Path(__file__).with_name("matrix.txt")
_NAME_WIDTH = 34
_CELL_WIDTH = 9

Row = tuple[str, str]
Cells = dict[str, str]


def read() -> dict[Row, Cells]:
    """Return the expected cells by (table, row) and actor."""
    expected: dict[Row, Cells] = {}
    table_name = ""
    for line in FILE.read_text("utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if not line.startswith(" "):
            table_name = line.strip()
            continue
        cells = line[_NAME_WIDTH:].split()
        expected[table_name, line[:_NAME_WIDTH].strip()] = dict(zip(ACTORS, cells, strict=True))
    return expected


def found(world: World, row: Row) -> Cells:
    """Return what each actor can do with a row."""
    key = key_of(world, *row)
    return {actor: allowed(world.connection, world.person(actor), row[0], key) for actor in ACTORS}


def written(cells: dict[Row, Cells]) -> str:
    """Return the matrix as the file has it."""
    lines = ["#" + " " * (_NAME_WIDTH - 1) + " ".join(actor.rjust(_CELL_WIDTH) for actor in ACTORS)]
    last = ""
    for (table_name, name), row in sorted(cells.items()):
        if table_name != last:
            lines.append(table_name)
            last = table_name
        lines.append(f"  {name}".ljust(_NAME_WIDTH) + " ".join(row[actor].rjust(_CELL_WIDTH) for actor in ACTORS))
    return "\n".join(lines) + "\n"


def _print_now() -> None:
    from tests.support.postgres import find_binaries, prepare, running_cluster
    from tests.support.server import ServerDatabase, make_template

    binaries = find_binaries()
    assert binaries is not None
    with running_cluster(binaries) as cluster:
        prepare(cluster)
        database = ServerDatabase(cluster, make_template(cluster))
        with psycopg.connect(database.admin_url) as connection:
            world = build(connection)
            print(written({row: found(world, row) for row in world.rows}), end="")
            connection.rollback()


if __name__ == "__main__":
    _print_now()
