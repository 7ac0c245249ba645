"""Vectors that the server has for what is on the shelf: brought beside the rounds, replaced, removed with it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from alexandria_desktop.library.core import Core
from alexandria_desktop.library.homes import ServerHome, home_of
from alexandria_desktop.library.standing import explained
from alexandria_desktop.library.syncing import Syncing
from alexandria_desktop.store import vector_packs
from sync.client.packs import PackClient
from sync.protocol.errors import Refused
from sync.retrieval.static_model import KEY

_ASKED_AGAIN = timedelta(hours=6)
"""A shelf that has not changed asks no more often; a book that was put on it is asked for at once."""
MOST_AT_ONCE = 500
"""Packs that one run brings; the next goes on."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What came and went."""

    fetched: int = 0
    removed: int = 0


class VectorPacks:
    """The server's vectors on this computer."""

    def __init__(self, core: Core, syncing: Syncing) -> None:
        self._core = core
        self._syncing = syncing
        self._one_at_a_time = threading.Lock()
        self._asked: tuple[object, datetime] | None = None

    def carry(self, *, anyhow: bool = False, is_cancelled: Callable[[], bool] = lambda: False) -> Brought:
        """Bring what is new and remove what left the shelf or the server. Raises ReaderError or SurroundingsError."""
        with self._one_at_a_time:
            home = home_of(self._core, self._syncing.status())
            if not isinstance(home, ServerHome):
                return Brought()
            client = PackClient(home.server, home.token)
            try:
                with explained():
                    return self._carry(client, anyhow, is_cancelled)
            finally:
                client.close()

    def _carry(self, client: PackClient, anyhow: bool, is_cancelled: Callable[[], bool]) -> Brought:
        with self._core.reading() as connection:
            shelf = vector_packs.items_on_shelf(connection, self._core.identity.user_id)
            here = vector_packs.held(connection)
        ids, now = tuple(item.id for item in shelf), self._core.database.clock()
        is_same = self._asked is not None and self._asked[0] == ids and now - self._asked[1] < _ASKED_AGAIN
        if is_same and not anyhow:
            return Brought()
        try:
            there = client.tags(ids, KEY)
        except Refused as fault:
            if fault.status != 404:
                raise
            there = {}  # an older server has no packs
        gone = [item for item in here if item not in there]
        if gone:
            self._core.database.index.run(lambda connection: vector_packs.drop(connection, gone))
        wanted = [item for item in shelf if item.id in there and here.get(item.id) != there[item.id]]
        fetched = 0
        for item in wanted[:MOST_AT_ONCE]:
            if is_cancelled():
                return Brought(fetched, len(gone))
            fetched += self._bring(client, item, now)
        if len(wanted) <= MOST_AT_ONCE:
            self._asked = (ids, now)
        return Brought(fetched, len(gone))

    def _bring(self, client: PackClient, item: vector_packs.ShelfItem, now: datetime) -> int:
        try:
            tag, pack = client.fetch(item.id, KEY)
        except Refused as fault:
            if fault.status in (404, 409):
                return 0  # it left one's sight meanwhile, or is being written; the next run sees
            raise
        self._core.database.index.run(lambda connection: vector_packs.keep(connection, item, pack, tag, now))
        return 1
