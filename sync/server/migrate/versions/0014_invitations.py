"""Invitations to courses are found by their codes."""

from sync.server.migrate.versioning import run_version

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make it."""
    run_version("0014_invitations")
