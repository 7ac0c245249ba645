"""Whether a library is still the one that its device id stands for, or a copy or an earlier state of it.

The server remembers what each device has. A library that was copied, or put back from a backup, must not speak under
an id that another goes on using: it takes a new one and is told everything again. To notice, the count of rounds is
kept twice: in the library, and outside it on this computer, where neither a copy nor a backup of the library reaches.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import orjson
from sqlalchemy import Connection

from alexandria_desktop.base.paths import state_folder
from alexandria_desktop.library import sessions
from alexandria_desktop.library.core import Core
from alexandria_desktop.library.standing import standing
from alexandria_desktop.store.identity import change_device, identity_of
from sync.client.facts import recall, remember

ROUNDS = "sync.rounds"


@dataclass(frozen=True, slots=True)
class Mark:
    """What this computer remembers of a library, outside it."""

    library: str
    rounds: int


def begin_round(core: Core) -> UUID:
    """Return the id of the device that this library is, before it speaks to a server; a new one if it must."""
    library = core.paths.root
    with core.reading() as connection:
        rounds = int(recall(connection, ROUNDS) or 0)
        # Another process of this library may have changed it since we opened.
        core.identity = identity_of(connection) or core.identity
    device = core.identity.device_id
    if _is_another(rounds, _read(device), library):
        with core.reading() as connection:
            where = standing(connection)
        device = core.write(change_device)
        sessions.follow(where, device)
        core.identity = replace(core.identity, device_id=device)
        rounds = 0
    rounds += 1
    # First here, then outside: killed between the two, the library is one ahead, as no copy and no backup ever is.
    core.database.library.run(lambda connection: remember(connection, ROUNDS, rounds))
    if not _keep(device, Mark(str(library), rounds)):
        core.database.library.run(_without_mark)
    return device


def _is_another(rounds: int, mark: Mark | None, library: Path) -> bool:
    if mark is None:
        return rounds > 0
    moved = mark.library != str(library)
    return rounds < mark.rounds or (moved and (Path(mark.library) / "library.db").exists())


def _without_mark(connection: Connection) -> None:
    """Expect no mark next time, or a computer that cannot keep any would take a new id each round."""
    remember(connection, ROUNDS, 0)


def _file(device: UUID) -> Path:
    return state_folder() / "devices" / f"{device}.json"


def _read(device: UUID) -> Mark | None:
    try:
        found = orjson.loads(_file(device).read_bytes())
        return Mark(str(found["library"]), int(found["rounds"]))
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return None  # lost or unreadable: then this counts as a copy, which costs one listing


def _keep(device: UUID, mark: Mark) -> bool:
    file = _file(device)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_suffix(".new")
        beside.write_bytes(orjson.dumps({"library": mark.library, "rounds": mark.rounds}))
        beside.replace(file)
    except OSError:
        return False
    return True
