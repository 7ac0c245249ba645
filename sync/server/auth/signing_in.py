"""Making an account, signing in, signing out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct
from psycopg.types.json import Jsonb

from sync.server.auth.attempts import Attempts
from sync.server.auth.names import (
    EmailText,
    LineText,
    NameText,
    NewPasswordText,
    PasswordText,
    TokenText,
    clean_email,
    clean_line,
    clean_name,
    clean_password,
)
from sync.server.auth.passwords import Passwords
from sync.server.auth.tokens import TokenKind, digest, new_token
from sync.server.gateway.database import Connection, fetch_one, fetch_value
from sync.server.gateway.errors import Refused
from sync.server.gateway.routing import Call, Route, Who
from sync.server.settings import Settings

Short = Annotated[LineText, Meta(max_length=50)]


class DeviceGiven(Struct, frozen=True, forbid_unknown_fields=True):
    """The installation that signs in; its id stays the same over all its sessions."""

    id: UUID
    name: NameText
    platform: Short = ""
    app_version: Short = ""


class SignIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Who signs in, and from where."""

    email: EmailText
    password: PasswordText
    device: DeviceGiven | None = None
    label: Annotated[LineText, Meta(max_length=100, description="A name for a session without a device.")] = ""


class SignUp(SignIn, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A new account."""

    password: NewPasswordText
    name: NameText
    invitation: TokenText | None = None


class User(Struct, frozen=True):
    """An account as its owner sees it."""

    id: UUID
    email: str
    name: str
    role: str


class SignedIn(Struct, frozen=True):
    """An open session; the token is told once."""

    token: str
    session_id: UUID
    expires_at: datetime
    user: User


class SigningIn:
    """The routes by which sessions begin and end."""

    def __init__(self, settings: Settings, passwords: Passwords, attempts: Attempts) -> None:
        self._settings = settings
        self._passwords = passwords
        self._attempts = attempts

    def routes(self) -> tuple[Route, ...]:
        """Return the routes."""
        return (
            Route("POST", "/v1/sign-up", self.sign_up, "Make an account and sign in.", Who.ANYONE, status=201),
            Route("POST", "/v1/sign-in", self.sign_in, "Sign in.", Who.ANYONE),
            Route("POST", "/v1/sign-out", self.sign_out, "End this session."),
        )

    async def sign_up(self, call: Call, body: SignUp) -> SignedIn:
        """Make an account, if this server lets the caller, and open its first session."""
        mode = self._settings.sign_up
        if mode == "closed":
            raise Refused(403, "sign_up_closed", "This server makes no new accounts.")
        if mode == "invited" and body.invitation is None:
            # Before the email is looked at in any way, and without spending its owner's attempts.
            raise Refused(403, "invitation_needed", "An account here needs an invitation.")
        email, name = clean_email(body.email), clean_name(body.name)
        password = clean_password(body.password, least=self._settings.password_min_length)
        await self._attempts.count_sign_up(call, email)
        stored = await self._passwords.hash(password)
        async with call.database.as_gateway() as connection:
            person = await fetch_value(
                connection,
                "select gateway.sign_up(%(email)s, %(name)s, %(hash)s, %(invitation)s, %(invited)s, %(limits)s)",
                email=email,
                name=name,
                hash=stored,
                invitation=None if body.invitation is None else digest(body.invitation),
                invited=mode == "invited",
                limits=member_limits(self._settings),
            )
            await self._attempts.forgive_sign_up(connection, call, email)
            return await self.open_session(connection, person, stored, body)

    async def sign_in(self, call: Call, body: SignIn) -> SignedIn:
        """Open a session for who knows the password; an unknown email gets the same answer after the same work."""
        email = clean_email(body.email)
        await self._attempts.count(call, email)
        async with call.database.as_gateway() as connection:
            known = await fetch_one(connection, "select * from gateway.password_of(%(email)s)", email=email)
        stored = known["password_hash"] if known else None
        if not await self._passwords.matches(stored, body.password) or known is None or stored is None:
            raise wrong_credentials()
        renewed = await self._passwords.renewed(stored, body.password)
        async with call.database.as_gateway() as connection:
            if renewed is not None:
                await connection.execute("select gateway.rehash(%s, %s, %s)", (known["user_id"], stored, renewed))
            await self._attempts.forget(connection, email)
            return await self.open_session(connection, known["user_id"], renewed or stored, body)

    async def sign_out(self, call: Call) -> None:
        """End the session of this request."""
        async with call.database.as_gateway(call.person) as connection:
            await connection.execute("select gateway.revoke_session(%s)", [call.person.session_id])

    async def open_session(self, connection: Connection, person: UUID, checked: str, given: SignIn) -> SignedIn:
        """Open a session for a person whose password was found right against ``checked``."""
        token = new_token(TokenKind.SESSION)
        row = await fetch_one(
            connection,
            "select * from gateway.open_session"
            "(%(person)s, %(checked)s, %(token)s, %(lifetime)s, %(device)s, %(label)s)",
            person=person,
            checked=checked,
            token=digest(token),
            lifetime=timedelta(days=self._settings.session_days),
            device=_device(given.device),
            label=clean_line(given.label, "label"),
        )
        assert row is not None
        user = User(person, row["email"], row["name"], row["role"])
        return SignedIn(token, row["session_id"], row["expires_at"], user)


def wrong_credentials() -> Refused:
    """Return the one answer to an email and a password that do not belong together."""
    return Refused(401, "wrong_credentials", "Email and password do not belong together.")


def member_limits(settings: Settings) -> Jsonb:
    """Return how many members each plan allows, as the database takes it."""
    return Jsonb({plan: settings.member_limit(plan) for plan in ("free", "premium", "enterprise")})


def _device(given: DeviceGiven | None) -> Any:
    if given is None:
        return None
    return Jsonb(
        {
            "id": str(given.id),
            "name": clean_name(given.name, "device.name"),
            "platform": given.platform,
            "app_version": given.app_version,
        }
    )
