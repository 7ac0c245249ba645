"""Bodies of requests, never read past their limit."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import msgspec
from starlette.requests import ClientDisconnect, Request

from sync.protocol.compression import BodyDamagedError, BodyTooLargeError, expanded
from sync.server.gateway.errors import Refused, from_validation


async def stream_body(request: Request, limit: int) -> AsyncIterator[bytes]:
    """Yield the body in pieces; a body longer than ``limit`` is refused as soon as that is known."""
    if _declared_length(request) > limit:
        raise _too_large(limit)
    received = 0
    try:
        async for piece in request.stream():
            received += len(piece)
            if received > limit:
                raise _too_large(limit)
            if piece:
                yield piece
    except ClientDisconnect as fault:
        raise Refused(400, "body_cut", "The connection ended before the body did.") from fault


async def read_json(
    request: Request,
    kind: Any,
    limit: int,
    *,
    encodings: Sequence[str] = (),
    admits: Callable[[bytes], None] | None = None,
) -> Any:
    """Return the JSON body as a value of a type; ``admits`` sees it first and may refuse it."""
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != "application/json":
        raise Refused(415, "not_json", "This route takes a body of type application/json.")
    encoding = request.headers.get("content-encoding", "identity").lower()
    if encoding not in ("identity", *encodings):
        raise _wrong_encoding(encodings)
    body = b"".join([piece async for piece in stream_body(request, limit)])
    if encoding != "identity":
        body = _opened(body, encoding, limit)
    if admits is not None:
        admits(body)
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as fault:
        raise from_validation(fault) from fault
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise Refused(400, "broken_json", "The body is not sound JSON.") from fault
    except RecursionError as fault:
        raise Refused(400, "broken_json", "The body is nested too deeply.") from fault


def _opened(body: bytes, encoding: str, limit: int) -> bytes:
    try:
        return expanded(body, encoding, limit)
    except BodyTooLargeError as fault:
        raise _too_large(limit) from fault
    except BodyDamagedError as fault:
        raise Refused(400, "body_damaged", f"The body is no sound {encoding}.") from fault


def _wrong_encoding(encodings: Sequence[str]) -> Refused:
    if not encodings:
        return Refused(415, "encoded_body", "This route takes no compressed body.")
    named = ", ".join(encodings)
    return Refused(415, "encoded_body", f"This route takes bodies of {named}.", {"Accept-Encoding": named})


def _declared_length(request: Request) -> int:
    declared = request.headers.get("content-length", "0")
    return int(declared) if declared.isdigit() else 0


def _too_large(limit: int) -> Refused:
    return Refused(413, "body_too_large", f"The body may have {limit} bytes at most.", {"Connection": "close"})
