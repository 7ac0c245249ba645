"""Vectors: the models that are known and the embedded passages of every item."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from sync.schema.base import (
    Base,
    Dated,
    Document,
    Free,
    Items,
    Key,
    No,
    Pulled,
    Yes,
    between,
    one_of,
    person,
    reference,
    server_index,
)
from sync.schema.content import CONTENT_TYPES, MODULES, VISIBILITIES
from sync.schema.discovery import ORIGINS
from sync.schema.ids import natural_id
from sync.schema.types import Embedding

CHUNK_TYPES = ("paragraph", "heading", "summary", "question", "answer")
METRICS = ("cosine", "l2", "ip")


class EmbeddingModel(Dated, Pulled, Base):
    """A model that turns text into vectors; vectors of two models are never compared."""

    __tablename__ = "embedding_models"
    id: Mapped[Key]
    model_key: Mapped[str] = mapped_column(String(100))
    dimension: Mapped[int]
    metric: Mapped[str] = mapped_column(String(10), server_default="cosine")
    sha256: Mapped[str | None] = mapped_column(String(64))
    query_prefix: Mapped[str] = mapped_column(String(100), server_default="")
    can_embed_query: Mapped[Yes]
    is_active: Mapped[No]
    origin: Mapped[str] = mapped_column(String(10), server_default="server")
    __table_args__ = (
        UniqueConstraint("model_key"),
        one_of("metric", METRICS),
        one_of("origin", ORIGINS),
        *between("dimension", 1, None),
    )


class ContentEmbedding(Dated, Pulled, Base):
    """A passage and its vector."""

    __tablename__ = "content_embeddings"
    id: Mapped[Key]
    content_id: Mapped[UUID] = reference("content_items.id", ondelete="CASCADE", loose=True, index=False)
    model_id: Mapped[UUID | None] = reference("embedding_models.id", ondelete="RESTRICT", nullable=True, loose=True)
    root_id: Mapped[UUID | None] = reference("content_items.id", ondelete="SET NULL", nullable=True, loose=True)
    chunk_text: Mapped[str] = mapped_column(Text)
    embedding: Mapped[list[float] | None] = mapped_column(Embedding)
    chunk_index: Mapped[int]
    chunk_type: Mapped[str] = mapped_column(String(50))
    content_hash: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of the embedded text, so that the same words are embedded once."""
    content_type: Mapped[str] = mapped_column(String(50))
    module_name: Mapped[str] = mapped_column(String(20))
    source_location: Mapped[Free | None]
    module_metadata: Mapped[Document]
    semantic_tags: Mapped[Items]
    text_length: Mapped[int]
    language: Mapped[str | None] = mapped_column(String(35), server_default="en")
    reading_level: Mapped[str | None] = mapped_column(String(20))
    difficulty_level: Mapped[str | None] = mapped_column(String(20))
    visibility: Mapped[str] = mapped_column(String(20), server_default="private")
    access_permissions: Mapped[Document]
    creator_id: Mapped[UUID | None] = person(ondelete="SET NULL", nullable=True, index=False)
    organization_id: Mapped[UUID | None] = reference(
        "organizations.id", ondelete="SET NULL", nullable=True, loose=True, index=False
    )
    origin: Mapped[str] = mapped_column(String(10), server_default="server")
    __table_args__ = (
        UniqueConstraint("content_id", "model_id", "chunk_index"),
        Index("idx_content_embeddings_module_type", "module_name", "content_type"),
        Index("idx_content_embeddings_visibility", "visibility"),
        Index("idx_content_embeddings_creator", "creator_id"),
        Index("idx_content_embeddings_org", "organization_id"),
        Index("idx_content_embeddings_language", "language"),
        Index("idx_content_embeddings_difficulty", "difficulty_level"),
        Index(
            "idx_content_complex_search", "visibility", "module_name", "content_type", "language", "difficulty_level"
        ),
        server_index("idx_content_embeddings_tags", "semantic_tags", postgresql_using="gin"),
        server_index("idx_content_embeddings_metadata", "module_metadata", postgresql_using="gin"),
        one_of("chunk_type", CHUNK_TYPES),
        one_of("content_type", CONTENT_TYPES),
        one_of("module_name", MODULES),
        one_of("visibility", VISIBILITIES),
        one_of("origin", ORIGINS),
        *between("text_length", 0, None),
        *between("chunk_index", 0, None),
    )


# One graph instead of three ivfflat lists, which find next to nothing when they are built on an empty table; for the
# unit vectors kept here the other two metrics would give the same order. Each further model gets a partial index of
# its own dimension when it is registered.
server_index(
    "idx_content_embeddings_vector_cosine",
    text("(embedding::halfvec(1536)) halfvec_cosine_ops"),
    _table=ContentEmbedding.__table__,
    postgresql_using="hnsw",
    postgresql_where=text("vector_dims(embedding) = 1536"),
)
STATIC_MODEL_ID = natural_id("embedding_model", "wordllama-l2-supercat-256")
"""The model for whole libraries, which laptop and server share; only its vectors stand in this graph."""
server_index(
    "idx_content_embeddings_vector_static",
    text("(embedding::halfvec(256)) halfvec_cosine_ops"),
    _table=ContentEmbedding.__table__,
    postgresql_using="hnsw",
    postgresql_where=text(f"model_id = '{STATIC_MODEL_ID}'"),
)
server_index(
    "idx_content_embeddings_waiting", ContentEmbedding.id, postgresql_where=ContentEmbedding.embedding.is_(None)
)
