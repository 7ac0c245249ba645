"""The routes of feeds."""

from __future__ import annotations

from sync.protocol.lines import LINES
from sync.server.feeds.pull import pull
from sync.server.gateway.routing import Core, Part, Route


def make_feeds(_core: Core) -> Part:
    """Return the part of the server that tells devices what changed."""
    return Part(
        routes=(
            Route(
                "POST",
                "/v1/pull",
                pull,
                "What a device does not have yet, as JSON lines: a header, rows, departures, a footer.",
                produces=LINES,
                ends_with_client=True,
                tag="sync",
            ),
        )
    )
