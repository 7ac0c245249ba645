"""The tables of the data model."""

from sync.server.migrate.versioning import run_version

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make them."""
    run_version("0001_schema")
