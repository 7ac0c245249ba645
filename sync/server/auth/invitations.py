"""Invitations to an organisation."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from sync.server.auth.attempts import Attempts
from sync.server.auth.links import link_address
from sync.server.auth.names import EmailText, TokenText, clean_email
from sync.server.auth.organizations import MemberRole, Organization, organization_of
from sync.server.auth.signing_in import member_limits
from sync.server.auth.tokens import TokenKind, digest, new_token
from sync.server.gateway.database import fetch_all, fetch_one, fetch_value
from sync.server.gateway.routing import Call, Route


class Invite(Struct, frozen=True, forbid_unknown_fields=True):
    """Who is invited, and as what."""

    email: EmailText
    role: MemberRole = "member"


class Invited(Struct, frozen=True):
    """A new invitation; its link is told once, to who made it, who hands it on."""

    id: UUID
    link: str
    token: str
    expires_at: datetime


class Invitation(Struct, frozen=True):
    """An open invitation."""

    id: UUID
    email: str
    role: str
    invited_by: UUID | None
    created_at: datetime
    expires_at: datetime


class InvitationList(Struct, frozen=True):
    """All open invitations."""

    invitations: list[Invitation]


class Acceptance(Struct, frozen=True, forbid_unknown_fields=True):
    """The token of the invitation."""

    token: TokenText


class Invitations:
    """The routes of invitations."""

    def __init__(self, attempts: Attempts) -> None:
        self._attempts = attempts

    def routes(self) -> tuple[Route, ...]:
        """Return the routes."""
        one = "/v1/organizations/{organization_id}/invitations"
        return (
            Route("POST", one, self.invite, "Invite somebody by email.", status=201),
            Route("GET", one, self.list, "Open invitations."),
            Route("DELETE", f"{one}/{{invitation_id}}", self.revoke, "Withdraw an invitation."),
            Route("POST", "/v1/invitations/accept", self.accept, "Join by an invitation."),
        )

    async def invite(self, call: Call, organization_id: UUID, body: Invite) -> Invited:
        """Invite an email; a new invitation takes the place of an open one."""
        token = new_token(TokenKind.INVITATION)
        async with call.database.as_gateway(call.person) as connection:
            row = await fetch_one(
                connection,
                "select * from gateway.invite"
                "(%(organization)s, %(email)s, %(role)s, %(token)s, %(lifetime)s, %(limits)s)",
                organization=organization_id,
                email=clean_email(body.email),
                role=body.role,
                token=digest(token),
                lifetime=timedelta(days=call.settings.invitation_days),
                limits=member_limits(call.settings),
            )
        assert row is not None
        return Invited(row["id"], link_address(call.settings, token), token, row["expires_at"])

    async def list(self, call: Call, organization_id: UUID) -> InvitationList:
        """Return open invitations to those who manage the organisation."""
        async with call.database.as_gateway(call.person) as connection:
            rows = await fetch_all(connection, "select * from gateway.invitations_of(%(id)s)", id=organization_id)
        return InvitationList([Invitation(**row) for row in rows])

    async def revoke(self, call: Call, organization_id: UUID, invitation_id: UUID) -> None:
        """Withdraw an open invitation."""
        async with call.database.as_gateway(call.person) as connection:
            await connection.execute("select gateway.revoke_invitation(%s, %s)", (organization_id, invitation_id))

    async def accept(self, call: Call, body: Acceptance) -> Organization:
        """Join the organisation, if the invitation was made for the caller's email."""
        await self._attempts.count(call, f"id {call.person.user_id}")
        async with call.database.as_gateway(call.person) as connection:
            joined = await fetch_value(
                connection,
                "select gateway.accept_invitation(%(token)s, %(limits)s)",
                token=digest(body.token),
                limits=member_limits(call.settings),
            )
        return await organization_of(call, joined)
