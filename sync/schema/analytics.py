"""The system's own figures and faults."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from sync.schema.base import Base, Document, Free, Key, No, Stamp, one_of, person
from sync.schema.types import Fixed

SEVERITIES = ("debug", "info", "warning", "error", "critical")


class UsageMetric(Base):
    """One figure of one day."""

    __tablename__ = "usage_metrics"
    id: Mapped[Key]
    date: Mapped[date]
    metric_name: Mapped[str] = mapped_column(String(100))
    metric_value: Mapped[Decimal] = mapped_column(Fixed(15, 4))
    metadata_json: Mapped[Document]
    recorded_at: Mapped[Stamp]
    __table_args__ = (Index("idx_usage_metrics_date_metric_name", "date", "metric_name"),)


class ErrorLog(Base):
    """A fault; a laptop's leaves it only if its reader agrees."""

    __tablename__ = "error_logs"
    id: Mapped[Key]
    user_id: Mapped[UUID | None] = person(ondelete="SET NULL", nullable=True)
    error_type: Mapped[str] = mapped_column(String(100))
    error_message: Mapped[str] = mapped_column(Text)
    stack_trace: Mapped[str | None] = mapped_column(Text)
    request_data: Mapped[Free | None]
    context_data: Mapped[Free | None]
    severity: Mapped[str] = mapped_column(String(20), server_default="error")
    resolved: Mapped[No]
    created_at: Mapped[Stamp] = mapped_column(index=True)
    __table_args__ = (one_of("severity", SEVERITIES),)
