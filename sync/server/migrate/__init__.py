"""Bring a Postgres database to this version: roles once by an administrator, the rest by its owner."""

from sync.server.migrate.migrator import State, migrate, read_state
from sync.server.migrate.roles import install_roles, missing_roles

__all__ = ["State", "install_roles", "migrate", "missing_roles", "read_state"]
