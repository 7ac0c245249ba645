"""Measure, and print each figure beside its aim: ``python -m tests.performance [NAME…] [--json]``."""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.performance.figures import Figure, as_json, from_json, table

NAMES = {
    "start": "starting",
    "installed": "installed",
    "reading": "reading",
    "memory": "remembering",
    "import": "importing",
    "search": "searching",
    "editions": "reanchoring",
    "server": "serving",
    "server-search": "finding",
    "sync": "syncing",
    "class": "teaching",
    "proposals": "compiling",
}
"""Each measurement and its module; each runs in a process of its own."""


def main() -> int:
    """Run measurements; returns 1 when one of them failed, not when an aim is missed."""
    parser = argparse.ArgumentParser(prog="bench", description="Measure, and print each figure beside its aim.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; all of them without names")
    parser.add_argument("--json", action="store_true", help="JSON lines on stdout instead of the table")
    parser.add_argument("--one", metavar="NAME", choices=NAMES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")) and sys.platform.startswith("linux"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if options.one:
        for found in importlib.import_module(f"tests.performance.{NAMES[options.one]}").measure(options.folder):
            print(as_json(found), flush=True)
        return 0
    unknown = set(options.names) - set(NAMES)
    if unknown:
        parser.error(f"there is no measurement called {', '.join(sorted(unknown))}")
    figures, failed = measure_all(options.names or list(NAMES))
    if options.json:
        print("\n".join(as_json(found) for found in figures))
    else:
        print(f"\n{surroundings()}\n\n{table(figures)}")
    return 1 if failed else 0


def measure_all(names: list[str]) -> tuple[list[Figure], list[str]]:
    """Run measurements one after the other, each in a fresh process and an empty folder."""
    figures: list[Figure] = []
    failed = []
    for name in names:
        begun = time.perf_counter()
        with tempfile.TemporaryDirectory(prefix="alexandria-bench-", ignore_cleanup_errors=True) as folder:
            command = [sys.executable, "-m", "tests.performance", "--one", name, "--folder", folder]
            done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
        if done.returncode != 0:
            failed.append(name)
            print(f"{name} failed:\n{done.stderr[-3000:]}", file=sys.stderr)
        figures += [from_json(line) for line in done.stdout.splitlines() if line.startswith("{")]
        print(f"{name}: {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
    return figures, failed


def surroundings() -> str:
    """Return what the figures depend on besides the program: the machine, and how busy it was."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    screen = os.environ.get("QT_QPA_PLATFORM", "its screen")
    return f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, drawn {screen}{load}"


if __name__ == "__main__":
    sys.exit(main())
