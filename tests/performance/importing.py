"""Import with text and vectors, per book; and what a note costs meanwhile."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from alexandria_desktop.library.library import Library
from tests.performance.figures import Figure, figure, p95_figure, ratio
from tests.performance.made import make_small_books, real_books

BOOKS = 100


def measure(folder: Path) -> list[Figure]:
    """Measure imports and the notes written during one."""
    files = make_small_books(folder / "small", 2 * BOOKS)
    figures = []
    with Library.open(folder / "import") as library:
        library.import_paths(files[:1])  # the workers start and the model is loaded
        halves = [_milliseconds_a_book(library, part) for part in (files[1:BOOKS], files[BOOKS:])]
        figures.append(figure("import per book, made EPUBs of 5,000 words", halves, note="text and vectors included"))
        figures.append(ratio("import, the second hundred against the first", halves[1], halves[0]))
    figures += _notes_meanwhile(folder, files)
    real = real_books()
    if real:
        with Library.open(folder / "real") as library:
            taken = _milliseconds_a_book(library, real)
            megabytes = sum(path.stat().st_size for path in real) / 2**20
        figures.append(
            Figure("import per book, real EPUBs", taken, "ms", count=len(real), note=f"{megabytes:.0f} MB in all")
        )
    return figures


def _milliseconds_a_book(library: Library, files: list[Path]) -> float:
    begun = time.perf_counter()
    library.import_paths(files)
    return (time.perf_counter() - begun) * 1000 / len(files)


def _notes_meanwhile(folder: Path, files: list[Path]) -> list[Figure]:
    """Write notes on one book, first in quiet, then while a hundred others come in."""
    with Library.open(folder / "notes") as library:
        outcome = library.import_paths(files[:1])[0]
        assert outcome.book_id is not None
        book_id = outcome.book_id
        place = library.finding.search("river", limit=1)[0].locator

        def commit() -> float:
            begun = time.perf_counter()
            library.notes.add(book_id, place, text="A note that is on the disk when this returns")
            return (time.perf_counter() - begun) * 1000

        quiet = [commit() for _ in range(200)]
        work = threading.Thread(target=library.import_paths, args=(files[1 : BOOKS + 1],))
        busy = []
        work.start()
        while work.is_alive():
            busy.append(commit())
            time.sleep(0.005)
        work.join()
    calm, full = (
        p95_figure("note commit, p95", quiet, aim=20),
        p95_figure("note commit while 100 books are indexed, p95", busy, aim=20),
    )
    return [calm, full, ratio("note commit, while indexing against in quiet", full.value, calm.value)]
