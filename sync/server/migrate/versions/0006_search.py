"""What the server's search stands on: the words of passages, an index for the model's vectors, notes by their words."""

from sync.server.migrate.versioning import run_version

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make it."""
    run_version("0006_search")
