"""JSON answers, compressed where they are large and the caller can read it."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from typing import Any

import msgspec
import zstandard
from starlette.requests import Request
from starlette.responses import Response

from sync.server.gateway.errors import ErrorBody, Refusal, Refused

WORTH_COMPRESSING = 2048
"""Bytes below which compressing costs more than it saves."""

_QUALITY_ZERO = re.compile(r";\s*q=0(\.0*)?\s*$")


def json_response(
    value: Any, request: Request, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a value as a JSON answer."""
    body = msgspec.json.encode(value)
    sent = {"Content-Type": "application/json", "Vary": "Accept-Encoding", **(headers or {})}
    if len(body) >= WORTH_COMPRESSING:
        accepted = accepted_encodings(request.headers.get("accept-encoding", ""))
        if "zstd" in accepted:
            body, sent["Content-Encoding"] = zstandard.compress(body, 3), "zstd"
        elif "gzip" in accepted:
            body, sent["Content-Encoding"] = gzip.compress(body, 6, mtime=0), "gzip"
    return Response(body, status, sent)


def error_response(refused: Refused) -> Response:
    """Return the answer to a refused request."""
    body = msgspec.json.encode(ErrorBody(Refusal(refused.code, refused.sentence)))
    return Response(body, refused.status, {"Content-Type": "application/json", **refused.headers})


def accepted_encodings(header: str) -> frozenset[str]:
    """Return the encodings that an Accept-Encoding header names and does not rule out."""
    parts = (part.strip().lower() for part in header.split(","))
    return frozenset(part.partition(";")[0].strip() for part in parts if not _QUALITY_ZERO.search(part))
