"""Movement: short, only to show where something went, and none for those who ask for none."""

from __future__ import annotations

import os

QUICK_MS = 120
CALM_MS = 180
REDUCED = "ALEXANDRIA_REDUCED_MOTION"


def duration(milliseconds: int = CALM_MS, *, reduced: bool = False) -> int:
    """Return how long a movement takes, 0 where it is not wanted."""
    return 0 if reduced or os.environ.get(REDUCED) == "1" else milliseconds
