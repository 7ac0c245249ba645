"""What the command line does to accounts, as the login that owns the database; nobody signs in for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg.rows import DictRow, dict_row

from sync.server.auth.links import link_address
from sync.server.auth.names import clean_email, clean_name
from sync.server.auth.tokens import TokenKind, digest, new_token
from sync.server.gateway.errors import Refused, from_database, not_found
from sync.server.settings import Settings


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account as a list shows it."""

    id: UUID
    email: str
    name: str
    role: str
    is_disabled: bool
    created_at: datetime


class Operator:
    """Accounts from outside the gateway; everything it cannot do raises Refused with a sentence."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def first_admin_link(self) -> str | None:
        """Return a new link for the first administrator, or None where there is one; earlier links stop working."""
        token = new_token(TokenKind.LINK)
        made = self._value(
            "select ops.make_first_admin_link(%(token)s, %(lifetime)s) as value",
            token=digest(token),
            lifetime=self._link_lifetime,
        )
        return link_address(self._settings, token) if made else None

    def add_user(self, email: str, name: str, role: str = "user") -> str:
        """Make an account without a password and return the link by which its owner sets one."""
        token = new_token(TokenKind.LINK)
        self._value(
            "select ops.make_reset_link(ops.new_person(%(email)s, %(name)s, %(role)s, null), %(token)s, %(lifetime)s)"
            " as value",
            email=clean_email(email),
            name=clean_name(name),
            role=role,
            token=digest(token),
            lifetime=self._link_lifetime,
        )
        return link_address(self._settings, token)

    def reset_link(self, email: str) -> str:
        """Return a link by which somebody sets a new password."""
        token = new_token(TokenKind.LINK)
        self._value(
            "select ops.make_reset_link(%(person)s, %(token)s, %(lifetime)s) as value",
            person=self.find(email).id,
            token=digest(token),
            lifetime=self._link_lifetime,
        )
        return link_address(self._settings, token)

    def invite(self, email: str) -> str:
        """Return a link with which this email may make an account."""
        token = new_token(TokenKind.INVITATION)
        self._value(
            "select ops.invite_to_platform(%(email)s, %(token)s, %(lifetime)s, null) as value",
            email=clean_email(email),
            token=digest(token),
            lifetime=timedelta(days=self._settings.invitation_days),
        )
        return link_address(self._settings, token)

    def set_user(self, email: str, *, role: str | None = None, disabled: bool | None = None) -> None:
        """Give a role, disable or enable."""
        self._value(
            "select ops.set_user(%(person)s, %(role)s, %(disabled)s) as value",
            person=self.find(email).id,
            role=role,
            disabled=disabled,
        )

    def revoke_sessions(self, email: str) -> int:
        """End all sessions of somebody and return how many there were."""
        return int(self._value("select ops.revoke_sessions(%(person)s) as value", person=self.find(email).id))

    def erase(self, email: str) -> None:
        """Erase an account for good."""
        self._value("select ops.erase_person(%(person)s) as value", person=self.find(email).id)

    def find(self, email: str) -> AccountLine:
        """Return the account with this email."""
        found = [one for one in self.accounts() if one.email.lower() == clean_email(email)]
        if not found:
            raise not_found("This account")
        return found[0]

    def accounts(self) -> list[AccountLine]:
        """Return all accounts in the order of their emails."""
        with self._transaction() as connection:
            rows = connection.execute(
                "select id, email, name, role, deleted_at is not null as is_disabled, created_at"
                " from public.users where email not like '%@erased.invalid' order by email"
            ).fetchall()
        return [AccountLine(**row) for row in rows]

    @property
    def _link_lifetime(self) -> timedelta:
        return timedelta(hours=self._settings.link_hours)

    def _value(self, query: LiteralString, **parameters: Any) -> Any:
        with self._transaction() as connection:
            row = connection.execute(query, parameters).fetchone()
        return None if row is None else row["value"]

    @contextmanager
    def _transaction(self) -> Iterator[psycopg.Connection[DictRow]]:
        try:
            with psycopg.connect(self._settings.owner_database_url, row_factory=dict_row) as connection:
                # Row-level security is forced on the owner too; the service sees past it.
                connection.execute("set local role alexandria_service")
                yield connection
        except psycopg.Error as fault:
            refused = from_database(fault)
            if refused is None:
                raise
            raise refused from fault


__all__ = ["AccountLine", "Operator", "Refused"]
