"""Vectors that the server has for what is on the shelf: brought beside the rounds, replaced, removed with it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from alexandria_desktop.library.core import Core
from alexandria_desktop.library.homes import ServerHome, home_of
from alexandria_desktop.library.standing import explained
from alexandria_desktop.library.syncing import Syncing
from alexandria_desktop.store import vector_packs
from alexandria_desktop.store.vector_packs import ShelfItem
from sync.client.packs import PackClient
from sync.protocol.blobs import Interrupted
from sync.protocol.errors import Refused, SignedOut, Unreachable
from sync.protocol.packs import NotAPack
from sync.retrieval.static_model import DIMENSION, KEY

_log = logging.getLogger(__name__)

_ASKED_AGAIN = timedelta(hours=6)
"""A shelf that has not changed asks no more often; a book that was put on it is asked for at once."""
MOST_AT_ONCE = 500
"""Packs that one run brings; the next goes on."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What came and went."""

    fetched: int = 0
    removed: int = 0
    failed: int = 0
    """Packs that did not come, or not as packs; they keep no other from coming, and are asked for again later."""


class VectorPacks:
    """The server's vectors on this computer."""

    def __init__(self, core: Core, syncing: Syncing) -> None:
        self._core = core
        self._syncing = syncing
        self._one_at_a_time = threading.Lock()
        self._asked: tuple[object, datetime] | None = None
        self._client: PackClient | None = None
        self._failed: set[UUID] = set()
        """Items whose packs did not come the last time: asked for after the others."""

    def stop(self) -> None:
        """Cut off what is under way; for who has said so in ``is_cancelled`` and will not wait."""
        client = self._client
        if client is not None:
            client.cut()

    def carry(self, *, anyhow: bool = False, is_cancelled: Callable[[], bool] = lambda: False) -> Brought:
        """Bring what is new and remove what left the shelf or the server. Raises ReaderError or SurroundingsError."""
        with self._one_at_a_time:
            with self._core.reading() as connection:
                stay = vector_packs.stay(connection)  # before the session: what ends one drops all after it
            home = home_of(self._core, self._syncing.status())
            if not isinstance(home, ServerHome):
                return Brought()
            with explained(), self._forgetting_if_revoked():
                self._client = client = PackClient(home.server, home.token, model=KEY, dimension=DIMENSION)
                try:
                    if is_cancelled():
                        return Brought()  # before there was anything that ``stop`` could have cut
                    return self._carry(client, stay, anyhow, is_cancelled)
                finally:
                    self._client = None
                    client.close()

    @contextmanager
    def _forgetting_if_revoked(self) -> Iterator[None]:
        """Remove what came by a session that was ended from elsewhere, as if it had been ended here."""
        try:
            yield
        except SignedOut as fault:
            if fault.is_revoked:
                forget_all(self._core)
            raise

    def _carry(self, client: PackClient, stay: str, anyhow: bool, is_cancelled: Callable[[], bool]) -> Brought:
        with self._core.reading() as connection:
            shelf = vector_packs.items_on_shelf(connection, self._core.identity.user_id)
            here = vector_packs.held(connection)
        ids, now = tuple(item.id for item in shelf), self._core.database.clock()
        is_same = self._asked is not None and self._asked[0] == (stay, ids) and now - self._asked[1] < _ASKED_AGAIN
        if is_same and not anyhow:
            return Brought()
        try:
            there = client.tags(ids)
        except Refused as fault:
            if fault.status != 404:
                raise
            there = {}  # an older server has no packs
        gone = [item for item in here if item not in there]
        if gone:
            self._core.database.index.run(lambda connection: vector_packs.drop(connection, gone))
        wanted = [item for item in shelf if item.id in there and here.get(item.id) != there[item.id]]
        wanted.sort(key=lambda item: item.id in self._failed)
        self._clear_but({self._part(item.id, there[item.id]) for item in wanted})
        fetched = failed = 0
        for item in wanted[:MOST_AT_ONCE]:
            if is_cancelled():
                break
            try:
                came = self._bring(client, item, there[item.id], stay, is_cancelled)
            except Interrupted:
                break
            fetched, failed = fetched + came, failed + (not came)
        else:
            if len(wanted) <= MOST_AT_ONCE:
                self._asked = ((stay, ids), now)
        return Brought(fetched, len(gone), failed)

    def _bring(
        self, client: PackClient, item: ShelfItem, tag: str, stay: str, is_cancelled: Callable[[], bool]
    ) -> bool:
        """Bring one pack and say whether it came; only what is wrong with the whole way is raised."""
        index, now = self._core.database.index, self._core.database.clock()
        try:
            came, pack = client.fetch(item.id, tag, self._part(item.id, tag), is_cancelled=is_cancelled)
            if not index.run(lambda connection: vector_packs.keep(connection, item, pack, came, now, stay)):
                raise Interrupted
        except SignedOut:
            raise
        except Unreachable:
            self._failed.add(item.id)  # whatever keeps this one from coming shall not keep the others
            raise
        except (Refused, NotAPack) as fault:
            _log.info("the vectors of %s did not come: %s", item.id, fault)
            self._failed.add(item.id)
            if isinstance(fault, Refused) and fault.status == 404:  # it left one's sight after the question
                index.run(lambda connection: vector_packs.drop(connection, [item.id]))
            return False
        self._failed.discard(item.id)
        return True

    def _part(self, item: UUID, tag: str) -> Path:
        return self._core.paths.packs / f"{item.hex}-{tag}.part"

    def _clear_but(self, wanted: set[Path]) -> None:
        """Remove parts that nobody will go on with."""
        for part in self._core.paths.packs.glob("*.part"):
            if part not in wanted:
                part.unlink(missing_ok=True)


def forget_all(core: Core) -> None:
    """Remove every vector of a server from this computer, also what is on its way: the session has ended."""
    core.database.index.run(vector_packs.drop_all)
    for part in core.paths.packs.glob("*.part"):
        with suppress(OSError):  # on some systems one that is being written stays, and goes at the end of that
            part.unlink()
