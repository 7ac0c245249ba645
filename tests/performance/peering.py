"""The same work done by morango, SQLite to SQLite over its own test server, in the same run as ours.

``ALEXANDRIA_BENCH_MORANGO`` names a Python that has morango 0.8 (``python -m venv``, ``pip install "morango==0.8.*"``);
it is no dependency of this project. Without it, this is left out with a sentence.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.performance.figures import Figure, ratio

PYTHON = "ALEXANDRIA_BENCH_MORANGO"
ROWS = int(os.environ.get("ALEXANDRIA_BENCH_MORANGO_ROWS", "4000"))
DRIVER = Path(__file__).parent / "morango_peer"


def beside_morango(folder: Path, *, pull: float, push: float) -> Iterator[Figure]:
    """Measure morango; ``pull`` and ``push`` are our own rows a second in this run."""
    python = os.environ.get(PYTHON)
    if not python:
        print(f"morango was not measured: {PYTHON} names no Python that has it.", file=sys.stderr)
        return
    folder.mkdir()
    _run(python, "seed", str(folder), str(ROWS))
    with subprocess.Popen(
        [python, str(DRIVER), "serve", str(folder)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, text=True,
    ) as server:  # fmt: skip
        try:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            taken = json.loads(_run(python, "measure", str(folder), address, str(ROWS)).splitlines()[-1])
        finally:
            server.terminate()
    assert taken["notes"] == 2 * ROWS, f"morango brought {taken['notes'] - ROWS} notes of {ROWS}"
    for name, ours in (("pull", pull), ("push", push)):
        theirs = ROWS / taken[name]
        note = f"{ROWS:,} notes, chunks of 500, SQLite to SQLite"
        yield Figure(f"morango's {name}", theirs, "rows/s", note=note)
        found = ratio(f"our {name} against morango's", ours, theirs)
        yield Figure(found.name, found.value, found.unit, 100, True, note="ours with a Postgres and its policies")


def _run(python: str, *words: str) -> str:
    done = subprocess.run(
        [python, str(DRIVER), *words], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        raise RuntimeError(f"morango's side failed:\n{done.stderr[-2000:]}")
    return done.stdout
