"""Where things are in a folder, and the manifest that says whose it is.

alexandria.json                      format, folder id, user, and the server of an account it came from
devices/<writer>/0000000001.ops      batches of one writer, each written once and never changed
files/<first two>/<sha256>.<format>  files of books, and covers
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import orjson

from sync.folder.placing import explained, place, read
from sync.protocol.errors import Refused, Unreachable
from sync.schema.ids import uuid7

FORMAT = 1
MANIFEST, DEVICES, FILES = "alexandria.json", "devices", "files"
OWN_NAME = "Alexandria"
"""The folder that is made inside one that has other things in it."""

_BATCH = re.compile(r"(\d{10})\.ops")


@dataclass(frozen=True, slots=True)
class Manifest:
    """Whose folder it is."""

    folder: UUID
    user: UUID
    server: str = ""
    """The server of the account that the user id is of; empty where there never was one."""


def choose(chosen: Path) -> Path:
    """Return the folder to use where somebody chose one: itself, or ``Alexandria`` in it if it is full of other things.

    Raises Unreachable where it is not there, or Refused.
    """
    with explained(chosen):
        if not chosen.is_dir():
            raise Unreachable(f"The folder {chosen} is not there.")
        if (chosen / MANIFEST).exists():
            return chosen
        inner = chosen / OWN_NAME
        others = [one.name for one in os.scandir(chosen) if not one.name.startswith(".")]
        return inner if inner.is_dir() or any(name != DEVICES for name in others) else chosen


def manifest_of(root: Path) -> Manifest | None:
    """Return the manifest, None in a folder that nobody has begun. Raises Unreachable or Refused."""
    with explained(root):
        words = read(root / MANIFEST)
        if words is None:
            if (root / DEVICES).exists():
                raise Unreachable(f"The folder {root} has not arrived whole yet.")
            return None
    try:
        found = orjson.loads(words)
        if int(found["format"]) > FORMAT:
            raise Refused(
                409, "folder.newer", "This folder was written by a newer Alexandria. Bring this one up to date."
            )
        return Manifest(UUID(found["folder"]), UUID(found["user"]), str(found.get("server") or ""))
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as fault:
        raise Unreachable(f"The folder {root} has not arrived whole yet.") from fault


def begin(root: Path, user: UUID, server: str = "") -> Manifest:
    """Write the manifest of a new folder; returns the one that is there in the end, which may be another device's."""
    with explained(root):
        root.mkdir(exist_ok=True)
        words = {"format": FORMAT, "folder": str(uuid7()), "user": str(user), "server": server}
        place(root / MANIFEST, orjson.dumps(words, option=orjson.OPT_INDENT_2))
        (root / DEVICES).mkdir(exist_ok=True)
    found = manifest_of(root)
    if found is None:
        raise Unreachable(f"The folder {root} went away.")
    return found


def batch_file(root: Path, writer: UUID, sequence: int) -> Path:
    """Return where a batch is."""
    return root / DEVICES / str(writer) / f"{sequence:010d}.ops"


def sequence_of(name: str) -> int | None:
    """Return a batch's number by the name of its file, None where that is no such name."""
    found = _BATCH.fullmatch(name)
    return int(found.group(1)) if found else None


def book_file(root: Path, sha256: str, suffix: str) -> Path:
    """Return where a file is kept by its content; ``suffix`` has its dot."""
    return root / FILES / sha256[:2] / f"{sha256}{suffix}"
