"""The market: what is for sale, what was bought, who may open what, and what creators earned."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from sync.schema.base import (
    Base,
    Dated,
    Document,
    Free,
    Key,
    Moment,
    Pulled,
    Stamp,
    between,
    default_of,
    one_of,
    person,
    reference,
)
from sync.schema.types import Fixed

LICENSES = ("personal", "educational", "commercial")
PURCHASE_STATES = ("pending", "completed", "failed", "refunded")
ITEM_TYPES = ("book", "course", "subscription")
ACCESS_TYPES = ("purchased", "trial", "subscription")

ZERO = default_of("0", 2)


class MarketplaceItem(Dated, Pulled, Base):
    """An item that is for sale."""

    __tablename__ = "marketplace_items"
    id: Mapped[Key]
    content_id: Mapped[UUID] = reference("content_items.id", ondelete="RESTRICT", loose=True, index=False)
    price: Mapped[Decimal | None] = mapped_column(Fixed(10, 2))
    currency: Mapped[str] = mapped_column(String(3), server_default="USD")
    license_type: Mapped[str | None] = mapped_column(String(50))
    revenue_share: Mapped[Decimal] = mapped_column(Fixed(5, 2), server_default=default_of("70", 2))
    featured_until: Mapped[Moment | None]
    total_sales: Mapped[int] = mapped_column(server_default=text("0"))
    total_revenue: Mapped[Decimal] = mapped_column(Fixed(12, 2), server_default=ZERO)
    deleted_at: Mapped[Moment | None]
    __table_args__ = (
        UniqueConstraint("content_id"),
        one_of("license_type", LICENSES),
        *between("price", 0, None),
        *between("revenue_share", 0, 100, scale=2),
        *between("total_sales", 0, None),
    )


class Purchase(Dated, Pulled, Base):
    """A payment; it stays when the buyer goes, with a snapshot of who it was."""

    __tablename__ = "purchases"
    id: Mapped[Key]
    user_id: Mapped[UUID | None] = person(ondelete="SET NULL", nullable=True)
    buyer_snapshot: Mapped[Document]
    stripe_payment_intent_id: Mapped[str | None] = mapped_column(String(255))
    total_amount: Mapped[Decimal] = mapped_column(Fixed(10, 2))
    currency: Mapped[str] = mapped_column(String(3), server_default="USD")
    tax_amount: Mapped[Decimal] = mapped_column(Fixed(10, 2), server_default=ZERO)
    status: Mapped[str] = mapped_column(String(50), server_default="pending")
    billing_address: Mapped[Free | None]
    purchased_at: Mapped[Stamp]
    refunded_at: Mapped[Moment | None]
    __table_args__ = (
        UniqueConstraint("stripe_payment_intent_id"),
        one_of("status", PURCHASE_STATES),
        *between("total_amount", 0, None),
        *between("tax_amount", 0, None),
    )


class PurchaseItem(Dated, Pulled, Base):
    """One thing in a purchase, with a snapshot of what it was."""

    __tablename__ = "purchase_items"
    id: Mapped[Key]
    purchase_id: Mapped[UUID] = reference("purchases.id", ondelete="RESTRICT", loose=True)
    content_id: Mapped[UUID] = reference("content_items.id", ondelete="RESTRICT", loose=True)
    item_snapshot: Mapped[Document]
    item_type: Mapped[str] = mapped_column(String(50))
    price: Mapped[Decimal] = mapped_column(Fixed(10, 2))
    license_type: Mapped[str] = mapped_column(String(50), server_default="personal")
    access_expires_at: Mapped[Moment | None]
    __table_args__ = (
        one_of("item_type", ITEM_TYPES),
        one_of("license_type", LICENSES),
        *between("price", 0, None),
    )


class UserContentAccess(Dated, Pulled, Base):
    """Who may open which item, and until when."""

    __tablename__ = "user_content_access"
    id: Mapped[Key]
    user_id: Mapped[UUID] = person(index=False)
    content_id: Mapped[UUID] = reference("content_items.id", ondelete="RESTRICT", loose=True)
    purchase_id: Mapped[UUID | None] = reference("purchases.id", ondelete="SET NULL", nullable=True, loose=True)
    access_type: Mapped[str] = mapped_column(String(50))
    access_granted_at: Mapped[Stamp]
    access_expires_at: Mapped[Moment | None]
    last_accessed_at: Mapped[Moment | None]
    __table_args__ = (UniqueConstraint("user_id", "content_id", "access_type"), one_of("access_type", ACCESS_TYPES))


class RevenueAnalytics(Dated, Pulled, Base):
    """What an item earned on a day."""

    __tablename__ = "revenue_analytics"
    id: Mapped[Key]
    date: Mapped[date]
    content_id: Mapped[UUID] = reference("content_items.id", ondelete="RESTRICT", loose=True)
    creator_id: Mapped[UUID | None] = person(ondelete="RESTRICT", nullable=True)
    currency: Mapped[str] = mapped_column(String(3), server_default="USD")
    gross_revenue: Mapped[Decimal] = mapped_column(Fixed(12, 2), server_default=ZERO)
    net_revenue: Mapped[Decimal] = mapped_column(Fixed(12, 2), server_default=ZERO)
    platform_fee: Mapped[Decimal] = mapped_column(Fixed(12, 2), server_default=ZERO)
    creator_share: Mapped[Decimal] = mapped_column(Fixed(12, 2), server_default=ZERO)
    transaction_count: Mapped[int] = mapped_column(server_default=text("0"))
    refund_count: Mapped[int] = mapped_column(server_default=text("0"))
    refund_amount: Mapped[Decimal] = mapped_column(Fixed(12, 2), server_default=ZERO)
    __table_args__ = (UniqueConstraint("date", "content_id"),)


class StripeEvent(Base):
    """A payment provider's message, kept so that it is handled once."""

    __tablename__ = "stripe_events"
    event_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    event_type: Mapped[str] = mapped_column(String(100))
    payload: Mapped[Free]
    received_at: Mapped[Stamp]
    handled_at: Mapped[Moment | None]
    failure: Mapped[str | None] = mapped_column(Text)
