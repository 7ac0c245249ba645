"""From which number on a history counts the changes of rows, so that two histories can be told apart."""

from sync.server.migrate.versioning import run_version

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make it."""
    run_version("0012_histories")
