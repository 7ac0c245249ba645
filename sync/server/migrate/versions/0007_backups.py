"""Backups that were made are written down."""

from sync.server.migrate.versioning import run_version

revision = "0007"
down_revision = "0005"


def upgrade() -> None:
    """Make room for it."""
    run_version("0007_backups")
