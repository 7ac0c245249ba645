"""Put a prepared book into the index: passages, full text, sections and vectors, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from alexandria_desktop.index.prepared import PreparedIndex
from alexandria_desktop.store import passages, sections
from alexandria_desktop.store.vectors.protocol import BookVectors, IdRange, Space, VectorStore
from alexandria_desktop.text.canonical import TEXT_VERSION
from alexandria_desktop.text.words import cjk_bigrams


class Indexer:
    """Writes to index.db; every method wants the index writer's connection."""

    def __init__(self, vectors: VectorStore, space: Space) -> None:
        self._vectors = vectors
        self._space = space

    def put(self, connection: Connection, content_id: UUID, prepared: PreparedIndex, now: datetime) -> None:
        """Index a book in place of what was indexed of it before."""
        self.remove(connection, content_id)
        ids = passages.replace_book(
            connection,
            content_id,
            prepared.passages,
            edition=prepared.edition,
            text_version=TEXT_VERSION,
            language=prepared.language,
            chapters=prepared.chapters,
            segment=cjk_bigrams,
            now=now,
        )
        sections.put_sections(connection, content_id, prepared.sections)
        if len(prepared.vectors):
            self._vectors.ensure(connection, self._space)
            book = BookVectors(content_id, ids.start, prepared.vectors, _metadata(prepared))
            self._vectors.add(connection, self._space, book)

    def remove(self, connection: Connection, content_id: UUID) -> None:
        """Take a book out of the index."""
        ids = passages.delete_book(connection, content_id)
        if len(ids):
            self._vectors.ensure(connection, self._space)
            self._vectors.remove(connection, self._space, IdRange(ids.start, ids.stop - 1))

    def tend(self, connection: Connection) -> bool:
        """Do upkeep after many books were put in."""
        self._vectors.ensure(connection, self._space)
        return self._vectors.tend(connection, self._space)


def _metadata(prepared: PreparedIndex) -> Sequence[dict[str, Any]]:
    """What the specification keeps beside each vector."""
    return [
        {
            "content_type": "book",
            "module": "library",
            "chunk_type": passage.chunk_type,
            "visibility": "private",
            "language": prepared.language or "",
            "section": passage.section,
            "start": passage.start,
            "end": passage.end,
            "chapter": chapter or "",
        }
        for passage, chapter in zip(prepared.passages, prepared.chapters, strict=True)
    ]
