"""What all installers say of the program: its name among programs, its version, its day."""

from __future__ import annotations

from datetime import UTC, datetime

from steps.bundling import steady
from steps.places import ROOT

APP_ID = "org.alexandria_desktop.Alexandria"
"""How desktops, stores and window managers know the program; ``alexandria_desktop.app`` says the same to Qt."""

_PACKAGE = (ROOT / "alexandria_desktop" / "__init__.py").read_text(encoding="utf-8")
VERSION: str = next(line.split('"')[1] for line in _PACKAGE.splitlines() if line.startswith("__version__ ="))
"""Stamped once, in the package itself, which need not be installed to be asked."""


def commit_day() -> str:
    """Return the day of the commit that is built, as 2026-01-31."""
    return datetime.fromtimestamp(int(steady()["SOURCE_DATE_EPOCH"]), UTC).date().isoformat()
