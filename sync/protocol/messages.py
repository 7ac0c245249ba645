"""The messages: what a device pushes and pulls, and what it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from sync.protocol.version import PRESENT, Edition


class Verdict(StrEnum):
    """What became of an operation."""

    APPLIED = "applied"
    MERGED = "merged"
    """Applied beside changes that another device made to other fields, or to other words of a text."""
    CONFLICT = "conflict"
    """Applied as far as it went; what both changed is listed, with what was kept."""
    REJECTED = "rejected"
    """Not applied; the code says why. The device keeps it for the reader to see."""


class Kind(StrEnum):
    """What an operation does."""

    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"
    UNDELETE = "undelete"


@dataclass(frozen=True, slots=True)
class Operation:
    """A change to one row; values as the wire has them."""

    number: int
    """Its place in the device's outbox; the verdict names it."""
    table: str
    row_id: UUID
    kind: Kind
    values: Mapping[str, Any]
    """What each changed column is now; for an insert the whole row."""
    base: Mapping[str, Any] = field(default_factory=dict)
    """What each changed column was when the server last knew the row."""
    clocks: Mapping[str, int] = field(default_factory=dict)
    clock: int = 0
    """The hybrid clock's reading of the last change; of every column that ``clocks`` does not name."""
    revision: int = 0
    """The server's count of the row's changes that the device knew."""
    seen: Mapping[str, Any] = field(default_factory=dict)
    """For a delete: the row's field clocks as the device knew them, so that an edit that it never saw is kept."""

    def as_json(self) -> dict[str, Any]:
        """Return the operation as it is sent; what is empty is left out."""
        return operation_json(
            number=self.number,
            table=self.table,
            row_id=str(self.row_id),
            kind=self.kind.value,
            values=self.values,
            clock=self.clock,
            base=self.base,
            clocks=self.clocks,
            revision=self.revision,
            seen=self.seen,
        )


def operation_json(
    *,
    number: int,
    table: str,
    row_id: str,
    kind: str,
    values: Mapping[str, Any],
    clock: int,
    base: Mapping[str, Any] | None = None,
    clocks: Mapping[str, int] | None = None,
    revision: int = 0,
    seen: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return an ``Operation`` as it is sent, without making one: a first push has ten thousand."""
    found: dict[str, Any] = {
        "number": number, "table": table, "id": row_id, "kind": kind, "values": values, "clock": clock,
    }  # fmt: skip
    if base:
        found["base"] = base
    if clocks:
        found["clocks"] = clocks
    if revision:
        found["revision"] = revision
    if seen:
        found["seen"] = seen
    return found


@dataclass(frozen=True, slots=True)
class Batch:
    """Operations that are applied together; the same id always has the same operations."""

    device_id: UUID
    batch_id: UUID
    operations: tuple[Operation, ...]
    edition: Edition = PRESENT
    """What the device speaks and knows."""

    def as_json(self) -> dict[str, Any]:
        """Return the batch as it is sent."""
        return {
            "protocol": self.edition.protocol,
            "schema": self.edition.schema,
            "device_id": str(self.device_id),
            "batch_id": str(self.batch_id),
            "operations": [one.as_json() for one in self.operations],
        }


@dataclass(frozen=True, slots=True)
class PullRequest:
    """What a device asks."""

    device_id: UUID
    user_id: UUID
    """Whose library asks; a session of somebody else's is refused."""
    checkpoint: int = 0
    """The last one that was applied whole; 0 for a device that has nothing."""
    page: int = 5_000
    catalogues: tuple[str, ...] = ()
    edition: Edition = PRESENT
    """What the device speaks and knows."""
    heard: UUID | None = None
    """The batch whose answer was taken in last, where that answer said that it tells what a pull need not repeat."""

    def as_json(self) -> dict[str, Any]:
        """Return the request as it is sent; a server that never said that it tells by answers knows no ``heard``."""
        told = {} if self.heard is None else {"heard": str(self.heard)}
        return {
            **told,
            "protocol": self.edition.protocol,
            "schema": self.edition.schema,
            "device_id": str(self.device_id),
            "user_id": str(self.user_id),
            "checkpoint": self.checkpoint,
            "page": self.page,
            "catalogues": list(self.catalogues),
        }
