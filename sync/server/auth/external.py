"""Tokens of an outside issuer (Supabase or any OIDC provider): signature, issuer, audience and times are checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import jwt
from jwt import PyJWTError

from sync.server.auth.names import clean_email, clean_name
from sync.server.auth.published_keys import ALGORITHMS, PublishedKeys
from sync.server.auth.tokens import token_refused
from sync.server.gateway.database import Database, fetch_one
from sync.server.gateway.errors import Refused
from sync.server.gateway.identity import Identity
from sync.server.settings import Settings, SettingsError

LEEWAY_SECONDS = 30
SHORTEST_SECRET = 32
"""Bytes; a shorter one can be guessed from any token."""


class ExternalTokens:
    """Checks tokens and knows whom they mean."""

    def __init__(self, settings: Settings, database: Database, client: httpx.AsyncClient) -> None:
        self._settings = settings
        self._database = database
        self._keys = PublishedKeys(settings.jwt_jwks_url, client) if settings.jwt_jwks_url else None
        if self._keys is None and len(settings.jwt_secret.encode()) < SHORTEST_SECRET:
            raise SettingsError(f"JWT_ISSUER needs JWT_JWKS_URL, or a JWT_SECRET of {SHORTEST_SECRET} bytes or more.")

    async def close(self) -> None:
        """Stop asking for keys."""
        if self._keys is not None:
            await self._keys.close()

    async def identify(self, token: str) -> Identity:
        """Return whom a token means; the first one makes their account."""
        claims = await self._checked(token)
        if claims.get("role", "authenticated") != "authenticated" or not isinstance(claims["sub"], str):
            raise token_refused()
        email = claims.get("email")
        email = clean_email(email) if isinstance(email, str) and email else None
        async with self._database.as_gateway() as connection:
            row = await fetch_one(
                connection,
                "select * from gateway.external_person(%(issuer)s, %(subject)s, %(email)s, %(name)s)",
                issuer=claims["iss"],
                subject=claims["sub"],
                email=email,
                name=_name(claims, email),
            )
        if row is None:
            raise token_refused()
        return Identity(row["user_id"], row["role"])

    async def _checked(self, token: str) -> Mapping[str, Any]:
        try:
            key, algorithm = await self._key(jwt.get_unverified_header(token))
            claims: Mapping[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[algorithm],
                audience=self._settings.jwt_audience,
                issuer=self._settings.jwt_issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "sub", "iss", "aud"]},
            )
        except PyJWTError as fault:
            raise token_refused() from fault
        return claims

    async def _key(self, header: Mapping[str, Any]) -> tuple[Any, str]:
        if self._keys is None:
            return self._settings.jwt_secret, "HS256"
        key = await self._keys.find(header.get("kid"))
        algorithm = ALGORITHMS.get(key.key_type or "") if key is not None else None
        if key is None or algorithm is None:
            raise token_refused()
        return key, algorithm


def _name(claims: Mapping[str, Any], email: str | None) -> str:
    more = claims.get("user_metadata")
    told = more if isinstance(more, dict) else {}
    for name in (claims.get("name"), told.get("full_name"), told.get("name")):
        if isinstance(name, str) and 0 < len(name.strip()) <= 255:
            try:
                return clean_name(name)
            except Refused:
                continue
    return (email or "").partition("@")[0] or "?"
