"""All routes of accounts, put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from sync.server.auth.account import Account
from sync.server.auth.administration import administration_routes
from sync.server.auth.attempts import Attempts
from sync.server.auth.authenticator import BearerAuthenticator
from sync.server.auth.external import ExternalTokens
from sync.server.auth.invitations import Invitations
from sync.server.auth.links import Links
from sync.server.auth.organizations import organization_routes
from sync.server.auth.passwords import Passwords
from sync.server.auth.sessions import session_routes
from sync.server.auth.signing_in import SigningIn
from sync.server.auth.welcome import Welcome
from sync.server.gateway.routing import Core, Part


def make_auth(core: Core, client: httpx.AsyncClient | None = None) -> Part:
    """Return the part of the server that knows people; ``client`` fetches an outside issuer's keys."""
    settings = core.settings
    passwords, attempts = Passwords(settings), Attempts(settings)
    signing_in = SigningIn(settings, passwords, attempts)
    fetcher = client or httpx.AsyncClient(follow_redirects=False)
    external = ExternalTokens(settings, core.database, fetcher) if settings.jwt_issuer else None

    @asynccontextmanager
    async def running() -> AsyncIterator[None]:
        try:
            yield
        finally:
            passwords.close()
            if external is not None:
                await external.close()
            await fetcher.aclose()

    return Part(
        routes=(
            *signing_in.routes(),
            *Account(settings, passwords, attempts).routes(),
            *session_routes(),
            *Links(settings, passwords, attempts, signing_in).routes(),
            *administration_routes(),
            *organization_routes(),
            *Invitations(attempts).routes(),
            *Welcome(settings, attempts).routes(),
        ),
        running=running,
        authenticator=BearerAuthenticator(core, external),
    )
