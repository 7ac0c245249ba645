"""Killing one's own process at a commit, as the power cut or the impatient would: nothing is cleaned up."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection

from alexandria_desktop.store.database import Database
from alexandria_desktop.store.sync_store import SyncStore

T = TypeVar("T")


@dataclass
class Fate:
    """Dies at the commit of this number, before or after it; of number 0 never."""

    commit: int
    after: bool

    def before_commit(self) -> None:
        """Count a commit that is about to be made."""
        self.commit -= 1
        if self.commit == 0 and not self.after:
            die()

    def after_commit(self) -> None:
        """Go on, or not."""
        if self.commit == 0 and self.after:
            die()


def die() -> None:
    """Kill this process."""
    os.kill(os.getpid(), signal.SIGKILL)


class MortalStore(SyncStore):
    """A library whose program dies at one of its commits."""

    def __init__(self, database: Database, fate: Fate) -> None:
        super().__init__(database)
        self._fate = fate

    def write(self, work: Callable[[Connection], T], /) -> T:
        def and_die(connection: Connection) -> T:
            found = work(connection)
            self._fate.before_commit()
            return found

        found = super().write(and_die)
        self._fate.after_commit()
        return found
