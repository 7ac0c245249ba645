"""When each row was in a feed, so that a device is told of a departure exactly if it had the row."""

from sync.server.migrate.versioning import run_version

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make it."""
    run_version("0008_feed_spans")
