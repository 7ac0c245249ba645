"""Lessons and questions proposed from a shelf of ten real books, for four objectives."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from alexandria_desktop.library.library import Library
from tests.performance.figures import Figure
from tests.support.data import shared_data_or_none

BOOKS = (
    "charles-darwin_the-origin-of-species", "bertrand-russell_the-problems-of-philosophy",
    "leo-tolstoy_war-and-peace_louise-maude_aylmer-maude", "herman-melville_moby-dick",
    "jane-austen_pride-and-prejudice", "marcus-aurelius_meditations_george-long", "edwin-a-abbott_flatland",
    "charles-babbage_passages-from-the-life-of-a-philosopher", "fr_voltaire_candide",
    "de_nietzsche_also-sprach-zarathustra",
)  # fmt: skip
OBJECTIVES = (
    "Describe how natural selection works",
    "Say why induction cannot be proved by experience",
    "Say how whales are hunted",
    "Explain what Aurelius says of death",
)


def measure(folder: Path) -> Iterator[Figure]:
    """Measure on a laptop whose shelf is indexed; the models are loaded by the first proposal."""
    data = shared_data_or_none()
    if data is None:
        return
    with Library.open(folder / "library") as library:
        outcomes = library.import_paths([data / f"epub/books/{name}.epub" for name in BOOKS])
        books = [one.book_id for one in outcomes if one.book_id is not None]
        for name in ("first", "next"):
            begun, busy = time.perf_counter(), time.process_time()
            found = library.compiling.propose(books, OBJECTIVES)
            took, used = time.perf_counter() - begun, time.process_time() - busy
            made = f"{len(found.lessons)} lessons" if found is not None else "nothing"
            yield Figure(
                f"the {name} proposal from {len(books)} books",
                took,
                "s",
                aim=10.0,
                note=f"{made}; {used:.1f} s of work",
            )
