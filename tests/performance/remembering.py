"""The memory of all processes of the program while a book is read."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import psutil

from alexandria_desktop.library.library import Library
from tests.performance.figures import Figure
from tests.performance.made import book_id_of, longest_book

PATIENCE, EVERY, ALIKE = 30.0, 0.5, 0.01


def measure(folder: Path) -> list[Figure]:
    """Start the program at a book, and weigh it once it rests."""
    with Library.open(folder / "library") as library:
        book = book_id_of(library, longest_book(folder))
        title = library.shelf.details(book).row.title
    command = [sys.executable, "-m", "alexandria_desktop", "--library", str(folder / "library"), "open", str(book)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as running:
        try:
            parts = _at_rest(psutil.Process(running.pid))
        finally:
            running.terminate()
    words = f"{title}; the program {parts[0]:.0f}, its pages {' + '.join(f'{part:.0f}' for part in parts[1:])}"
    return [Figure("memory of all processes, reading an EPUB", sum(parts), "MB", 350, note=words)]


def _at_rest(whole: psutil.Process) -> list[float]:
    """Return megabytes by process as soon as they stay the same for two seconds and pages are being drawn."""
    deadline = time.monotonic() + PATIENCE
    kept: list[list[float]] = []
    while time.monotonic() < deadline:
        time.sleep(EVERY)
        kept.append(_weigh(whole))
        last = [sum(parts) for parts in kept[-5:]]
        if len(last) == 5 and len(kept[-1]) > 1 and max(last) - min(last) < ALIKE * max(last):
            break
    return kept[-1]


def _weigh(whole: psutil.Process) -> list[float]:
    """Return the megabytes of each process; what is shared counts by its share (PSS), elsewhere what is its own."""
    parts = []
    for process in [whole, *whole.children(recursive=True)]:
        memory = process.memory_full_info()
        parts.append((getattr(memory, "pss", 0) or memory.uss) / 2**20)
    return parts
