"""Make the bootstrap importable: it is a script and its folder, not part of the program."""

from __future__ import annotations

import sys
from pathlib import Path

PACKAGING = Path(__file__).resolve().parents[3] / "packaging"

if str(PACKAGING) not in sys.path:
    sys.path.append(str(PACKAGING))
