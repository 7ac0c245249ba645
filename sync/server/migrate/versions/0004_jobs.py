"""Jobs, what became of them, and content_stats."""

from sync.server.migrate.versioning import run_version

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make them."""
    run_version("0004_jobs")
