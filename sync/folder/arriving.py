"""Take in what has come into the folder: each writer's batches in their order, each after those that it was based on.

Files may be late, cut, doubled or under names that a sync tool gave them. What a file says of itself counts, not its
name; what does not fit its own footer has not arrived yet.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from sync.folder.batches import Header, NotWholeError, unpack
from sync.folder.layout import DEVICES, sequence_of
from sync.folder.ledger import Key, Ledger
from sync.folder.placing import read

Batch = tuple[Header, list[dict[str, Any]], bytes]


@dataclass(slots=True)
class Listing:
    """The names in the folder at one moment."""

    batches: dict[str, set[int]] = field(default_factory=dict)
    """Which files of each writer have their right name."""
    strays: list[Path] = field(default_factory=list)
    """Files with names of others' making."""


@dataclass(slots=True)
class Arrived:
    """What came."""

    batches: int = 0
    touched: set[Key] = field(default_factory=set)
    waiting: int = 0
    """Files that are here and wait for others, or are not whole."""
    unknown: int = 0
    """Files that are no batches of this folder."""


def listing_of(root: Path) -> Listing:
    """Look at what there is."""
    found = Listing()
    for folder in _entries(root / DEVICES):
        if not folder.is_dir():
            found.strays.append(Path(folder.path))
            continue
        writer = _writer(folder.name)
        for one in _entries(Path(folder.path)):
            sequence = sequence_of(one.name)
            if writer is not None and sequence is not None:
                found.batches.setdefault(writer, set()).add(sequence)
            elif not one.name.endswith(".part") and one.is_file():
                found.strays.append(Path(one.path))
    return found


def take_in(root: Path, ledger: Ledger, listing: Listing, is_cut: Callable[[], bool] = lambda: False) -> Arrived:
    """Bring what can be used into the ledger, inside a transaction of the caller's."""
    return _Taking(root, ledger, listing, is_cut).run()


class _Taking:
    def __init__(self, root: Path, ledger: Ledger, listing: Listing, is_cut: Callable[[], bool]) -> None:
        self._root = root
        self._ledger = ledger
        self._listing = listing
        self._is_cut = is_cut
        self._folder = ledger.fact("folder")
        self._taken = ledger.taken()
        self._strays: dict[tuple[str, int], Batch] | None = None
        self._arrived = Arrived()

    def run(self) -> Arrived:
        while self._once():
            pass
        self._arrived.waiting = sum(
            sequence > self._taken.get(writer, 0)
            for writer, sequences in self._listing.batches.items()
            for sequence in sequences
        )
        return self._arrived

    def _once(self) -> bool:
        """Go through all writers; whether anything was taken, for which others may have waited."""
        writers = {*self._listing.batches, *self._taken}
        if self._listing.strays:
            writers |= {writer for writer, _ in self._by_what_they_say()}
        took = False
        for writer in sorted(writers):
            took |= self._of_writer(writer)
        return took

    def _of_writer(self, writer: str) -> bool:
        took = False
        while not self._is_cut():
            sequence = self._taken.get(writer, 0) + 1
            batch = self._find(writer, sequence)
            if batch is None or not self._is_next(batch[0]):
                break
            self._arrived.touched |= self._ledger.add(*batch)
            self._taken[writer] = sequence
            self._arrived.batches += 1
            took = True
        return took

    def _is_next(self, header: Header) -> bool:
        """Whether everything that a batch was based on is here."""
        return all(self._taken.get(writer, 0) >= count for writer, count in header.seen.items())

    def _find(self, writer: str, sequence: int) -> Batch | None:
        if sequence in self._listing.batches.get(writer, ()):
            found = self._open(self._root / DEVICES / writer / f"{sequence:010d}.ops")
            if found is not None and (str(found[0].writer), found[0].sequence) == (writer, sequence):
                return found
        return self._by_what_they_say().get((writer, sequence)) if self._listing.strays else None

    def _by_what_they_say(self) -> dict[tuple[str, int], Batch]:
        """Return the batches in files with other names, by what they say of themselves; read once, when one lacks."""
        if self._strays is None:
            self._strays = {}
            for path in self._listing.strays:
                found = self._open(path)
                if found is None:
                    self._arrived.unknown += 1
                else:
                    self._strays.setdefault((str(found[0].writer), found[0].sequence), found)
        return self._strays

    def _open(self, path: Path) -> Batch | None:
        file = read(path)
        if file is None:
            return None
        try:
            header, operations = unpack(file)
        except NotWholeError:
            return None
        return (header, operations, file) if str(header.folder) == self._folder else None


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            yield from found
    except (FileNotFoundError, NotADirectoryError):
        return  # taken away since it was named


def _writer(name: str) -> str | None:
    try:
        return name if str(UUID(name)) == name else None
    except ValueError:
        return None
