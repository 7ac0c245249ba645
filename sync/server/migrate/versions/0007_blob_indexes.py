"""Indexes for the question who may read bytes, which is asked by their hash."""

from sync.server.migrate.versioning import run_version

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make them."""
    run_version("0007_blob_indexes")
