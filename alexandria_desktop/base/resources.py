"""Find the files that ship with the program, in a wheel, in a checkout and in a frozen build."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from alexandria_desktop.base.errors import Code, ProgramError


@cache
def resources_root() -> Path:
    """Return the folder of shipped files.

    A wheel carries them inside the package (``_resources``), a checkout has them beside it, a frozen program
    in the folder that the bootloader names.
    """
    package = Path(__file__).resolve().parent.parent
    candidates = [package / "_resources", package.parent / "resources"]
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen:
        candidates.insert(0, Path(frozen) / "resources")
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    raise ProgramError(
        Code.RESOURCE_MISSING,
        "The program's own files are missing. Install it again.",
        detail=", ".join(map(str, candidates)),
    )


def resource(relative: str) -> Path:
    """Return the path of one shipped file, for example ``web/page.js``."""
    path = resources_root() / relative
    if not path.exists():
        raise ProgramError(
            Code.RESOURCE_MISSING,
            "A file of the program is missing. Install it again.",
            detail=str(path),
        )
    return path
