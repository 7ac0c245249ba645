"""Backups that were made are written down."""

from sync.server.migrate.versioning import run_version

revision = "0010"
down_revision = "0008"


def upgrade() -> None:
    """Make room for it."""
    run_version("0010_backups")
