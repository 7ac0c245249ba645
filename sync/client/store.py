"""What the engine asks of a library: transactions of its one writer, and a look at what is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from sqlalchemy import Connection

T = TypeVar("T")


class LocalStore(Protocol):
    """Runs functions inside transactions; hands out no connection of its own."""

    def write(self, work: Callable[[Connection], T], /) -> T:
        """Run ``work`` in a transaction with references between rows unchecked; on the disk when this returns."""
        ...

    def read(self, work: Callable[[Connection], T], /) -> T:
        """Run ``work`` on one moment of the library."""
        ...
