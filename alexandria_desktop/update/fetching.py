"""The file of a new version, brought for the reader: gone on with where it was cut off, believed when it is whole."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import httpx

from alexandria_desktop.base.errors import Code, SurroundingsError
from alexandria_desktop.update.asking import ON_THE_WAY, client, unreachable, unreached
from alexandria_desktop.update.manifest import UpdateFile

_RANGE = re.compile(r"bytes (\d{1,20})-\d{1,20}/(\d{1,20})")
Progress = Callable[[int, int], None]


class Interrupted(Exception):  # noqa: N818 - what happened
    """The reader called it off; what has come stays."""


def fetch(
    wanted: UpdateFile,
    folder: Path,
    *,
    on_progress: Progress = lambda _done, _all: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Path:
    """Bring a file into a folder and return it, whole and with the hash that was signed.

    Raises SurroundingsError: update.unreachable, update.changed for other bytes than were signed, store.disk-full.
    Raises Interrupted. A part that has come stays beside it and is gone on with; what turned out wrong is removed.
    """
    whole = folder / wanted.name
    if whole.is_file() and whole.stat().st_size == wanted.size and _sum(whole) == wanted.sha256:
        return whole
    part = folder / f"{wanted.name}.{wanted.sha256[:8]}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _see_room(folder, wanted.size - (part.stat().st_size if part.exists() else 0))
        _bring(wanted, part, on_progress, is_cancelled)
        if part.stat().st_size < wanted.size:
            raise unreachable("it was cut off")
        if part.stat().st_size > wanted.size or _sum(part) != wanted.sha256:
            part.unlink()
            raise SurroundingsError(
                Code.UPDATE_CHANGED,
                "The file that came is not the one that was signed, so it was thrown away. Nothing was changed; "
                "try again later.",
            )
        target = _unused(whole)
        part.replace(target)
    except OSError as fault:
        full = fault.errno in (28, 122)
        raise SurroundingsError(
            Code.STORE_FULL if full else Code.STORE_READ_ONLY,
            f"The file could not be written to {folder.name or folder}. "
            + ("The disk is full; make room and try again." if full else "The folder may not be written to."),
            detail=str(fault),
        ) from fault
    return target


def _bring(wanted: UpdateFile, part: Path, on_progress: Progress, is_cancelled: Callable[[], bool]) -> None:
    """Fetch what is missing of a part. What lies there is only believed once all of it has the right hash."""
    have = part.stat().st_size if part.exists() else 0
    if have > wanted.size:
        part.unlink()
        have = 0
    if have == wanted.size:
        return
    asked = {"Range": f"bytes={have}-"} if have else {}
    try:
        with client(wanted.address) as opened, opened.stream("GET", wanted.address, headers=asked) as answer:
            if answer.status_code == 416:
                part.unlink(missing_ok=True)
                raise unreachable("it has no such rest")
            if answer.status_code not in (200, 206):
                raise unreachable(f"status {answer.status_code}")
            goes_on = answer.status_code == 206
            reach = _RANGE.match(answer.headers.get("content-range", ""))
            if goes_on and (reach is None or int(reach[1]) != have or int(reach[2]) != wanted.size):
                part.unlink(missing_ok=True)
                raise unreachable("the rest is of something else")
            _take(answer, wanted, part, on_progress, is_cancelled, append=goes_on)
    except ON_THE_WAY as fault:
        raise unreached(fault) from fault


def _take(
    answer: httpx.Response,
    wanted: UpdateFile,
    part: Path,
    on_progress: Progress,
    is_cancelled: Callable[[], bool],
    *,
    append: bool,
) -> None:
    with part.open("ab" if append else "wb") as stream:
        for block in answer.iter_raw():
            if stream.tell() + len(block) > wanted.size:
                stream.write(block[: wanted.size - stream.tell() + 1])  # one too many: its length will tell
                break
            stream.write(block)
            on_progress(stream.tell(), wanted.size)
            if is_cancelled():
                raise Interrupted
        stream.flush()
        os.fsync(stream.fileno())


def _see_room(folder: Path, wanted: int) -> None:
    if shutil.disk_usage(folder).free < wanted:
        raise OSError(28, "no room for the file")


def _sum(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _unused(file: Path) -> Path:
    candidate, count = file, 1
    while candidate.exists():
        count += 1
        candidate = file.with_name(f"{file.stem}-{count}{file.suffix}")
    return candidate
