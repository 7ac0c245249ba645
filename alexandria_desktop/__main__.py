"""The entry of the program: a window without words, a command with them."""

from __future__ import annotations

import multiprocessing
import os
import sys


def main() -> int:
    """Run the program and return its exit status."""
    multiprocessing.freeze_support()
    from alexandria_desktop.base import frozen

    if frozen.is_frozen():
        frozen.settle(os.environ)
    from alexandria_desktop.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
