"""A batch as a file: who wrote it, after what, its operations, and a footer that proves that all of it is here.

The bytes are fixed when they are first written. Any device that has them may put them back.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import orjson

from sync.folder.layout import FORMAT
from sync.protocol.lines import BodyCutError, framed, opened

LARGEST = 256 * 1024**2
"""Bytes that a file may become when it is unpacked; more is no batch of ours."""


class NotWholeError(Exception):
    """A file is cut, damaged, or no batch; it counts as not arrived."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a batch says of itself."""

    folder: UUID
    writer: UUID
    sequence: int
    """The writer's batches are numbered from 1 without gaps."""
    batch: UUID
    device: UUID
    stamp: int
    """Greater than that of every batch that the writer knew; with ``batch`` the order of all batches."""
    at: int
    """The writer's own clock, as a reading of the hybrid clock."""
    seen: Mapping[str, int]
    """How far the writer was with each other writer; this batch waits for those."""

    def under(self, writer: UUID, sequence: int) -> Header:
        """Return the header of the same batch in another writer's name."""
        return replace(self, writer=writer, sequence=sequence)


def pack(header: Header, operations: Sequence[Mapping[str, Any]]) -> bytes:
    """Return a file."""
    head = {
        "format": FORMAT, "folder": str(header.folder), "writer": str(header.writer), "sequence": header.sequence,
        "batch": str(header.batch), "device": str(header.device), "stamp": header.stamp, "at": header.at,
        "seen": dict(header.seen),
    }  # fmt: skip
    return gzip.compress(framed(head, [orjson.dumps(one) for one in operations]), 6, mtime=0)


def unpack(file: bytes) -> tuple[Header, list[dict[str, Any]]]:
    """Return what a file holds. Raises NotWholeError before anything of it is used."""
    try:
        unpacking = zlib.decompressobj(wbits=31)
        body = unpacking.decompress(file, LARGEST)
        if not unpacking.eof or unpacking.unused_data:
            raise NotWholeError("The file ends too early, or too late.")
        head, lines = opened(body)
        header = Header(
            UUID(head["folder"]), UUID(head["writer"]), int(head["sequence"]), UUID(head["batch"]),
            UUID(head["device"]), int(head["stamp"]), int(head["at"]),
            {str(UUID(writer)): int(count) for writer, count in head["seen"].items()},
        )  # fmt: skip
        operations = [dict(line) for line in lines]
    except (zlib.error, BodyCutError, orjson.JSONDecodeError) as fault:
        raise NotWholeError("The file is cut or damaged.") from fault
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise NotWholeError("The file is no batch.") from fault
    return header, operations
