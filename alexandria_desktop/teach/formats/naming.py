"""Ids for what comes in from other programs."""

from __future__ import annotations

import re
from uuid import UUID, uuid4, uuid5

_SPACE = UUID("2f1d7c52-6f0e-5c9b-8b8e-6f7a1d3c9e10")
_PREFIX = "id-"


def drawn_id() -> str:
    """Return an id that nobody can foresee: for choices, whose ids must not tell which is right."""
    return str(uuid4())


def drawn_unless_ours(name: str) -> str:
    """Return the id of a choice of ours as it is; one of another program is drawn anew, because it may tell."""
    bare = from_identifier(name)
    return bare if _is_uuid(bare) else drawn_id()


def steady_id(*names: str) -> str:
    """Return an id that is the same at each import of the same thing, or the last name where that is a UUID."""
    bare = from_identifier(names[-1])
    return str(UUID(bare)) if _is_uuid(bare) else str(uuid5(_SPACE, "\x00".join(names)))


def to_identifier(name: str) -> str:
    """Return an id as XML wants identifiers: a letter first, then letters, digits, ``-``, ``_`` and ``.``."""
    return _PREFIX + re.sub(r"[^A-Za-z0-9_.-]", "_", name)


def from_identifier(name: str) -> str:
    """Return what ``to_identifier`` was given, where that was a plain id."""
    return name.removeprefix(_PREFIX)


def _is_uuid(name: str) -> bool:
    try:
        return str(UUID(name)) == name.lower()
    except ValueError:
        return False
