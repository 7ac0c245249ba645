"""From the start of the program to the books, or to a page, on the screen; in a fresh process each time."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from alexandria_desktop.library.library import Library
from tests.performance.figures import Figure, figure, ratio
from tests.performance.made import add_rows, book_id_of, longest_book

ROUNDS = 5
SIZES = (1_000, 10_000)


def measure(folder: Path) -> list[Figure]:
    """Measure the start with a small and a large library, turn about."""
    roots = {size: folder / f"rows-{size}" for size in SIZES}
    for size, root in roots.items():
        add_rows(root, size)
    taken: dict[int, list[float]] = {size: [] for size in SIZES}
    for number in range(ROUNDS + 1):
        for size, root in roots.items():
            milliseconds = start(root)
            if number:  # the first round fills the caches
                taken[size].append(milliseconds)
    figures = [figure(f"start to library painted, {size:,} books", taken[size], aim=1000) for size in SIZES]
    figures.append(ratio("start, 10,000 books against 1,000", figures[1].value, figures[0].value))
    with Library.open(folder / "page") as library:
        book = str(book_id_of(library, longest_book(folder)))
    pages = [start(folder / "page", book) for _ in range(ROUNDS + 1)][1:]
    return [*figures, figure("start straight to a page of the longest book", pages, aim=1200, note="the live page")]


def start(root: Path, *book: str) -> float:
    """Start the program on a library, or at a book; returns the milliseconds until that is painted."""
    begun = time.monotonic()
    command = [sys.executable, "-m", "tests.performance.started", str(root), *book]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    for line in done.stdout.splitlines():
        if line.startswith("painted "):
            return (float(line.split()[1]) - begun) * 1000
    raise RuntimeError(f"Nothing was ever painted.\n{done.stderr[-3000:]}")
