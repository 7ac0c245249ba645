"""From an entry of the table to what answers requests: who calls, what was sent, the function, the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import psycopg
from psycopg_pool import PoolClosed, PoolTimeout, TooManyRequests
from starlette.requests import Request
from starlette.responses import Response

from sync.server.gateway.addresses import Networks, client_address
from sync.server.gateway.bodies import read_json
from sync.server.gateway.errors import RETRIED, Refused, from_database, from_validation, invalid
from sync.server.gateway.identity import Identity
from sync.server.gateway.responses import json_response
from sync.server.gateway.routing import Authenticator, Call, Core, Route, Who

Endpoint = Callable[[Request], Awaitable[Response]]

RETRIES = 3
"""How often a transaction that met others is run again."""

POOL_FAULTS = (PoolTimeout, PoolClosed, TooManyRequests)


def make_endpoint(route: Route, core: Core, authenticator: Authenticator | None, trusted: Networks) -> Endpoint:
    """Return what answers a route's requests."""
    seconds = core.settings.request_timeout_seconds if route.timeout_seconds is None else route.timeout_seconds

    async def endpoint(request: Request) -> Response:
        request.scope["alexandria.route"] = route.path
        try:
            async with asyncio.timeout(seconds or None):
                identity = await _admit(route, authenticator, request)
                call = Call(request, core, route, identity, client_address(request, trusted))
                return await _answer(call, await _arguments(call))
        except TimeoutError as fault:
            raise Refused(504, "too_slow", "This took too long.") from fault
        except (psycopg.Error, *POOL_FAULTS) as fault:
            refused = from_database(fault)
            if refused is None:
                raise
            raise refused from fault

    return endpoint


async def _admit(route: Route, authenticator: Authenticator | None, request: Request) -> Identity | None:
    if route.who is Who.ANYONE:
        return None
    identity = await authenticator.identify(request) if authenticator is not None else None
    if identity is None and route.who is not Who.VISITOR:
        raise Refused(401, "sign_in_first", "This needs a signed-in person.", {"WWW-Authenticate": "Bearer"})
    if route.who is Who.ADMIN and not (identity and identity.is_admin):
        raise Refused(403, "not_allowed", "Only an administrator of the platform may do that.")
    return identity


async def _arguments(call: Call) -> dict[str, Any]:
    """Return what the function is called with: parameters of the path, query, body."""
    route, request = call.route, call.request
    given = {name: _converted(name, request.path_params[name], route.hints[name]) for name in route.parameters}
    if route.query is not None:
        given["query"] = _query(request, route.query)
    if route.body is not None:
        given["body"] = await read_json(
            request, route.body, call.max_body_bytes, encodings=route.encodings, admits=route.admits
        )
    return given


def _converted(name: str, value: str, kind: Any) -> Any:
    try:
        return msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError as fault:
        raise invalid(name, f"{fault}.") from fault


def _query(request: Request, kind: Any) -> Any:
    names = request.query_params.keys()
    repeated = [name for name in names if len(request.query_params.getlist(name)) > 1]
    if repeated:
        raise invalid(repeated[0], "A parameter is given twice.")
    try:
        return msgspec.convert(dict(request.query_params), kind, strict=False)
    except msgspec.ValidationError as fault:
        raise from_validation(fault) from fault


async def _answer(call: Call, given: dict[str, Any]) -> Response:
    route = call.route
    work = _until_client_leaves if route.ends_with_client else _retried
    found = await work(call, given)
    if isinstance(found, Response):
        return found
    if route.response is None:
        return Response(status_code=204, headers=call.headers)
    return json_response(found, call.request, status=route.success, headers=call.headers)


async def _retried(call: Call, given: dict[str, Any]) -> Any:
    """Run the function; again where its transaction failed only because it met another."""
    # A body that the function reads itself is gone after the first time.
    left = 0 if call.route.consumes else RETRIES
    while True:
        try:
            return await call.route.function(call, **given)
        except RETRIED:
            if left == 0:
                raise
            left -= 1
            await asyncio.sleep(0.01 * (RETRIES - left))


async def _until_client_leaves(call: Call, given: dict[str, Any]) -> Any:
    """Run the function, and drop it when nobody waits for it any more."""
    work = asyncio.ensure_future(_retried(call, given))
    gone = asyncio.ensure_future(_client_left(call.request))
    try:
        await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            return await work
        raise Refused(499, "client_left", "The caller hung up.")
    finally:
        for task in (work, gone):
            task.cancel()
        await asyncio.gather(work, gone, return_exceptions=True)


async def _client_left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
