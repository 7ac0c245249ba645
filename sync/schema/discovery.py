"""Discovery: how items relate, how alike they are, what was recommended."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sync.schema.base import (
    Base,
    Dated,
    Document,
    Free,
    Key,
    No,
    Score,
    Stamp,
    Synced,
    Yes,
    between,
    one_of,
    person,
    reference,
)

RELATIONSHIPS = ("prerequisite", "related", "sequence", "alternative", "follows")
SIMILARITIES = ("thematic", "stylistic", "difficulty", "audience")
METHODS = ("embedding", "metadata", "collaborative")
ORIGINS = ("device", "server")


class ContentRelationship(Dated, Synced, Base):
    """One item leads to another; made by hand or computed."""

    __tablename__ = "content_relationships"
    id: Mapped[Key]
    source_content_id: Mapped[UUID] = reference("content_items.id", ondelete="CASCADE", loose=True, index=False)
    target_content_id: Mapped[UUID] = reference("content_items.id", ondelete="CASCADE", loose=True, index=False)
    relationship_type: Mapped[str] = mapped_column(String(50))
    relationship_strength: Mapped[Score]
    relationship_context: Mapped[Document]
    created_by_ai: Mapped[Yes]
    creator_id: Mapped[UUID | None] = person(ondelete="SET NULL", nullable=True)
    origin: Mapped[str] = mapped_column(String(10), server_default="server")
    confidence_score: Mapped[Score | None]
    human_verified: Mapped[No]
    cross_module: Mapped[No]
    source_module: Mapped[str | None] = mapped_column(String(20))
    target_module: Mapped[str | None] = mapped_column(String(20))
    __table_args__ = (
        UniqueConstraint("source_content_id", "target_content_id", "relationship_type"),
        Index("idx_content_relationships_cross_module", "cross_module", "source_module", "target_module"),
        one_of("relationship_type", RELATIONSHIPS),
        one_of("origin", ORIGINS),
        *between("relationship_strength", 0, 1, scale=4),
        *between("confidence_score", 0, 1, scale=4),
        CheckConstraint("source_content_id <> target_content_id", name="not_itself"),
    )


for _suffix, _column in (
    ("source", ContentRelationship.source_content_id),
    ("target", ContentRelationship.target_content_id),
    ("type", ContentRelationship.relationship_type),
):
    Index(f"idx_content_relationships_{_suffix}", _column, ContentRelationship.relationship_strength.desc())


class ContentSimilarity(Base):
    """How alike two items are; each pair once, the smaller id first."""

    __tablename__ = "content_similarities"
    id: Mapped[Key]
    content_a_id: Mapped[UUID] = reference("content_items.id", ondelete="CASCADE", loose=True, index=False)
    content_b_id: Mapped[UUID] = reference("content_items.id", ondelete="CASCADE", loose=True)
    similarity_type: Mapped[str] = mapped_column(String(50))
    similarity_score: Mapped[Score]
    calculation_method: Mapped[str] = mapped_column(String(50))
    calculated_at: Mapped[Stamp]
    origin: Mapped[str] = mapped_column(String(10), server_default="server")
    __table_args__ = (
        UniqueConstraint("content_a_id", "content_b_id", "similarity_type"),
        one_of("similarity_type", SIMILARITIES),
        one_of("calculation_method", METHODS),
        one_of("origin", ORIGINS),
        *between("similarity_score", 0, 1, scale=4),
        CheckConstraint("content_a_id < content_b_id", name="smaller_first"),
    )


class RecommendationSession(Dated, Synced, Base):
    """What was recommended at one time and what the reader made of it."""

    __tablename__ = "recommendation_sessions"
    id: Mapped[Key]
    user_id: Mapped[UUID] = person()
    session_context: Mapped[Document]
    algorithm_used: Mapped[str] = mapped_column(String(50))
    recommendations_shown: Mapped[Free]
    user_feedback: Mapped[Document]
    session_quality_score: Mapped[Score | None]
    origin: Mapped[str] = mapped_column(String(10), server_default="server")
    __table_args__ = (one_of("origin", ORIGINS), *between("session_quality_score", 0, 1, scale=4))
