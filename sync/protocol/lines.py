"""Bodies of many rows: a header, one JSON line for each thing told, and a footer that proves that nothing was cut.

{"to": 7, "more": false, …}
["row", "user_notes", {…}]
["rows", "books", ["id", "isbn", …], [["018f…", null, …], …]]
["leave", "books", "018f…"]
{"count": 3, "sha256": "…"}

``row`` and ``rows`` mean the same; many rows of one table are shorter and quicker to read without their names.
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
    """Return the header and the lines, each row as a line of its own. Raises BodyCutError before the first is given."""
    header, lines = opened(body)
    return header, _spread(lines)


def opened(body: bytes) -> tuple[dict[str, Any], Iterator[list[Any]]]:
    """Return the header and the lines as they are, decoded one at a time. Raises BodyCutError before the first."""
    head_end = body.find(b"\n") + 1
    foot_begin = body.rfind(b"\n", 0, len(body) - 1) + 1
    if not body.endswith(b"\n") or head_end == 0 or foot_begin < head_end:
        raise BodyCutError("The body has no footer.")
    middle = memoryview(body)[head_end:foot_begin]
    try:
        header, footer = orjson.loads(body[:head_end]), orjson.loads(body[foot_begin:])
        count = body.count(b"\n", head_end, foot_begin)
        is_whole = footer == {"count": count, "sha256": hashlib.sha256(middle).hexdigest()}
    except orjson.JSONDecodeError as fault:
        raise BodyCutError("The body's first or last line is no JSON.") from fault
    if not is_whole or not isinstance(header, dict):
        raise BodyCutError("The body is not what its footer says.")
    return header, _decoded(body, head_end, foot_begin)


def _decoded(body: bytes, begin: int, end: int) -> Iterator[list[Any]]:
    view = memoryview(body)
    while begin < end:
        line_end = body.index(b"\n", begin)
        yield orjson.loads(view[begin:line_end])
        begin = line_end + 1


def _spread(lines: Iterable[list[Any]]) -> Iterator[list[Any]]:
    for line in lines:
        if line[0] == "rows":
            _, name, columns, rows = line
            for row in rows:
                yield ["row", name, dict(zip(columns, row, strict=True))]
        else:
            yield line
