"""One's own account: who one is, the name that others see, the password, and an end to it."""

from __future__ import annotations

from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

from sync.server.auth.attempts import Attempts
from sync.server.auth.names import (
    LongText,
    NameText,
    NewPasswordText,
    PasswordText,
    clean_name,
    clean_password,
    clean_text,
)
from sync.server.auth.passwords import Passwords
from sync.server.gateway.database import Connection, fetch_one, fetch_value
from sync.server.gateway.errors import Refused, not_found
from sync.server.gateway.routing import Call, Route
from sync.server.settings import Settings

ERASING_SECONDS = 300
"""An account with a large library takes its time to erase."""


class Me(Struct, frozen=True):
    """The account of who asks."""

    id: UUID
    email: str
    name: str
    role: str
    display_name: str
    """The name that others may see."""
    biography: str | None


class MeChange(Struct, frozen=True, forbid_unknown_fields=True):
    """What to change; what is not named stays."""

    name: NameText | UnsetType = UNSET
    display_name: NameText | UnsetType = UNSET
    biography: LongText | UnsetType | None = UNSET


class PasswordChange(Struct, frozen=True, forbid_unknown_fields=True):
    """The old password and the new one."""

    current_password: PasswordText
    new_password: NewPasswordText


class Erasure(Struct, frozen=True, forbid_unknown_fields=True):
    """The password once more, because nothing brings an erased account back."""

    password: PasswordText


class Account:
    """The routes of one's own account."""

    def __init__(self, settings: Settings, passwords: Passwords, attempts: Attempts) -> None:
        self._settings = settings
        self._passwords = passwords
        self._attempts = attempts

    def routes(self) -> tuple[Route, ...]:
        """Return the routes."""
        return (
            Route("GET", "/v1/me", self.read, "Who I am."),
            Route("PATCH", "/v1/me", self.change, "Change my names."),
            Route("POST", "/v1/me/password", self.change_password, "Change my password; ends my other sessions."),
            Route("POST", "/v1/me/erase", self.erase, "Erase my account.", timeout_seconds=ERASING_SECONDS),
        )

    async def read(self, call: Call) -> Me:
        """Return the account."""
        async with call.database.as_user(call.person) as connection:
            return await _me(connection)

    async def change(self, call: Call, body: MeChange) -> Me:
        """Change names, as the person and under row-level security."""
        async with call.database.as_user(call.person) as connection:
            if body.name is not UNSET:
                await connection.execute(
                    "update users set name = %s where id = auth.uid()", [clean_name(body.name, "name")]
                )
            # An account made outside may have no profile yet.
            await connection.execute(
                "insert into user_profiles (user_id, display_name) select id, name from users where id = auth.uid()"
                " on conflict (user_id) do nothing"
            )
            if body.display_name is not UNSET:
                await connection.execute(
                    "update user_profiles set display_name = %s where user_id = auth.uid()",
                    [clean_name(body.display_name, "display_name")],
                )
            if body.biography is not UNSET:
                words = clean_text(body.biography, "biography") if body.biography else None
                await connection.execute("update user_profiles set biography = %s where user_id = auth.uid()", [words])
            return await _me(connection)

    async def change_password(self, call: Call, body: PasswordChange) -> None:
        """Change the password of who knows it."""
        new = clean_password(body.new_password, least=self._settings.password_min_length, field="new_password")
        checked = await self._check(call, body.current_password)
        stored = await self._passwords.hash(new)
        async with call.database.as_gateway(call.person) as connection:
            await connection.execute(
                "select gateway.change_password(%s, %s, %s)", (checked, stored, call.person.session_id)
            )

    async def erase(self, call: Call, body: Erasure) -> None:
        """Erase the account: what is its owner's alone goes, what others stand on stays without them."""
        checked = await self._check(call, body.password)
        async with call.database.as_gateway(call.person) as connection:
            await connection.execute("select set_config('statement_timeout', %s, true)", [f"{ERASING_SECONDS}s"])
            await connection.execute("select gateway.erase_me(%s)", [checked])

    async def _check(self, call: Call, password: str) -> str:
        """Return the stored hash of the caller, if this is the password."""
        await self._attempts.count(call, f"id {call.person.user_id}")
        async with call.database.as_gateway(call.person) as connection:
            stored = await fetch_value(connection, "select gateway.my_password()")
        if not await self._passwords.matches(stored, password):
            raise Refused(403, "wrong_password", "The password is not right.")
        return str(stored)


async def _me(connection: Connection) -> Me:
    row = await fetch_one(
        connection,
        "select u.id, u.email, u.name, u.role, coalesce(p.display_name, u.name) as display_name, p.biography"
        " from users u left join user_profiles p on p.user_id = u.id where u.id = auth.uid()",
    )
    if row is None:
        raise not_found("This account")
    return Me(**row)
