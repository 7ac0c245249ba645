"""The routes of feeds."""

from __future__ import annotations

from sync.protocol.lines import LINES
from sync.protocol.version import PRESENT, Edition
from sync.server.feeds.pull import Pulling
from sync.server.feeds.verify import Verifying
from sync.server.feeds.versions import served_by
from sync.server.gateway.routing import Core, Part, Route


def make_feeds(_core: Core, *, edition: Edition = PRESENT) -> Part:
    """Return the part of the server that tells devices what changed."""
    return Part(
        routes=(
            Route(
                "POST",
                "/v1/pull",
                Pulling(edition).pull,
                "What a device does not have yet, as JSON lines: a header, rows, departures, a footer.",
                produces=LINES,
                ends_with_client=True,
                admits=served_by(edition),
                tag="sync",
            ),
            Route(
                "POST",
                "/v1/verify",
                Verifying(edition).verify,
                "What a device that is up to date should have, as a count and a hash for each table.",
                ends_with_client=True,
                admits=served_by(edition),
                tag="sync",
            ),
        )
    )
