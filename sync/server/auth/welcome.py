"""The page that a one-time link opens in a browser, and what it asks of the link."""

from __future__ import annotations

from importlib.resources import files
from typing import Literal

from msgspec import Struct
from starlette.responses import Response

from sync.server.auth.attempts import Attempts
from sync.server.auth.names import TokenText
from sync.server.auth.tokens import digest
from sync.server.gateway.database import fetch_one
from sync.server.gateway.errors import Refused
from sync.server.gateway.routing import Call, Route, Who
from sync.server.settings import Settings

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


class LinkToken(Struct, frozen=True, forbid_unknown_fields=True):
    """What stands behind the # of a link."""

    token: TokenText


class LinkKind(Struct, frozen=True):
    """What a link is for."""

    kind: Literal["first_admin", "password_reset", "invitation"]
    email: str | None
    """Whom an invitation was made for."""
    password_least: int
    """How many characters a password needs here."""


class Welcome:
    """The routes."""

    def __init__(self, settings: Settings, attempts: Attempts) -> None:
        self._password_least = settings.password_min_length
        self._attempts = attempts
        folder = files(__package__)
        self._page, self._script, self._style = (
            folder.joinpath(f"welcome.{kind}").read_bytes() for kind in ("html", "js", "css")
        )

    def routes(self) -> tuple[Route, ...]:
        """Return the routes."""
        return (
            Route("GET", "/welcome", self.page, "The page of a one-time link.", Who.ANYONE, produces="text/html"),
            Route("GET", "/welcome.js", self.script, "Its script.", Who.ANYONE, produces="text/javascript"),
            Route("GET", "/welcome.css", self.style, "Its style.", Who.ANYONE, produces="text/css"),
            Route("POST", "/v1/links/look", self.look, "What a one-time link is for.", Who.ANYONE),
        )

    async def page(self, _call: Call) -> Response:
        """Return the page; it holds nothing of anybody."""
        return Response(self._page, media_type="text/html", headers={"Content-Security-Policy": _POLICY})

    async def script(self, _call: Call) -> Response:
        """Return its script."""
        return Response(self._script, media_type="text/javascript")

    async def style(self, _call: Call) -> Response:
        """Return its style."""
        return Response(self._style, media_type="text/css")

    async def look(self, call: Call, body: LinkToken) -> LinkKind:
        """Say what a link is for, without using it."""
        await self._attempts.count(call)
        async with call.database.as_gateway() as connection:
            row = await fetch_one(connection, "select * from gateway.link_kind(%(token)s)", token=digest(body.token))
        if row is None:
            raise Refused(403, "link_spent", "This link was used, has expired, or never was one.")
        return LinkKind(**row, password_least=self._password_least)
