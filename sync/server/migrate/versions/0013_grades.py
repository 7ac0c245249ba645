"""Grades are written by teachers on their laptops, so they travel both ways."""

from sync.server.migrate.versioning import run_version

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make it."""
    run_version("0013_grades")
