"""A private Postgres in a folder, for a server that is given no database of its own."""

from sync.server.embedded.binaries import BinariesMissingError
from sync.server.embedded.joining import running_postgres
from sync.server.embedded.private import FolderInUseError, PostgresError, PrivatePostgres, private_postgres

__all__ = [
    "BinariesMissingError",
    "FolderInUseError",
    "PostgresError",
    "PrivatePostgres",
    "private_postgres",
    "running_postgres",
]
