"""From the start of the program to the books on the screen, in a fresh process each time."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from tests.performance.figures import Figure, figure, ratio
from tests.performance.made import add_rows

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
    return [*figures, ratio("start, 10,000 books against 1,000", figures[1].value, figures[0].value)]


def start(root: Path) -> float:
    """Start the program on a library and return the milliseconds until its books are painted."""
    begun = time.monotonic()
    command = [sys.executable, "-m", "tests.performance.starting", str(root)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    for line in done.stdout.splitlines():
        if line.startswith("painted "):
            return (float(line.split()[1]) - begun) * 1000
    raise RuntimeError(f"The library was never painted.\n{done.stderr[-3000:]}")


def main(root: str) -> int:
    """Be the program, and tell when the books are on the screen."""
    from alexandria_desktop import app, cli

    make = app.make_application

    def make_and_watch() -> object:
        from PySide6.QtCore import QTimer

        application = make()
        clock = QTimer(application, interval=1)

        def look() -> None:
            from alexandria_desktop.ui.shelf.cover_grid import CoverGrid

            for widget in application.allWidgets():
                if isinstance(widget, CoverGrid):
                    clock.stop()
                    widget.painted.connect(painted)
                    return

        def painted() -> None:
            # After the event that painted, what was painted is handed to the screen.
            QTimer.singleShot(0, tell)

        def tell() -> None:
            print(f"painted {time.monotonic()}", flush=True)
            application.quit()

        clock.timeout.connect(look)
        clock.start()
        return application

    app.make_application = make_and_watch  # type: ignore[assignment]
    return cli.run(["--library", root])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
