"""Programs of other versions: which are served, and the words for those that are not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct

from sync.protocol.version import Edition
from sync.server.gateway.errors import Refused


class _Spoken(Struct, frozen=True):
    """All that is read of a body before it is known that this server understands it."""

    protocol: int = 1


def served_by(edition: Edition) -> Callable[[bytes], None]:
    """Return what refuses bodies of protocols that a server of this edition does not speak."""

    def admits(body: bytes) -> None:
        try:
            spoken = msgspec.json.decode(body, type=_Spoken).protocol
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return  # what is wrong with it is said where it is held to its form
        if spoken < edition.oldest_protocol:
            raise Refused(
                426,
                "program_too_old",
                "This server needs a newer version of the program. Update the program.",
                {"Upgrade": f"alexandria/{edition.oldest_protocol}"},
            )
        if spoken > edition.protocol:
            raise Refused(
                409, "server_too_old", "This server is older than the program. Whoever runs the server must update it."
            )

    return admits


def told(edition: Edition) -> dict[str, Any]:
    """Return what the header of every answer says of the server."""
    return {"protocol": edition.protocol, "schema": edition.schema}
