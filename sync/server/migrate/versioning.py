"""Where the version is kept, and how a version runs its SQL file."""

from __future__ import annotations

from importlib.resources import files

from alembic import op
from sqlalchemy import Connection

VERSION_SCHEMA = "ops"
VERSION_TABLE = "schema_version"
OWN_SCHEMAS = ("app", "gateway", "ops", "sync")
"""What stands beside the specification's tables: policies' helpers, the gateway's own, jobs, feeds."""


def run_version(name: str) -> None:
    """Run ``versions/<name>.sql`` inside the migration's transaction; a released file is never edited."""
    words = files(__package__).joinpath("versions", f"{name}.sql").read_text("utf-8")
    run_script(op.get_bind(), words)


def run_script(connection: Connection, words: str) -> None:
    """Run several statements as they stand; a percent sign means itself."""
    connection.exec_driver_sql(words, execution_options={"no_parameters": True})
