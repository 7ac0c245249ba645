"""The table of routes: what each is called, who may call it, what it takes and gives.

A route is described by its function: parameters named in the path, a parameter ``body``, a parameter ``query`` and the
return type, all with their types. Requests are decoded and documented from the same description.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol, get_type_hints

from starlette.requests import Request
from starlette.responses import Response

from sync.server.gateway.bodies import stream_body
from sync.server.gateway.database import Database
from sync.server.gateway.identity import Identity
from sync.server.settings import Settings

Handler = Callable[..., Awaitable[Any]]

_PARAMETER = re.compile(r"{(\w+)(?::\w+)?}")


class Who(StrEnum):
    """Who may call a route."""

    ANYONE = "anyone"
    """Nobody is asked who they are."""
    VISITOR = "visitor"
    """Anyone; known by name where the request carries a token."""
    USER = "user"
    ADMIN = "admin"


@dataclass(frozen=True)
class Route:
    """One entry of the table."""

    method: str
    path: str
    function: Handler
    summary: str
    who: Who = Who.USER
    status: int = 200
    """The status of success; 204 where the function returns nothing."""
    max_body_bytes: int | None = None
    """Largest body; None takes the setting."""
    timeout_seconds: float | None = None
    """How long it may take, 0 without end; None takes the setting."""
    consumes: str | None = None
    """Type of a body that the function reads itself by ``call.stream()``."""
    produces: str = "application/json"
    """Type of the answer; anything but JSON is a Response that the function makes itself."""
    ends_with_client: bool = False
    """Whether the work is dropped when the caller hangs up; for questions, never for changes."""
    encodings: Sequence[str] = ()
    """How a JSON body may be compressed."""
    admits: Callable[[bytes], None] | None = None
    """Looks at a JSON body before it is held to its form; raises Refused."""
    tag: str = ""

    @cached_property
    def hints(self) -> Mapping[str, Any]:
        """The types of the function's parameters and of what it returns."""
        return get_type_hints(self.function, include_extras=True)

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters in the path."""
        return tuple(_PARAMETER.findall(self.path))

    @property
    def body(self) -> Any:
        """The type of the JSON body, or None."""
        return self.hints.get("body")

    @property
    def query(self) -> Any:
        """The type that holds the parameters after the question mark, or None."""
        return self.hints.get("query")

    @property
    def response(self) -> Any:
        """The type of the answer: None for an empty one, Response where the function makes it itself."""
        found = self.hints.get("return")
        return None if found is type(None) else found

    @property
    def success(self) -> int:
        """The status of success."""
        return 204 if self.response is None else self.status


class Authenticator(Protocol):
    """Finds out who sends a request."""

    async def identify(self, request: Request) -> Identity | None:
        """Return who it is, or None where the request does not say; raise Refused for a token that opens nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Core:
    """What every part of the server is given to build its routes on."""

    settings: Settings
    database: Database


@dataclass(frozen=True)
class Call:
    """One request on its way through a route's function."""

    request: Request
    core: Core
    route: Route
    identity: Identity | None
    """None only where anyone may call the route."""
    address: str
    """Where it comes from, seen past trusted proxies."""
    headers: dict[str, str] = field(default_factory=dict)
    """Headers to send back with a JSON answer."""

    @property
    def database(self) -> Database:
        """The database."""
        return self.core.database

    @property
    def settings(self) -> Settings:
        """The settings."""
        return self.core.settings

    @property
    def person(self) -> Identity:
        """The person who calls; only in routes that ask for one."""
        if self.identity is None:
            raise RuntimeError(f"{self.route.path} asks who calls it but lets anyone in.")
        return self.identity

    def stream(self) -> AsyncIterator[bytes]:
        """Return the body in pieces, for routes that read it themselves; ends with 413 past the limit."""
        return stream_body(self.request, self.max_body_bytes)

    @property
    def max_body_bytes(self) -> int:
        """The largest body that this route takes."""
        limit = self.route.max_body_bytes
        return self.settings.max_body_bytes if limit is None else limit


@dataclass(frozen=True, slots=True)
class Part:
    """One area of the server: its routes, what must run beside them, and what must be well for it to be ready."""

    routes: Sequence[Route] = ()
    running: Callable[[], AbstractAsyncContextManager[Any]] | None = None
    is_ready: Callable[[], Awaitable[bool]] | None = None
    authenticator: Authenticator | None = None


MakePart = Callable[[Core], Part]
"""What an area offers to ``create_app``; called once with the settings and the database."""

__all__ = ["Authenticator", "Call", "Core", "Handler", "MakePart", "Part", "Response", "Route", "Who"]
