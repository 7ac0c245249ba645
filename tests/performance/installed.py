"""The installed program beside a checkout: size, and from the start to a page, turn about in one run.

``ALEXANDRIA_BUNDLE`` names the folder; without one, and without ``dist/alexandria``, there is nothing to measure.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.performance.figures import Figure, figure, ratio
from tests.support.epubs import make_epub, prose

ROUNDS = 7
BUNDLE = Path(os.environ.get("ALEXANDRIA_BUNDLE") or Path(__file__).resolve().parents[2] / "dist" / "alexandria")
PROGRAM = BUNDLE / ("alexandria.exe" if os.name == "nt" else "alexandria")


def measure(folder: Path) -> list[Figure]:
    """Measure both."""
    if not PROGRAM.exists():
        print(f"There is no bundle at {BUNDLE}.", file=sys.stderr)
        return []
    size = sum(file.lstat().st_size for file in BUNDLE.rglob("*") if not file.is_dir()) / 1e6
    book = make_epub(folder / "book.epub", [("One", f"<p>{prose(1, 400)}</p>")], title="A book")
    starters = {"bundle": [str(PROGRAM)], "checkout": [sys.executable, "-m", "alexandria_desktop"]}
    taken: dict[str, list[float]] = {name: [] for name in starters}
    for number in range(ROUNDS + 1):
        for name, command in starters.items():
            milliseconds = first_page(command, folder / name, book)
            if number:  # the first round imports, and fills the caches
                taken[name].append(milliseconds)
    found = {name: figure(f"start to a page, {name}", values) for name, values in taken.items()}
    return [
        Figure("the bundle on disk", size, "MB", 400),
        *found.values(),
        ratio("start, bundle against checkout", found["bundle"].value, found["checkout"].value, aim=1.0),
    ]


def first_page(command: list[str], library: Path, book: Path) -> float:
    """Start the program at a book and return what its log says of the time to the page, in milliseconds."""
    log = library / "logs" / "alexandria.log"
    before = _told(log)
    running = subprocess.Popen(
        [*command, "--library", str(library), "open", str(book)], stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        end = time.monotonic() + 60
        while len(now := _told(log)) == len(before):
            if time.monotonic() > end:
                raise RuntimeError(f"{command[0]} showed no page")
            time.sleep(0.05)
    finally:
        if os.name == "nt":
            running.kill()
        else:
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()
    return now[-1]


def _told(log: Path) -> list[float]:
    text = log.read_text(encoding="utf-8") if log.exists() else ""
    return [float(one) for one in re.findall(r"first page was shown (\d+) ms", text)]
