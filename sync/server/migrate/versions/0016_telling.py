"""Devices are not told again what they handed in."""

from sync.server.migrate.versioning import run_version

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Make it."""
    run_version("0016_telling")
