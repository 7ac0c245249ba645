"""Make what builds installers importable: it is a script and its folder, not part of the program."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"

for folder in (PACKAGING, PACKAGING / "pyinstaller"):
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
