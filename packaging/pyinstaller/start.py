"""What the bundle starts: the program itself, with nothing of the build's own before it but a clean surrounding."""

import multiprocessing
import sys

if __name__ == "__main__":
    multiprocessing.freeze_support()
    from alexandria_desktop.__main__ import main

    sys.exit(main())
