"""What the bundle starts: the program itself, with nothing of the build's own before it."""

import multiprocessing
import os
import sys

if __name__ == "__main__":
    # A program with a window's manners has no console on Windows, and Python then has no place for words either.
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123  for as long as we run
    multiprocessing.freeze_support()
    from alexandria_desktop.__main__ import main

    sys.exit(main())
