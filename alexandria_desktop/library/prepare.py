"""Read a file once and make everything that is kept of it: description, cover, text, passages, vectors.

This runs in a worker process with bounded memory and time, for a file may be broken or hostile. It touches no
database, and what it returns is plain data.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.book.model import Book, BookSource, Passage, TocEntry
from alexandria_desktop.chunk.passages import passages
from alexandria_desktop.embed.embedder import Embedder, quantise
from alexandria_desktop.index.prepared import PreparedIndex
from alexandria_desktop.ingest.detect import open_book
from alexandria_desktop.library.covers import Cover, make_cover
from alexandria_desktop.store.sections import StoredSection
from alexandria_desktop.text.canonical import CanonicalText
from alexandria_desktop.text.document import parse_document
from alexandria_desktop.text.language import guess_language
from sync.retrieval.static_model import embedded_text

_EMBED_BATCH = 512


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a worker made of a file."""

    book: Book
    cover: Cover | None
    index: PreparedIndex
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Chapters:
    """The lines of the contents by place."""

    places: tuple[tuple[int, int], ...]
    titles: tuple[str, ...]

    def at(self, section: int, offset: int) -> str | None:
        index = bisect_right(self.places, (section, offset)) - 1
        return self.titles[index] if index >= 0 else None


@cache
def embedder() -> Embedder | None:
    """Return this process's model, loaded once; None where there is none: then words alone are searched."""
    from alexandria_desktop.embed.static import StaticEmbedder, static_model_is_here

    return StaticEmbedder() if static_model_is_here() else None


def prepare(path: Path, edition: str) -> Prepared:
    """Read a file; raises ReaderError with a code and a sentence where it cannot be read."""
    source = open_book(path, edition=edition)
    try:
        return _prepare(source)
    finally:
        source.close()


def _prepare(source: BookSource) -> Prepared:
    book = source.book
    warnings = list(book.warnings)
    texts, unreadable = _read_sections(source, warnings)
    if unreadable == len(book.sections):
        raise ReaderError(Code.IMPORT_DAMAGED, "None of the chapters of this book can be read.", detail=warnings[-1])
    language = book.metadata.language or guess_language("\n".join(text.text for text in texts[:40]))
    chapters = _chapters(book.toc, book, texts)
    found: list[Passage] = []
    for section, text in zip(book.sections, texts, strict=True):
        found += passages(section.index, text.text, text.headings, heading=chapters.at(section.index, 0))
    index = PreparedIndex(
        edition=book.edition,
        language=language,
        passages=tuple(found),
        chapters=tuple(chapters.at(passage.section, passage.start) for passage in found),
        sections=tuple(
            StoredSection(section.href, len(text.text), section.label)
            for section, text in zip(book.sections, texts, strict=True)
        ),
        vectors=_embed(book.metadata.title, found),
    )
    return Prepared(book, _cover(source), index, tuple(warnings))


@cache
def _no_text() -> CanonicalText:
    return CanonicalText([], [], {}, [])


def _read_sections(source: BookSource, warnings: list[str]) -> tuple[list[CanonicalText], int]:
    texts: list[CanonicalText] = []
    unreadable = 0
    for section in source.book.sections:
        try:
            resource = source.section(section.index)
            texts.append(parse_document(resource.data, resource.media_type).text())
        except ReaderError as error:
            warnings.append(f"{section.href}: {error.message}")
            texts.append(_no_text())
            unreadable += 1
    return texts, unreadable


def _chapters(toc: Sequence[TocEntry], book: Book, texts: Sequence[CanonicalText]) -> _Chapters:
    by_href = {section.href: section.index for section in reversed(book.sections)}
    anchors: dict[int, dict[str, int]] = {}
    found: list[tuple[int, int, str]] = []
    for entry in toc:
        path, _, fragment = entry.href.partition("#")
        section = by_href.get(path)
        if section is None:
            continue
        if fragment and section not in anchors:
            anchors[section] = texts[section].anchors
        found.append((section, anchors[section].get(fragment, 0) if fragment else 0, entry.title))
    found.sort(key=lambda place: place[:2])
    return _Chapters(tuple(place[:2] for place in found), tuple(place[2] for place in found))


def _embed(title: str, found: Sequence[Passage]) -> np.ndarray[tuple[int, int], np.dtype[np.int8]]:
    """Embed passages with their book and heading before them, which places a passage that names neither."""
    model = embedder()
    if not found or model is None:
        return np.zeros((0, 0), dtype=np.int8)
    parts = []
    for begin in range(0, len(found), _EMBED_BATCH):
        batch = found[begin : begin + _EMBED_BATCH]
        texts = [embedded_text(title, one.heading, one.text) for one in batch]
        parts.append(quantise(model.embed(texts)))
    return np.concatenate(parts)


def _cover(source: BookSource) -> Cover | None:
    href = source.book.cover_href
    if href is None:
        return None
    try:
        picture = source.resource(href)
    except ReaderError:
        return None
    return make_cover(picture.data) if picture is not None else None
