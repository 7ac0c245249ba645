"""Files by their content, as a device sees the place where they are kept: a server, or a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sync.protocol.errors import Damaged

Progress = Callable[[int, int], None]
"""Told bytes done and bytes in all."""


class Interrupted(Exception):  # noqa: N818 - what happened, not a fault
    """Somebody asked it to stop; what came or went is kept."""


def damaged_here(path: Path) -> Damaged:
    """Return that a file of this computer is not handed in as what it no longer is."""
    return Damaged(f"A file on this computer is damaged and was not sent: {path.name}.")


@dataclass(frozen=True, slots=True)
class Known:
    """What is said of some hashes."""

    readable: frozenset[str]
    claimed: frozenset[str]
    """Those that need not be handed in by this device's person."""


class BlobStore(Protocol):
    """Where files are kept. Methods raise SyncError; those that carry bytes, Interrupted."""

    def known(self, hashes: Iterable[str], *, surely: bool = False) -> Known:
        """Return which of these can be fetched, and which need not be sent.

        ``surely`` looks at every byte where that is not known anyway: for who will remove their own copy.
        """
        ...

    def send(
        self,
        path: Path,
        sha256: str,
        media_type: str,
        *,
        upload: str | None = None,
        on_begin: Callable[[str], None] = ...,
        on_progress: Progress = ...,
        is_cancelled: Callable[[], bool] = ...,
    ) -> None:
        """Hand a file in, going on with ``upload`` where one was begun."""
        ...

    def fetch(
        self,
        sha256: str,
        target: Path,
        *,
        on_progress: Progress = ...,
        is_cancelled: Callable[[], bool] = ...,
    ) -> None:
        """Fetch a file to its place: there whole and right, or not at all."""
        ...

    def cut(self) -> None:
        """Cut off what is under way, from another thread."""
        ...

    def close(self) -> None:
        """Let go of what is held."""
        ...
