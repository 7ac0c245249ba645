"""What keeps a laptop in step: its outbox, and requests that wait for the server's verdict."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from sync.schema.base import (
    Base,
    Bytes8,
    Dated,
    Document,
    Free,
    Key,
    Moment,
    No,
    Pulled,
    Stamp,
    one_of,
    person,
    server_index,
)
from sync.schema.types import Uuid

OPERATIONS = ("insert", "update", "delete", "undelete")
OUTBOX_STATES = ("pending", "frozen", "rejected")
REQUEST_KINDS = ("enroll", "leave", "publish", "buy")
VERDICTS = ("granted", "refused")


class OutboxEntry(Base):
    """What must still be told about one row: one entry a row until it is frozen into a batch.

    ``base_json`` has the value each changed field had when the server last knew the row, ``clocks_json`` when it was
    last changed here. The new values are read from the row itself at the moment of freezing, into ``payload_json``.
    """

    __tablename__ = "outbox"
    sequence: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    table_name: Mapped[str] = mapped_column(String(63))
    row_id: Mapped[UUID] = mapped_column(Uuid)
    operation: Mapped[str] = mapped_column(String(10))
    base_json: Mapped[Document]
    clocks_json: Mapped[Document]
    base_revision: Mapped[Bytes8] = mapped_column(server_default=text("0"))
    clock: Mapped[Bytes8]
    created_at: Mapped[Stamp]
    state: Mapped[str] = mapped_column(String(10), server_default="pending")
    batch_id: Mapped[UUID | None] = mapped_column(Uuid, index=True)
    payload_json: Mapped[Free | None]
    reject_code: Mapped[str | None] = mapped_column(String(100))
    __table_args__ = (
        Index(
            "uq_outbox_pending",
            "table_name",
            "row_id",
            unique=True,
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        one_of("operation", OPERATIONS),
        one_of("state", OUTBOX_STATES),
    )


class SyncConflict(Base):
    """Two devices changed the same thing: both versions, and which one the row holds, until the reader has looked."""

    __tablename__ = "sync_conflicts"
    id: Mapped[Key]
    table_name: Mapped[str] = mapped_column(String(63))
    row_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    column_name: Mapped[str] = mapped_column(String(63))
    mine_json: Mapped[Free | None]
    theirs_json: Mapped[Free | None]
    kept_json: Mapped[Free | None]
    both_kept: Mapped[No]
    noticed_at: Mapped[Stamp]
    settled_at: Mapped[Moment | None]
    """When the reader chose, or put it aside."""


class SyncSeen(Base):
    """The rows that a whole listing has named so far; what it does not name in the end is no longer there."""

    __tablename__ = "sync_seen"
    table_name: Mapped[str] = mapped_column(String(63), primary_key=True)
    row_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)


class Request(Dated, Pulled, Base):
    """Something the reader asks of the server and is told the outcome of."""

    __tablename__ = "requests"
    id: Mapped[Key]
    user_id: Mapped[UUID] = person()
    kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[UUID | None] = mapped_column(Uuid)
    payload_json: Mapped[Document]
    verdict: Mapped[str | None] = mapped_column(String(20))
    verdict_code: Mapped[str | None] = mapped_column(String(100))
    decided_at: Mapped[Moment | None]
    deleted_at: Mapped[Moment | None]
    __table_args__ = (
        one_of("kind", REQUEST_KINDS),
        one_of("verdict", VERDICTS),
        server_index("idx_requests_code", text("(payload_json->>'code')"), postgresql_where=text("kind = 'publish'")),
    )
