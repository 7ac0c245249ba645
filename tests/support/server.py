"""A migrated server database and the ways into it: superuser, owner, gateway, and each person through the gateway."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import psycopg
import pytest

from sync.server.migrate import install_roles, migrate
from tests.support.postgres import OWNER, TEMPLATE, Cluster

SUPERUSER = "postgres"
GATEWAY = "gateway_user"


def make_template(cluster: Cluster, name: str = "alexandria_server") -> str:
    """Make the roles and a migrated database to copy; return its name."""
    install_roles(plain(cluster.url("postgres", SUPERUSER)), owner=OWNER)
    cluster.superuser_does(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} OWNER {OWNER}")
    migrate(plain(cluster.url(name)))
    return name


def plain(url: str) -> str:
    """Return an address as psycopg and people write it."""
    return url.replace("postgresql+psycopg://", "postgresql://")


@dataclass(frozen=True)
class ServerDatabase:
    """One migrated database."""

    cluster: Cluster
    name: str

    @property
    def owner_url(self) -> str:
        return plain(self.cluster.url(self.name))

    @property
    def gateway_url(self) -> str:
        return plain(self.cluster.url(self.name, GATEWAY))

    @property
    def admin_url(self) -> str:
        return plain(self.cluster.url(self.name, SUPERUSER))

    @contextmanager
    def as_superuser(self) -> Iterator[psycopg.Connection]:
        """A transaction past every policy, for setting the scene; committed at the end."""
        with psycopg.connect(self.admin_url) as connection:
            yield connection

    @contextmanager
    def as_user(self, user: UUID | None) -> Iterator[psycopg.Connection]:
        """A transaction as a person (None: nobody in particular), through the gateway's login; committed at the end."""
        with psycopg.connect(self.gateway_url) as connection:
            become(connection, user)
            yield connection


def become(connection: psycopg.Connection, user: UUID | None) -> None:
    """Make the running transaction that of a person."""
    role = "anon" if user is None else "authenticated"
    claims = json.dumps({"role": role} | ({} if user is None else {"sub": str(user)}))
    connection.execute(
        "select set_config('role', %s, true), set_config('request.jwt.claims', %s, true)", (role, claims)
    )


@pytest.fixture(scope="session")
def server_template(cluster: Cluster) -> str:
    """The name of a migrated, empty database to copy."""
    return make_template(cluster)


@pytest.fixture(scope="module")
def server_database(cluster: Cluster, server_template: str) -> Iterator[ServerDatabase]:
    """A migrated database of its own for a test module."""
    with cluster.database(server_template) as engine:
        yield ServerDatabase(cluster, str(engine.url.database))
