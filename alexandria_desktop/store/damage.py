"""Notice a damaged database file before anything is written to it, and put it aside, never over it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import NoReturn

from alexandria_desktop.base.errors import Code, SurroundingsError

MAGIC = b"SQLite format 3\x00"
COMPANIONS = ("-wal", "-shm")


def looks_damaged(file: Path) -> bool:
    """Say whether the file's first hundred bytes and its length cannot be those of a database."""
    if not file.exists() or file.stat().st_size == 0:
        return False
    with file.open("rb") as stream:
        head = stream.read(100)
    if len(head) < 100 or head[:16] != MAGIC:
        return True
    page_size = int.from_bytes(head[16:18], "big")
    page_size = 65536 if page_size == 1 else page_size
    pages = int.from_bytes(head[28:32], "big")
    # The count of pages is only to be believed when these two agree; with a log beside it the file may lag behind.
    counted = head[24:28] == head[92:96] and not Path(f"{file}-wal").exists()
    return page_size < 512 or (counted and file.stat().st_size < pages * page_size)


def set_aside(file: Path, now: datetime, *, why: str = "damaged") -> Path:
    """Rename a database and the files beside it; returns the new name."""
    stem = f"{file.name}.{why}-{now:%Y%m%d-%H%M%S}"
    kept, count = file.with_name(stem), 1
    while kept.exists():
        count += 1
        kept = file.with_name(f"{stem}-{count}")
    file.rename(kept)
    for companion in COMPANIONS:
        beside = Path(f"{file}{companion}")
        if beside.exists():
            beside.rename(f"{kept}{companion}")
    return kept


def kept_damaged(file: Path) -> list[Path]:
    """Return the damaged databases that were put aside, oldest first."""
    found = file.parent.glob(f"{file.name}.damaged-*")
    return sorted(path for path in found if not path.name.endswith(COMPANIONS))


def report_damage(kept: Path, backups: Path, detail: str) -> NoReturn:
    """Raise the error that says what was kept and how to get the library back."""
    copies = sorted(backups.glob("*.db"))
    remedy = (
        f"Restore the last backup with: alexandria restore {copies[-1]}"
        if copies
        else "There is no backup; the book files are untouched and can be imported again."
    )
    raise SurroundingsError(
        Code.STORE_DAMAGED,
        f"The library's database is damaged. It was kept as {kept.name}. {remedy}",
        detail=f"{kept}: {detail}",
    )
