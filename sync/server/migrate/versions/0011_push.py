"""What devices handed in, so that the same batch is never applied twice."""

from sync.server.migrate.versioning import run_version

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make it."""
    run_version("0011_push")
