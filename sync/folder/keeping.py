"""Keep the folder whole: write what is not in it yet, put back what went missing, notice who writes in our name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from sync.folder.arriving import Listing
from sync.folder.batches import NotWholeError, pack, unpack
from sync.folder.layout import DEVICES, FILES, batch_file
from sync.folder.ledger import Ledger
from sync.folder.placing import clear_parts, place, read

LEFT_AFTER = timedelta(days=2)
"""Nobody is still writing a file after that time."""


def put_in_place(root: Path, ledger: Ledger, listing: Listing, is_cut: Callable[[], bool] = lambda: False) -> int:
    """Write every batch that is known here and not in the folder; returns how many.

    Those of others too, byte for byte: their writer may never come again, and the bytes are fixed.
    """
    done = 0
    for writer, count in ledger.taken().items():
        there = listing.batches.get(writer, set())
        for sequence in range(1, count + 1):
            if sequence in there or is_cut():
                continue
            done += place(batch_file(root, UUID(writer), sequence), ledger.file(writer, sequence))
            listing.batches.setdefault(writer, set()).add(sequence)
    return done


def look_after_own(root: Path, ledger: Ledger, listing: Listing, now: datetime) -> None:
    """Read again what was written in our name: all of it once a day, the last one always.

    Where it is damaged it is put right. Where it is another batch, somebody writes in our name, as after a computer was
    set back or copied whole: then we take a new name, and what was ours is told in it.
    """
    writer = ledger.writer
    own = ledger.taken().get(str(writer), 0)
    there = listing.batches.get(str(writer), set())
    today = now.date().isoformat()
    every = ledger.fact("looked after") != today
    is_ours = all(sequence <= own for sequence in there)
    for sequence in range(1 if every else max(own, 1), own + 1):
        if sequence in there:
            is_ours = _is_ours(root, ledger, writer, sequence) and is_ours
    if every:
        _tidy_up(root, now)
        _stand_in_for_damaged(root, ledger, listing)
        with ledger.transaction():
            ledger.keep("looked after", today)
    if not is_ours:
        _tell_in_a_new_name(ledger, writer, own)


def _tidy_up(root: Path, now: datetime) -> None:
    for folder in (root, *(root / DEVICES).glob("*"), *(root / FILES).glob("*")):
        clear_parts(folder, now - LEFT_AFTER)


def _stand_in_for_damaged(root: Path, ledger: Ledger, listing: Listing) -> None:
    """Put a whole copy beside each file of another's that is damaged, for those who have not read it.

    Their writer would put it right, but may never come again; nobody changes a file of another's.
    """
    for writer, count in ledger.taken().items():
        there = listing.batches.get(writer, set())
        for sequence in range(1, count + 1) if writer != str(ledger.writer) else ():
            path = batch_file(root, UUID(writer), sequence)
            ours = ledger.file(writer, sequence)
            if sequence in there and read(path) not in (ours, None) and not _is_whole(path):
                place(path.with_name(f"{path.stem}-whole{path.suffix}"), ours)


def _is_whole(path: Path) -> bool:
    try:
        unpack(read(path) or b"")
    except NotWholeError:
        return False
    return True


def _is_ours(root: Path, ledger: Ledger, writer: UUID, sequence: int) -> bool:
    path, ours = batch_file(root, writer, sequence), ledger.file(str(writer), sequence)
    found = read(path)
    if found is None or found == ours:
        return True
    try:
        header, _ = unpack(found)
    except NotWholeError:
        place(path, ours, replacing=True)
        return True
    return header.batch == unpack(ours)[0].batch


def _tell_in_a_new_name(ledger: Ledger, before: UUID, count: int) -> None:
    """Whoever has the other's batches under our old name gets ours under the new one; who has them knows them."""
    with ledger.transaction():
        writer = ledger.new_writer()
        for sequence in range(1, count + 1):
            header, operations = unpack(ledger.file(str(before), sequence))
            # No longer under the old name: what is there now is the other's, and still to be taken in.
            ledger.rename(before, writer, sequence, pack(header.under(writer, sequence), operations))
