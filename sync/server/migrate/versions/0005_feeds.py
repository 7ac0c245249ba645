"""Feeds: what changed for whom, in an order that a cursor can follow."""

from sync.server.migrate.versioning import run_version

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make them."""
    run_version("0005_feeds")
