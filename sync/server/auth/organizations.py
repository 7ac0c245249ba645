"""Organisations and their members."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg.types.json import Jsonb

from sync.server.auth.names import NameText, clean_name
from sync.server.gateway.database import fetch_all, fetch_value
from sync.server.gateway.errors import not_found
from sync.server.gateway.routing import Call, Route

MemberRole = Literal["member", "admin", "owner"]


class OrganizationName(Struct, frozen=True, forbid_unknown_fields=True):
    """What an organisation is called."""

    name: NameText


class Permissions(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a member may do beyond their role; kept in ``user_organizations.permissions``."""

    invite: bool = False
    """Invite further members."""


class Organization(Struct, frozen=True):
    """An organisation as its member sees it."""

    id: UUID
    name: str
    plan_type: str
    created_at: datetime
    role: str
    permissions: Permissions


class OrganizationList(Struct, frozen=True):
    """The organisations of who asks."""

    organizations: list[Organization]


class Member(Struct, frozen=True):
    """A member as other members see them."""

    user_id: UUID
    display_name: str | None
    role: str
    permissions: Permissions
    joined_at: datetime


class MemberList(Struct, frozen=True):
    """All members."""

    members: list[Member]


class MemberChange(Struct, frozen=True, forbid_unknown_fields=True):
    """What to change; null stays."""

    role: MemberRole | None = None
    permissions: Permissions | None = None


def organization_routes() -> tuple[Route, ...]:
    """Return the routes."""
    one = "/v1/organizations/{organization_id}"
    return (
        Route("POST", "/v1/organizations", create, "Make an organisation, and own it.", status=201),
        Route("GET", "/v1/organizations", list_mine, "My organisations."),
        Route("PATCH", one, rename, "Rename an organisation."),
        Route("DELETE", one, delete, "Delete an organisation; its owners may."),
        Route("GET", f"{one}/members", list_members, "The members."),
        Route("PATCH", f"{one}/members/{{user_id}}", change_member, "Change a member's role or permissions."),
        Route("DELETE", f"{one}/members/{{user_id}}", remove_member, "Remove a member."),
        Route("POST", f"{one}/leave", leave, "Leave an organisation."),
    )


async def create(call: Call, body: OrganizationName) -> Organization:
    """Make an organisation owned by who asks."""
    async with call.database.as_gateway(call.person) as connection:
        made = await fetch_value(connection, "select gateway.create_organization(%(name)s)", name=clean_name(body.name))
    return await organization_of(call, made)


async def list_mine(call: Call) -> OrganizationList:
    """Return the organisations that the person belongs to."""
    return OrganizationList(await _all_mine(call))


async def rename(call: Call, organization_id: UUID, body: OrganizationName) -> Organization:
    """Rename an organisation; its owners and administrators may."""
    name = clean_name(body.name)
    async with call.database.as_gateway(call.person) as connection:
        await connection.execute("select gateway.rename_organization(%s, %s)", (organization_id, name))
    return await organization_of(call, organization_id)


async def delete(call: Call, organization_id: UUID) -> None:
    """Delete an organisation; what belongs to it stays its makers'."""
    async with call.database.as_gateway(call.person) as connection:
        await connection.execute("select gateway.delete_organization(%s)", [organization_id])


async def list_members(call: Call, organization_id: UUID) -> MemberList:
    """Return the members, as the policies show them to the person."""
    async with call.database.as_user(call.person) as connection:
        rows = await fetch_all(
            connection,
            "select m.user_id, p.display_name, m.role, m.permissions, m.created_at as joined_at"
            " from user_organizations m join organizations o on o.id = m.org_id and o.deleted_at is null"
            " left join user_profiles p on p.user_id = m.user_id"
            " where m.org_id = %(id)s order by m.created_at, m.user_id",
            id=organization_id,
        )
    if not rows:
        raise not_found("This organisation")
    return msgspec.convert({"members": rows}, MemberList, strict=False)


async def change_member(call: Call, organization_id: UUID, user_id: UUID, body: MemberChange) -> MemberList:
    """Change a member; only an owner makes or changes owners, and the last one stays."""
    permissions = None if body.permissions is None else Jsonb(msgspec.to_builtins(body.permissions))
    async with call.database.as_gateway(call.person) as connection:
        await connection.execute(
            "select gateway.set_member(%s, %s, %s, %s)", (organization_id, user_id, body.role, permissions)
        )
    return await list_members(call, organization_id)


async def remove_member(call: Call, organization_id: UUID, user_id: UUID) -> None:
    """Remove a member."""
    async with call.database.as_gateway(call.person) as connection:
        await connection.execute("select gateway.remove_member(%s, %s)", (organization_id, user_id))


async def leave(call: Call, organization_id: UUID) -> None:
    """Leave; the last owner cannot."""
    await remove_member(call, organization_id, call.person.user_id)


async def _all_mine(call: Call) -> list[Organization]:
    async with call.database.as_user(call.person) as connection:
        rows = await fetch_all(
            connection,
            "select o.id, o.name, o.plan_type, o.created_at, m.role, m.permissions"
            " from user_organizations m join organizations o on o.id = m.org_id and o.deleted_at is null"
            " where m.user_id = auth.uid() order by o.name, o.id",
        )
    return msgspec.convert(rows, list[Organization])


async def organization_of(call: Call, organization: UUID | None) -> Organization:
    """Return one of the organisations that the person belongs to."""
    found = next((one for one in await _all_mine(call) if one.id == organization), None)
    if found is None:
        raise not_found("This organisation")
    return found
