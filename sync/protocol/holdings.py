"""What a device holds, in so few bytes that both sides can compare it: a count and a hash for each table."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

UNCOUNTED = frozenset({"community_themes", "marketplace_items"})
"""Tables with counters whose change is no news: of these the rows are compared, and not how often they changed."""


@dataclass(frozen=True, slots=True)
class Held:
    """The rows of one table: how many, and a number that depends on each row's id and revision but not on order."""

    count: int = 0
    digest: int = 0
    """Of 64 bits, signed."""

    @classmethod
    def of(cls, rows: Iterable[tuple[UUID, int]]) -> Held:
        """Return what rows, each an id and a revision, add up to."""
        count = digest = 0
        for one, revision in rows:
            found = hashlib.md5(f"{one}:{revision}".encode(), usedforsecurity=False).digest()
            digest ^= int.from_bytes(found[:8], "big", signed=True)
            count += 1
        return cls(count, digest)


Holdings: TypeAlias = dict[str, Held]


def as_json(held: Holdings) -> dict[str, list[Any]]:
    """Return holdings as they are sent; the digest in letters, since not every reader of JSON takes 64 bits."""
    return {name: [one.count, str(one.digest)] for name, one in held.items()}


def from_json(told: dict[str, list[Any]]) -> Holdings:
    """Return holdings as they came."""
    return {name: Held(int(count), int(digest)) for name, (count, digest) in told.items()}


def differing(mine: Holdings, theirs: Holdings) -> list[str]:
    """Return the tables that are not the same; one that is not named has no rows."""
    return sorted(name for name in mine.keys() | theirs.keys() if mine.get(name, Held()) != theirs.get(name, Held()))
