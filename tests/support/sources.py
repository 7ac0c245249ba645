"""Books for the course compiler, made of plain texts in memory."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from alexandria_desktop.chunk.passages import passages
from alexandria_desktop.teach.compiling.sources import Piece, SectionText, Source, Span
from sync.places.locator import Locator, Quote, TextTarget


def source(
    *chapters: tuple[str, str], language: str = "en", title: str = "A book", asides: Sequence[Sequence[Span]] = ()
) -> Source:
    """Return a book of (chapter, text); ``asides`` has those of each chapter."""
    marked = [*asides, *([()] * len(chapters))]
    texts = tuple(SectionText(text, tuple(spans)) for (_, text), spans in zip(chapters, marked, strict=False))
    pieces = tuple(
        Piece(one.section, one.start, one.end, chapter, chapter)
        for number, (chapter, text) in enumerate(chapters)
        for one in passages(number, text)
    )

    def locate(section: int, start: int, end: int) -> Locator:
        return Locator(
            TextTarget(f"section/{section}", start, end),
            quote=Quote.at(texts[section].text, start, end),
            edition=title,
        )

    return Source(
        id=title,
        title=title,
        author="Somebody",
        language=language,
        sections=texts,
        pieces=pieces,
        vectors=np.zeros((0, 0), dtype=np.float32),
        locate=locate,
    )
