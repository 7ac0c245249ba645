"""Where things are in a checkout."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"
LOCKS = PACKAGING / "requirements"
VENV = ROOT / ".venv"
BUNDLING = ROOT / "build" / "bundling"
DIST = ROOT / "dist"
TOUR = ROOT / "tour"


def say(words: str) -> None:
    """Tell people something; what programs read goes to stdout."""
    print(words, file=sys.stderr, flush=True)


class SetupError(Exception):
    """The command cannot go on; its sentence says why and what to do."""
