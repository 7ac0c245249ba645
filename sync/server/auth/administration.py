"""The platform's administrators: who has an account, what each may do, who is let in, what organisations pay for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from sync.server.auth.links import Link, link_address
from sync.server.auth.names import EmailText, LineText, clean_email
from sync.server.auth.tokens import TokenKind, digest, new_token
from sync.server.gateway.database import fetch_all, fetch_one, fetch_value
from sync.server.gateway.errors import not_found
from sync.server.gateway.routing import Call, Route, Who

Role = Literal["user", "educator", "creator", "admin"]
Plan = Literal["free", "premium", "enterprise"]


class Account(Struct, frozen=True):
    """An account as an administrator sees it."""

    id: UUID
    email: str
    name: str
    role: str
    created_at: datetime
    is_disabled: bool


class AccountPage(Struct, frozen=True):
    """One page of accounts in the order of their emails."""

    users: list[Account]
    next: str | None
    """What to give as ``after`` for the next page; null at the end."""


class AccountQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which accounts."""

    search: Annotated[LineText, Meta(max_length=255, description="Part of an email or name.")] = ""
    after: Annotated[LineText, Meta(max_length=255)] = ""
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class AccountChange(Struct, frozen=True, forbid_unknown_fields=True):
    """What to change; null stays."""

    role: Role | None = None
    is_disabled: bool | None = None


class PlatformInvitation(Struct, frozen=True, forbid_unknown_fields=True):
    """Who may make an account."""

    email: EmailText


class PlanChange(Struct, frozen=True, forbid_unknown_fields=True):
    """What an organisation's plan becomes."""

    plan_type: Plan


def administration_routes() -> tuple[Route, ...]:
    """Return the routes."""
    return (
        Route("GET", "/v1/admin/users", list_users, "All accounts.", Who.ADMIN),
        Route("PATCH", "/v1/admin/users/{user_id}", change_user, "Give a role; disable or enable.", Who.ADMIN),
        Route("POST", "/v1/admin/invitations", invite, "Invite somebody to make an account.", Who.ADMIN, status=201),
        Route("PATCH", "/v1/admin/organizations/{organization_id}", change_plan, "Change a plan.", Who.ADMIN),
    )


async def list_users(call: Call, query: AccountQuery) -> AccountPage:
    """Return one page of accounts; the policies let administrators see them."""
    async with call.database.as_user(call.person) as connection:
        rows = await fetch_all(
            connection,
            "select id, email, name, role, created_at, deleted_at is not null as is_disabled from users"
            " where email > %(after)s and email not like '%%@erased.invalid'"
            " and (%(search)s = '' or position(lower(%(search)s) in lower(email || ' ' || name)) > 0)"
            " order by email limit %(limit)s",
            after=query.after,
            search=query.search,
            limit=query.limit + 1,
        )
    page = [Account(**row) for row in rows[: query.limit]]
    return AccountPage(page, page[-1].email if len(rows) > query.limit else None)


async def change_user(call: Call, user_id: UUID, body: AccountChange) -> Account:
    """Give a role, or disable an account, which ends its sessions."""
    async with call.database.as_gateway(call.person) as connection:
        await connection.execute("select gateway.set_user(%s, %s, %s)", (user_id, body.role, body.is_disabled))
    async with call.database.as_user(call.person) as connection:
        row = await fetch_one(
            connection,
            "select id, email, name, role, created_at, deleted_at is not null as is_disabled from users"
            " where id = %(id)s",
            id=user_id,
        )
    if row is None:
        raise not_found("This account")
    return Account(**row)


async def invite(call: Call, body: PlatformInvitation) -> Link:
    """Make a link with which one email may sign up."""
    token = new_token(TokenKind.INVITATION)
    async with call.database.as_gateway(call.person) as connection:
        expires_at = await fetch_value(
            connection,
            "select gateway.invite_to_platform(%(email)s, %(token)s, %(lifetime)s)",
            email=clean_email(body.email),
            token=digest(token),
            lifetime=timedelta(days=call.settings.invitation_days),
        )
    return Link(link_address(call.settings, token), token, expires_at)


async def change_plan(call: Call, organization_id: UUID, body: PlanChange) -> None:
    """Change what an organisation pays for."""
    async with call.database.as_gateway(call.person) as connection:
        await connection.execute("select gateway.set_plan(%s, %s)", (organization_id, body.plan_type))
