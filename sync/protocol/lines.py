"""Bodies of many rows: a header, one JSON line for each thing told, and a footer that proves that nothing was cut.

{"to": 7, "more": false, …}
["row", "user_notes", {…}]
["leave", "books", "018f…"]
{"count": 2, "sha256": "…"}
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

LINES = "application/x-ndjson"


class BodyCutError(Exception):
    """A body ends before its footer, or is not what its footer says."""


def framed(header: dict[str, Any], lines: Iterable[bytes]) -> bytes:
    """Return a body; ``lines`` are JSON without line ends."""
    middle = [line + b"\n" for line in lines]
    footer = {"count": len(middle), "sha256": hashlib.sha256(b"".join(middle)).hexdigest()}
    return b"".join([orjson.dumps(header), b"\n", *middle, orjson.dumps(footer), b"\n"])


def unframed(body: bytes) -> tuple[dict[str, Any], Iterator[list[Any]]]:
    """Return the header and the lines, decoded one at a time. Raises BodyCutError before the first is given."""
    head_end = body.find(b"\n") + 1
    foot_begin = body.rfind(b"\n", 0, len(body) - 1) + 1
    if not body.endswith(b"\n") or head_end == 0 or foot_begin < head_end:
        raise BodyCutError("The body has no footer.")
    middle = body[head_end:foot_begin]
    try:
        header, footer = orjson.loads(body[:head_end]), orjson.loads(body[foot_begin:])
        is_whole = footer == {"count": middle.count(b"\n"), "sha256": hashlib.sha256(middle).hexdigest()}
    except orjson.JSONDecodeError as fault:
        raise BodyCutError("The body's first or last line is no JSON.") from fault
    if not is_whole or not isinstance(header, dict):
        raise BodyCutError("The body is not what its footer says.")
    return header, map(orjson.loads, middle.splitlines())
