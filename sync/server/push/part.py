"""The route of batches."""

from __future__ import annotations

from sync.protocol.compression import ENCODINGS
from sync.protocol.lines import LINES
from sync.protocol.version import PRESENT, Edition
from sync.server.feeds.versions import served_by
from sync.server.gateway.routing import Core, Part, Route
from sync.server.push.receiving import Pushing

LARGEST_BATCH = 64 * 1024**2
"""Bytes; a batch has five hundred operations, and a long note some hundred thousand characters."""


def make_push(_core: Core, *, edition: Edition = PRESENT) -> Part:
    """Return the part of the server that takes changes from devices."""
    return Part(
        routes=(
            Route(
                "POST",
                "/v1/push",
                Pushing(edition).push,
                "Hand in a batch of changes; the answer, as JSON lines, judges each and has the rows as they are now.",
                max_body_bytes=LARGEST_BATCH,
                produces=LINES,
                encodings=ENCODINGS,
                admits=served_by(edition),
                tag="sync",
            ),
        )
    )
