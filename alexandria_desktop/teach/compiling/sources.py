"""Books as the compiler sees them: running text by section, what of it is none, and the passages that are searched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from alexandria_desktop.teach.compiling.words import Frequencies, stems_of
from sync.places.locator import Locator

Span = tuple[int, int]
Vectors = NDArray[np.float32]
Embed = Callable[[Sequence[str]], Vectors]
"""Gives a unit vector for each text, by the model that the passages' vectors are of."""


@dataclass(frozen=True, slots=True)
class SectionText:
    """A section of a book."""

    text: str
    """Canonical text."""
    asides: tuple[Span, ...] = ()
    """In order: what is no running text of the author's, as quotations, notes, tables, headings, front matter."""

    def is_running(self, start: int, end: int) -> bool:
        """Whether a stretch touches no aside."""
        return not any(first < end and start < last for first, last in self.asides)

    def share_aside(self, start: int, end: int) -> float:
        """Return the part of a stretch that lies in asides."""
        lost = sum(max(0, min(end, last) - max(start, first)) for first, last in self.asides)
        return lost / max(1, end - start)


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage as the index holds it, some two hundred words."""

    section: int
    start: int
    end: int
    chapter: str = ""
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A book."""

    id: str
    title: str
    author: str
    language: str
    sections: tuple[SectionText, ...]
    pieces: tuple[Piece, ...]
    """In the order of reading."""
    vectors: Vectors
    """Shape (pieces, dimension); (0, 0) where there are none."""
    locate: Callable[[int, int, int], Locator]
    """(section, start, end) to a place."""

    def text(self, piece: Piece) -> str:
        """Return the words of a passage."""
        return self.sections[piece.section].text[piece.start : piece.end]


@dataclass(frozen=True)
class Shelf:
    """The chosen books together, with what is counted once over all of them."""

    sources: tuple[Source, ...]

    @cached_property
    def pieces(self) -> list[tuple[int, Piece]]:
        """All passages with the number of their book, book after book."""
        return [(number, piece) for number, source in enumerate(self.sources) for piece in source.pieces]

    def text(self, number: int) -> str:
        """Return the words of a passage by its number among all."""
        book, piece = self.pieces[number]
        return self.sources[book].text(piece)

    @cached_property
    def stems(self) -> list[list[str]]:
        """The stems of each passage."""
        return [stems_of(self.text(number)) for number in range(len(self.pieces))]

    @cached_property
    def frequencies(self) -> Frequencies:
        """How often words stand in them."""
        return Frequencies(self.stems)

    @cached_property
    def vectors(self) -> Vectors | None:
        """The vectors of all passages; None where a book has none."""
        parts = [source.vectors for source in self.sources if source.pieces]
        if not parts or any(not len(one) for one in parts):
            return None
        return np.concatenate(parts)
