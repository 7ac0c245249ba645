"""Where a build looks for newer versions, and whose word it takes: built in, or as an administrator says."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import orjson

from alexandria_desktop.base.errors import Code, ProgramError, ReaderError
from alexandria_desktop.base.resources import resource
from alexandria_desktop.update.address import check_address

CHANNEL_VARIABLE = "ALEXANDRIA_UPDATE_CHANNEL"
"""A file in place of the one that is built in, for whoever gives the program to others from a place of their own."""


@dataclass(frozen=True, slots=True)
class Channel:
    """An address, and the public keys of which any one may have signed what is said there."""

    address: str = ""
    keys: tuple[bytes, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether there is anybody to ask."""
        return bool(self.address and self.keys)


def channel() -> Channel:
    """Return the channel of this build. Raises ProgramError for one that makes no sense."""
    named = os.environ.get(CHANNEL_VARIABLE)
    file = Path(named) if named else resource("update/channel.json")
    try:
        found = orjson.loads(file.read_bytes())
        keys = tuple(bytes.fromhex(one) for one in found["keys"])
        address = str(found["address"])
        if any(len(one) != 32 for one in keys):
            raise ValueError("a key has 32 bytes")
        return Channel(check_address(address) if address else "", keys)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise ProgramError(
            Code.UPDATE_NO_CHANNEL, "What says where to look for new versions cannot be read.", detail=repr(fault)
        ) from fault


def no_channel() -> ReaderError:
    """Return the error for a build that asks nobody."""
    return ReaderError(
        Code.UPDATE_NO_CHANNEL,
        "This build has no update channel, so it cannot look for new versions. Look for them where you got it.",
    )
