"""Let Python's collector rest while rows are made by the thousand.

None of them is garbage, and it would look at all of them again and again: five of the 24 µs that a row of a first pull
took went there. What counts its references is freed as ever.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no cycles meanwhile, in the whole process; for parts of a second."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
            gc.collect(1)  # what was made and stands in a cycle: a page is some 30 MB
