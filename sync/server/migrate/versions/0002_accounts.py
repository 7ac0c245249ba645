"""What the gateway keeps for itself: passwords, attempts, one-time links, outside identities, invitations."""

from sync.server.migrate.versioning import run_version

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make it."""
    run_version("0002_accounts")
