"""One place that turns a Postgres address into an engine."""

from __future__ import annotations

from sqlalchemy import URL, Engine, create_engine, make_url


def sqlalchemy_url(address: str) -> URL:
    """Return an address as anyone writes it (``postgres://``, ``postgresql://``) for SQLAlchemy with psycopg 3."""
    url = make_url(address.replace("postgres://", "postgresql://", 1))
    return url.set(drivername="postgresql+psycopg")


def open_engine(address: str, *, autocommit: bool = False) -> Engine:
    """Return an engine of a few connections, for work on the database itself."""
    url = sqlalchemy_url(address)
    return create_engine(url, isolation_level="AUTOCOMMIT") if autocommit else create_engine(url)
