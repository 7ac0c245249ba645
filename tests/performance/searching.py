"""Search over the library: by words, by both, by meaning."""

from __future__ import annotations

import time
from pathlib import Path

from alexandria_desktop.library.library import Library
from alexandria_desktop.search.finder import Mode
from tests.performance.figures import Figure, p95_figure, ratio
from tests.performance.made import make_small_books, real_books

ROUNDS = 3
REAL_QUERIES = (
    "call me Ishmael", "a whale destroys a ship", "the origin of species", "natural selection", "it is a truth",
    "king", "the great fire of London", "love", "to be or not to be", "how to know what is real", "Sherlock",
    "the death of a friend", "war and peace", "Windmühlen", "il faut cultiver notre jardin", "a flat world",
)  # fmt: skip
MADE_QUERIES = (
    "silver morning", "the river and the stone", "lantern", "cottage by the harbour", "winter orchard letter",
    "kettle", "thunder in the valley", "mirror copper ribbon", "island", "a candle in the window",
)  # fmt: skip


def measure(folder: Path) -> list[Figure]:
    """Measure the search over the real books, or over a hundred made ones."""
    real = real_books()
    queries = REAL_QUERIES if real else MADE_QUERIES
    with Library.open(folder / "real") as library:
        library.import_paths(real or make_small_books(folder / "small", 100))
        count = _passages(library)
        taken: dict[Mode, list[float]] = {mode: [] for mode in (Mode.WORDS, Mode.ALL, Mode.MEANING)}
        first = []
        for mode, values in taken.items():
            first.append(_milliseconds(library, "a first question", mode))
            for _ in range(1 if mode is Mode.MEANING else ROUNDS):
                values += [_milliseconds(library, words, mode) for words in queries]
    note = f"{count:,} passages, with snippets"
    figures = [p95_figure(f"search by {mode}, p95", values, aim=100, note=note) for mode, values in taken.items()]
    figures.append(Figure("the first search by meaning", max(first), "ms", note="the models are loaded"))
    return [*figures, ratio("search by both against by words alone, p95", figures[1].value, figures[0].value)]


def _milliseconds(library: Library, words: str, mode: Mode) -> float:
    begun = time.perf_counter()
    library.finding.search(words, mode=mode, limit=20)
    return (time.perf_counter() - begun) * 1000


def _passages(library: Library) -> int:
    with library._core.reading() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM passages").scalar_one())
