"""A device may go one step back."""

from sync.server.migrate.versioning import run_version

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Make it."""
    run_version("0017_steps")
