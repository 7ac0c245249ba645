"""Letters fold in the databases that we make, and the doctor's question tells where they do not."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import create_engine

from sync.server.migrate.locale import create_database, folds_letters
from tests.support.postgres import OWNER, Cluster
from tests.support.server import SUPERUSER, plain

pytestmark = pytest.mark.postgres


def folds(cluster: Cluster, name: str) -> bool:
    engine = create_engine(cluster.url(name))
    try:
        with engine.connect() as connection:
            return folds_letters(connection)
    finally:
        engine.dispose()


def test_a_database_that_we_make_folds_letters_and_one_of_locale_c_is_found_out(cluster: Cluster) -> None:
    with psycopg.connect(plain(cluster.url("postgres", SUPERUSER)), autocommit=True) as connection:
        create_database(connection, "folding", owner=OWNER)
        connection.execute(f"create database plain_c owner {OWNER} template template0 locale 'C'")
        try:
            assert folds(cluster, "folding")
            assert not folds(cluster, "plain_c")
        finally:
            for name in ("folding", "plain_c"):
                connection.execute(f"drop database {name} with (force)".encode())
