"""The program as an installer lays it down: what it takes from its surroundings, and what it hands on to others."""

from __future__ import annotations

import sys
from collections.abc import MutableMapping

_ALLOWED_FLAGS = ("--disable-gpu", "--enable-logging", "--v=", "--force-device-scale-factor=", "--ozone-platform=")
"""What somebody may ask of the engine that draws pages: help with a faulty screen, and words for a report."""


def is_frozen() -> bool:
    """Tell whether this is the installed program, and no checkout or wheel."""
    return bool(getattr(sys, "frozen", False))


def settle(surroundings: MutableMapping[str, str], *, platform: str = sys.platform) -> None:
    """Make the surroundings safe for the installed program and right for the programs that it starts.

    Nothing from outside may open a port into the pages or take their walls down. The folder of our own libraries, which
    the starter names for this process, must not reach a browser or a file manager: they have theirs.
    """
    for name in ("QTWEBENGINE_REMOTE_DEBUGGING", "QTWEBENGINE_DISABLE_SANDBOX"):
        surroundings.pop(name, None)
    flags = surroundings.pop("QTWEBENGINE_CHROMIUM_FLAGS", "").split()
    kept = [flag for flag in flags if flag.startswith(_ALLOWED_FLAGS)]
    if kept:
        surroundings["QTWEBENGINE_CHROMIUM_FLAGS"] = " ".join(kept)
    if platform == "linux":
        before = surroundings.pop("LD_LIBRARY_PATH_ORIG", "")
        surroundings.pop("LD_LIBRARY_PATH", None)
        if before:
            surroundings["LD_LIBRARY_PATH"] = before
