"""A batch as it comes in."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from sync.protocol.messages import Kind
from sync.protocol.version import PROTOCOL, SCHEMA

MAX_OPERATIONS = 5_000
_LARGEST = 2**63 - 1

Name = Annotated[str, Meta(min_length=1, max_length=63)]
Number = Annotated[int, Meta(ge=0, le=_LARGEST)]
Reading = Annotated[int, Meta(ge=0, le=_LARGEST)]


class OperationBody(Struct, frozen=True, forbid_unknown_fields=True):
    """One change to one row."""

    number: Annotated[int, Meta(ge=0, le=_LARGEST)]
    table: Name
    id: UUID
    kind: Kind
    values: dict[Name, Any]
    base: dict[Name, Any] = {}
    clocks: dict[Name, Reading] = {}
    clock: Reading = 0
    revision: Reading = 0
    seen: dict[str, Any] = {}


class BatchBody(Struct, frozen=True, forbid_unknown_fields=True):
    """What a device hands in at once."""

    device_id: UUID
    batch_id: UUID
    operations: Annotated[list[OperationBody], Meta(max_length=MAX_OPERATIONS)]
    protocol: int = PROTOCOL
    schema: Number = SCHEMA
