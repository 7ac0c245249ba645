"""Answers, compressed where they are large and the caller can read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from sync.protocol.compression import ENCODINGS, accepted_encodings, compressed
from sync.protocol.lines import LINES
from sync.server.gateway.errors import ErrorBody, Refusal, Refused


def json_response(
    value: Any, request: Request, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a value as a JSON answer."""
    sent = {"Content-Type": "application/json", **(headers or {})}
    return _response(msgspec.json.encode(value), request, status, sent, zstd_level=3, gzip_level=6)


def lines_response(body: bytes, request: Request) -> Response:
    """Return framed lines as an answer, which also says how the next body may be compressed."""
    return _response(body, request, 200, {"Content-Type": LINES, "Accept-Encoding": ", ".join(ENCODINGS)})


def error_response(refused: Refused) -> Response:
    """Return the answer to a refused request."""
    body = msgspec.json.encode(ErrorBody(Refusal(refused.code, refused.sentence)))
    return Response(body, refused.status, {"Content-Type": "application/json", **refused.headers})


def _response(body: bytes, request: Request, status: int, headers: Mapping[str, str], **levels: int) -> Response:
    accepted = accepted_encodings(request.headers.get("accept-encoding", ""))
    sent, encoding = compressed(body, accepted, **levels)
    named = {"Content-Encoding": encoding} if encoding else {}
    return Response(sent, status, {"Vary": "Accept-Encoding", **headers, **named})
