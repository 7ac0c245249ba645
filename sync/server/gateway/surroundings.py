"""What happens around every request: an id, a log line, the figures, safe headers, an answer whatever goes wrong."""

from __future__ import annotations

import re
import secrets
import time

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync.server.gateway.addresses import Networks, client_address, truncated
from sync.server.gateway.errors import Refused
from sync.server.gateway.logs import fault_place, get_logger
from sync.server.gateway.metrics import Metrics
from sync.server.gateway.responses import error_response

LOG = get_logger(__name__)

REQUEST_ID = "X-Request-ID"
UNROUTED = "-"

_GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_HSTS = {"Strict-Transport-Security": "max-age=31536000"}


class Surroundings:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, trusted: Networks, is_https: bool) -> None:
        self._app = app
        self._metrics = metrics
        self._trusted = trusted
        self._headers = _SAFE_HEADERS | (_HSTS if is_https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        number = _request_id(request)
        answer = _Answer(send, {REQUEST_ID: number, **self._headers})
        began = time.perf_counter()
        self._metrics.begin()
        try:
            await self._app(scope, receive, answer)
        except Exception as fault:  # the edge of the program: nothing may pass it unanswered
            LOG.error("fault", request_id=number, **fault_place(fault))
            if answer.started:
                raise  # half an answer cannot be taken back; the server cuts the connection
            await _fault_response(number)(scope, receive, answer)
        finally:
            self._note(request, number, answer.status, time.perf_counter() - began)

    def _note(self, request: Request, number: str, status: int, seconds: float) -> None:
        route = str(request.scope.get("alexandria.route", UNROUTED))
        method = request.method if request.method in _METHODS else "OTHER"
        self._metrics.end(method, route, status, seconds)
        LOG.info(
            "request",
            request_id=number,
            method=method,
            route=route,
            status=status,
            ms=round(seconds * 1000, 1),
            network=truncated(client_address(request, self._trusted)),
        )


class _Answer:
    """Sends an answer with headers that every answer has, and remembers its status."""

    def __init__(self, send: Send, headers: dict[str, str]) -> None:
        self._send = send
        self._headers = headers
        self.started = False
        self.status = 499
        """Until there is an answer, as if the caller had left."""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in self._headers.items():
                headers.setdefault(name, value)
        await self._send(message)


def _request_id(request: Request) -> str:
    given = request.headers.get(REQUEST_ID, "")
    return given if _GIVEN_ID.fullmatch(given) else secrets.token_hex(16)


def _fault_response(number: str) -> Response:
    return error_response(Refused(500, "fault", f"Something went wrong here; its number is {number}."))
