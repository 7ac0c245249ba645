"""The web application, put together from its parts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as StarletteRoute

from sync.server.gateway.addresses import parse_networks
from sync.server.gateway.database import Database
from sync.server.gateway.endpoint import Endpoint, make_endpoint
from sync.server.gateway.errors import Refused
from sync.server.gateway.health import Health
from sync.server.gateway.metrics import Metrics
from sync.server.gateway.openapi import build_document
from sync.server.gateway.responses import error_response
from sync.server.gateway.routing import Core, MakePart, Part, Route
from sync.server.gateway.surroundings import REQUEST_ID, Surroundings
from sync.server.settings import Settings

_MAY_SEND = ("Authorization", "Content-Type", "Range", "If-Range", "If-None-Match", "Upload-Offset", REQUEST_ID)
_MAY_READ = (
    "Retry-After", "Location", "ETag", "Accept-Ranges", "Content-Range", "Content-Disposition",
    "Upload-Offset", "Upload-Length", "Upload-Complete", REQUEST_ID,
)  # fmt: skip
"""What scripts of other origins may set and see beside what every one may."""

_WORDS = {404: ("not_found", "There is nothing here."), 405: ("wrong_method", "This cannot be done here.")}


def create_app(settings: Settings, parts: Sequence[MakePart]) -> Starlette:
    """Return the application: its parts' routes over one pool, which opens and closes with it."""
    database = Database(settings)
    core = Core(settings, database)
    made = [make(core) for make in parts]
    trusted = parse_networks(settings.trusted_proxies)
    metrics = Metrics(database.figures)
    health = Health(database, metrics, [part.is_ready for part in made if part.is_ready])
    table = [*health.routes(), *(route for part in made for route in part.routes)]
    health.describe(build_document(table, settings))
    authenticator = next((part.authenticator for part in made if part.authenticator), None)
    make_one = partial(make_endpoint, core=core, authenticator=authenticator, trusted=trusted)
    app = Starlette(
        routes=[_mounted(path, endpoints) for path, endpoints in sorted(_by_path(table, make_one).items(), key=_named)],
        middleware=[
            Middleware(
                Surroundings, metrics=metrics, trusted=trusted, is_https=settings.public_url.startswith("https:")
            ),
            *_cross_origin(settings),
        ],
        exception_handlers={Refused: _answer_refused, HTTPException: _answer_unrouted},
        lifespan=_lifespan(database, made),
    )
    # A path that is not quite right is a 404; the address of a redirect would come from the caller's Host header.
    app.router.redirect_slashes = False
    app.state.routes = tuple(table)
    app.state.core = core
    return app


def _mounted(path: str, endpoints: Mapping[str, Endpoint]) -> StarletteRoute:
    """Return one route for all methods of a path, so that a wrong method is told of the right ones.

    It takes every method itself: else a wrong one would go on to a path with a parameter that fits as well.
    """
    allowed = sorted({*endpoints, *(["HEAD"] if "GET" in endpoints else [])})

    async def dispatch(request: Request) -> Response:
        endpoint = endpoints.get("GET" if request.method == "HEAD" else request.method)
        if endpoint is None:
            raise HTTPException(405, headers={"Allow": ", ".join(allowed)})
        return await endpoint(request)

    found = StarletteRoute(path, dispatch)
    found.methods = set()
    return found


def _named(mounted: tuple[str, object]) -> list[bool]:
    """Return a key that puts a path with a name before one that has a parameter in its place."""
    return ["{" in part for part in mounted[0].split("/")]


def _by_path(table: Sequence[Route], make: Callable[[Route], Endpoint]) -> Mapping[str, Mapping[str, Endpoint]]:
    found: dict[str, dict[str, Endpoint]] = {}
    for route in table:
        methods = found.setdefault(route.path, {})
        if route.method in methods:
            raise ValueError(f"{route.method} {route.path} is declared twice.")
        methods[route.method] = make(route)
    return found


def _cross_origin(settings: Settings) -> list[Middleware]:
    if not settings.allowed_origins:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=settings.allowed_origins,
            # HEAD is asked about beforehand as well, because it carries a token.
            allow_methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=_MAY_SEND,
            expose_headers=_MAY_READ,
            max_age=3600,
        )
    ]


def _lifespan(database: Database, parts: Sequence[Part]) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(database.close)
            await database.open()
            for part in parts:
                if part.running is not None:
                    await stack.enter_async_context(part.running())
            yield

    return lifespan


async def _answer_refused(_request: Request, refused: Exception) -> Response:
    assert isinstance(refused, Refused)
    return error_response(refused)


async def _answer_unrouted(_request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)
    code, sentence = _WORDS.get(fault.status_code, ("refused", fault.detail))
    return error_response(Refused(fault.status_code, code, sentence, fault.headers))
