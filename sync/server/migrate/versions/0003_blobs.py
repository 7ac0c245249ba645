"""Which bytes are kept, who handed them in, and uploads under way."""

from sync.server.migrate.versioning import run_version

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make it."""
    run_version("0003_blobs")
