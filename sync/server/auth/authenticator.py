"""Who sends a request: a session of ours, or somebody for whom an outside issuer vouches."""

from __future__ import annotations

from datetime import timedelta

from psycopg import sql
from starlette.requests import Request

from sync.server.auth.external import ExternalTokens
from sync.server.auth.tokens import TokenKind, digest, is_token, token_refused
from sync.server.gateway.identity import Identity
from sync.server.gateway.routing import Core

LONGEST_TOKEN = 8192

_SESSION_OF = sql.SQL("select * from gateway.session_of({token}, {lifetime})")


class BearerAuthenticator:
    """Reads ``Authorization: Bearer``."""

    def __init__(self, core: Core, external: ExternalTokens | None) -> None:
        self._database = core.database
        self._lifetime = timedelta(days=core.settings.session_days)
        self._external = external

    async def identify(self, request: Request) -> Identity | None:
        """Return who it is, or None without a token; a token that opens nothing is refused with 401."""
        header = request.headers.get("authorization")
        if header is None:
            return None
        scheme, _, token = header.partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token or len(token) > LONGEST_TOKEN:
            raise token_refused()
        if is_token(token, TokenKind.SESSION):
            return await self._session(token)
        if self._external is not None:
            return await self._external.identify(token)
        raise token_refused()

    async def _session(self, token: str) -> Identity:
        query = _SESSION_OF.format(token=sql.Literal(digest(token)), lifetime=sql.Literal(self._lifetime))
        rows = await self._database.ask_gateway(query)
        if not rows:
            raise token_refused()
        row = rows[0]
        return Identity(row["user_id"], row["role"], row["session_id"])
