"""Tokens of an outside issuer (Supabase or any OIDC provider): signature, issuer, audience and times are checked."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import httpx
import jwt
from jwt import PyJWK, PyJWTError

from sync.server.auth.names import clean_email, clean_name
from sync.server.auth.tokens import token_refused
from sync.server.gateway.database import Database, fetch_one
from sync.server.gateway.errors import Refused
from sync.server.gateway.identity import Identity
from sync.server.gateway.logs import get_logger
from sync.server.settings import Settings, SettingsError

LOG = get_logger(__name__)

KEYS_KEPT_SECONDS = 600.0
KEYS_ASKED_AGAIN_SECONDS = 30.0
"""A token that names an unknown key has the keys asked for again, but not more often than this."""
LEEWAY_SECONDS = 30
SHORTEST_SECRET = 32
"""Bytes; a shorter one can be guessed from any token."""
_ALGORITHMS = {"RSA": "RS256", "EC": "ES256"}
"""By the kind of a published key; what a token says of itself is never believed."""


class ExternalTokens:
    """Checks tokens and knows whom they mean."""

    def __init__(self, settings: Settings, database: Database, client: httpx.AsyncClient) -> None:
        self._settings = settings
        self._database = database
        self._keys = PublishedKeys(settings.jwt_jwks_url, client) if settings.jwt_jwks_url else None
        if self._keys is None and len(settings.jwt_secret.encode()) < SHORTEST_SECRET:
            raise SettingsError(f"JWT_ISSUER needs JWT_JWKS_URL, or a JWT_SECRET of {SHORTEST_SECRET} bytes or more.")

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
        algorithm = _ALGORITHMS.get(key.key_type or "") if key is not None else None
        if key is None or algorithm is None:
            raise token_refused()
        return key, algorithm


class PublishedKeys:
    """The issuer's keys, kept for a while and asked for again when a token names a new one."""

    def __init__(self, url: str, client: httpx.AsyncClient) -> None:
        self._url = url
        self._client = client
        self._keys: dict[str | None, PyJWK] = {}
        self._asked = float("-inf")
        self._lock = asyncio.Lock()

    async def find(self, kid: object) -> PyJWK | None:
        """Return the key of this id."""
        wanted = kid if isinstance(kid, str) else None
        async with self._lock:
            age = time.monotonic() - self._asked
            if age > KEYS_KEPT_SECONDS or (wanted not in self._keys and age > KEYS_ASKED_AGAIN_SECONDS):
                await self._ask()
        return self._keys.get(wanted)

    async def _ask(self) -> None:
        self._asked = time.monotonic()
        try:
            answer = await self._client.get(self._url, timeout=5.0)
            answer.raise_for_status()
            published = answer.json()["keys"]
            found = {one.get("kid"): PyJWK(one, _ALGORITHMS.get(one.get("kty"))) for one in published if _signs(one)}
        except (httpx.HTTPError, ValueError, KeyError, AttributeError, TypeError, PyJWTError) as fault:
            # The keys that are known go on working.
            LOG.warning("keys_not_fetched", fault=type(fault).__name__)
            if not self._keys:
                raise Refused(503, "issuer_unavailable", "The issuer of tokens does not answer.") from fault
            return
        self._keys = found


def _signs(key: Mapping[str, Any]) -> bool:
    curve_fits = key.get("kty") != "EC" or key.get("crv") == "P-256"
    return key.get("kty") in _ALGORITHMS and key.get("use", "sig") == "sig" and curve_fits


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
