"""What this computer remembers of updates, outside every library: whether to ask, and the newest that was ever seen."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

import orjson

from alexandria_desktop.base.paths import state_folder
from alexandria_desktop.base.whole_file import write_whole


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered; all of it may be lost without harm."""

    agreed: bool | None = None
    """Whether the program may look for new versions by itself; None until the reader was asked."""
    was_asked: bool = False
    """Whether the reader was asked; nobody is asked twice."""
    looked_at: datetime | None = None
    seen_version: str = ""
    """The newest version that a signed manifest told of: an older one is refused afterwards."""
    seen_date: datetime | None = None
    told: str = ""
    """The new version that the reader was told of in the window, once."""
    ran: str = ""
    """The version that ran last, to say once what is new after an update."""


def memory_file() -> Path:
    """Return where it is kept."""
    return state_folder() / "update.json"


def remembered() -> Memory:
    """Return what is remembered; nothing where it cannot be read."""
    try:
        found = orjson.loads(memory_file().read_bytes())
        agreed = found.get("agreed")
        return Memory(
            agreed=agreed if isinstance(agreed, bool) else None,
            was_asked=found.get("was_asked") is True,
            looked_at=_moment(found.get("looked_at")),
            seen_version=str(found.get("seen_version") or ""),
            seen_date=_moment(found.get("seen_date")),
            told=str(found.get("told") or ""),
            ran=str(found.get("ran") or ""),
        )
    except (OSError, ValueError, AttributeError, TypeError):
        return Memory()


def remember(**changes: object) -> Memory:
    """Change what is remembered and return it; a disk that takes nothing is no reason to stop."""
    memory = replace(remembered(), **changes)  # type: ignore[arg-type]
    with suppress(OSError):
        memory_file().parent.mkdir(parents=True, exist_ok=True)
        write_whole(memory_file(), orjson.dumps(asdict(memory)))
    return memory


def _moment(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo is not None else None
