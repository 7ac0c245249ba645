"""One-time links: the first administrator's account, and a new password."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from sync.server.auth.attempts import Attempts
from sync.server.auth.names import (
    EmailText,
    NameText,
    NewPasswordText,
    TokenText,
    clean_email,
    clean_name,
    clean_password,
)
from sync.server.auth.passwords import Passwords
from sync.server.auth.signing_in import SignedIn, SignIn, SigningIn
from sync.server.auth.tokens import TokenKind, digest, new_token
from sync.server.gateway.database import fetch_value
from sync.server.gateway.errors import Refused
from sync.server.gateway.routing import Call, Route, Who
from sync.server.settings import Settings


class FirstAdmin(Struct, frozen=True, forbid_unknown_fields=True):
    """The platform's first administrator, who holds the link that the server printed."""

    token: TokenText
    email: EmailText
    name: NameText
    password: NewPasswordText


class PasswordReset(Struct, frozen=True, forbid_unknown_fields=True):
    """A new password for whom the link was made."""

    token: TokenText
    new_password: NewPasswordText


class Link(Struct, frozen=True):
    """A link that opens something once; told once."""

    link: str
    token: str
    expires_at: datetime


class Links:
    """The routes that use links and the one that makes them."""

    def __init__(self, settings: Settings, passwords: Passwords, attempts: Attempts, signing_in: SigningIn) -> None:
        self._settings = settings
        self._passwords = passwords
        self._attempts = attempts
        self._signing_in = signing_in

    def routes(self) -> tuple[Route, ...]:
        """Return the routes."""
        return (
            Route(
                "POST", "/v1/first-admin", self.first_admin, "Make the first administrator.", Who.ANYONE, status=201
            ),
            Route("POST", "/v1/password-reset", self.reset, "Set a new password by a link.", Who.ANYONE),
            Route(
                "POST", "/v1/admin/users/{user_id}/reset-link", self.make_reset, "Make a link that sets a password.",
                Who.ADMIN, status=201,
            ),
        )  # fmt: skip

    async def first_admin(self, call: Call, body: FirstAdmin) -> SignedIn:
        """Make the first administrator and sign them in."""
        email, name = clean_email(body.email), clean_name(body.name)
        password = clean_password(body.password, least=self._settings.password_min_length)
        await self._must_work(call, body.token, "first_admin")
        stored = await self._passwords.hash(password)
        async with call.database.as_gateway() as connection:
            person = await fetch_value(
                connection,
                "select gateway.make_first_admin(%(token)s, %(email)s, %(name)s, %(hash)s)",
                token=digest(body.token),
                email=email,
                name=name,
                hash=stored,
            )
            return await self._signing_in.open_session(connection, person, stored, SignIn(email, password))

    async def reset(self, call: Call, body: PasswordReset) -> None:
        """Set a new password and end all sessions."""
        new = clean_password(body.new_password, least=self._settings.password_min_length, field="new_password")
        await self._must_work(call, body.token, "password_reset")
        stored = await self._passwords.hash(new)
        async with call.database.as_gateway() as connection:
            await connection.execute("select gateway.reset_password(%s, %s)", (digest(body.token), stored))

    async def make_reset(self, call: Call, user_id: UUID) -> Link:
        """Make a link for somebody who forgot their password; an administrator hands it to them."""
        token = new_token(TokenKind.LINK)
        async with call.database.as_gateway(call.person) as connection:
            expires_at = await fetch_value(
                connection,
                "select gateway.make_reset_link(%(person)s, %(token)s, %(lifetime)s)",
                person=user_id,
                token=digest(token),
                lifetime=timedelta(hours=self._settings.link_hours),
            )
        return Link(link_address(self._settings, token), token, expires_at)

    async def _must_work(self, call: Call, token: str, kind: str) -> None:
        """Refuse a link that does not work before the cost of a hash."""
        await self._attempts.count(call)
        async with call.database.as_gateway() as connection:
            works = await fetch_value(
                connection, "select gateway.link_works(%(token)s, %(kind)s)", token=digest(token), kind=kind
            )
        if not works:
            raise Refused(403, "link_spent", "This link was used, has expired, or never was one.")


def link_address(settings: Settings, token: str) -> str:
    """Return the address to hand to a person; what follows the # reaches no server's log."""
    return f"{settings.public_url.rstrip('/')}/welcome#{token}"
