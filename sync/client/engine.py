"""One round of sync: take what is new, page by page, and tell what waits; may be cut off anywhere and goes on there.

The engine knows a library only as transactions, a server only as an endpoint, and the time only as it is told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from sync.client import incoming, listing, outgoing, retelling
from sync.client.facts import Position, keep_position, position
from sync.client.incoming import Arrivals, Touched
from sync.client.store import LocalStore
from sync.protocol.endpoint import Endpoint
from sync.protocol.errors import Unreachable
from sync.protocol.lines import BodyCutError, unframed
from sync.protocol.messages import PullRequest

RESET, RESTORE = "reset", "epoch"


class Cancelled(Exception):  # noqa: N818 - what happened, not a fault
    """Somebody asked the round to stop; what was done stays done."""


@dataclass(slots=True)
class Report:
    """What a round did."""

    sent: int = 0
    received: int = 0
    left: int = 0
    conflicts: int = 0
    rejected: int = 0
    listed_anew: bool = False
    touched: Touched = field(default_factory=dict)
    """Rows that are different now, by table."""

    def touch(self, found: Touched) -> None:
        """Add rows that a step changed."""
        for name, ids in found.items():
            self.touched.setdefault(name, set()).update(ids)


class Engine:
    """Keeps one library in step with one account."""

    def __init__(
        self,
        store: LocalStore,
        endpoint: Endpoint,
        clock: Callable[[], datetime],
        *,
        user_id: UUID,
        device_id: UUID,
        page: int = 5_000,
        batch: int = outgoing.LARGEST_BATCH,
        catalogues: tuple[str, ...] = (),
    ) -> None:
        self._store = store
        self._endpoint = endpoint
        self._clock = clock
        self._user_id = user_id
        self._device_id = device_id
        self._page = page
        self._batch = batch
        self._catalogues = catalogues

    def round(
        self,
        *,
        is_cancelled: Callable[[], bool] = lambda: False,
        on_progress: Callable[[Report], None] = lambda _: None,
    ) -> Report:
        """Run one round and return what it did. Raises SyncError or Cancelled; a later round goes on from there."""
        report = Report()

        def repeat(step: Callable[[Report], bool]) -> None:
            while step(report):
                on_progress(report)
                _stop_if(is_cancelled)

        # Pulling first shows whether the server was set back: it must not judge changes to rows that it has lost.
        repeat(self._pull)
        repeat(self._push)
        if report.sent or report.rejected or report.listed_anew:
            repeat(self._pull)
        return report

    def _push(self, report: Report) -> bool:
        """Send one batch; False where nothing waits."""
        waits = self._store.read(_anything_waits)
        if not waits:
            return False
        body = self._store.write(lambda connection: outgoing.freeze(connection, self._device_id, most=self._batch))
        if body is None:
            return False
        header, arrivals = _read(self._endpoint.push(body))
        if header["epoch"] != self._store.read(position).epoch:
            # Set back between two requests: it judged changes to rows that it may have lost.
            self._store.write(lambda connection: self._begin_listing(connection, header["epoch"]))
            report.listed_anew = True
            return False
        judgements = [line[1] for line in arrivals.other if line[0] == "judged"]

        def take(connection: Connection) -> tuple[outgoing.Outcome, Touched]:
            outcome = outgoing.judge(connection, judgements, self._clock())
            return outcome, incoming.apply(connection, arrivals)

        outcome, touched = self._store.write(take)
        if not judgements:
            raise Unreachable("The server said nothing of what was sent.")  # or we would send it for ever
        report.sent += outcome.applied
        report.conflicts += outcome.conflicts
        report.rejected += outcome.rejected
        report.touch(touched)
        return True

    def _pull(self, report: Report) -> bool:
        """Take one page; False where there is no more."""
        where = self._store.read(position)
        request = PullRequest(self._device_id, self._user_id, where.checkpoint, self._page, self._catalogues)
        header, arrivals = _read(self._endpoint.pull(request))
        is_beginning = where.resync == RESTORE and where.checkpoint == 0
        if where.epoch and header["epoch"] != where.epoch and not is_beginning:
            # Another history. Its page says nothing about ours: begin to list everything.
            self._store.write(lambda connection: self._begin_listing(connection, header["epoch"]))
            report.listed_anew = True
            return True
        if header["to"] == where.checkpoint and arrivals.is_empty and not where.resync:
            return False  # nothing new, and so nothing to bring to the disk
        touched = self._store.write(lambda connection: self._take(connection, where, header, arrivals))
        report.received += sum(map(len, arrivals.rows.values()))
        report.left += sum(map(len, arrivals.left.values()))
        report.listed_anew |= bool(header["reset"]) and where.checkpoint > 0
        report.touch(touched)
        return bool(header["more"])

    def _begin_listing(self, connection: Connection, epoch: str) -> None:
        listing.begin(connection)
        retelling.begin(connection, position(connection).epoch, epoch)
        keep_position(connection, Position(0, epoch, RESTORE))

    def _take(self, connection: Connection, where: Position, header: dict[str, Any], arrivals: Arrivals) -> Touched:
        """Apply a page and move to where it leads, all or nothing."""
        resync = where.resync
        if header["reset"] and not (resync == RESTORE and where.checkpoint == 0):
            listing.begin(connection)
            # A library that never heard of a server has nothing that a listing could show to be gone.
            resync = resync or (RESET if where.epoch else "")
        now = self._clock()
        if resync:
            listing.tick_off(connection, arrivals)
        if resync == RESTORE:
            retelling.tell_newer(connection, arrivals, now)
        touched = incoming.apply(connection, arrivals, anyhow=bool(resync))
        if resync and not header["more"]:
            touched |= listing.finish(connection, is_restore=resync == RESTORE, now=now)
            resync = ""
        keep_position(connection, Position(header["to"], header["epoch"], resync), server_time=header["server_time"])
        return touched


def _read(body: bytes) -> tuple[dict[str, Any], Arrivals]:
    try:
        header, lines = unframed(body)
    except BodyCutError as fault:
        raise Unreachable("The answer was cut off on its way.") from fault
    return header, Arrivals(lines)


def _anything_waits(connection: Connection) -> bool:
    found = connection.exec_driver_sql("SELECT 1 FROM outbox WHERE state IN ('pending', 'frozen') LIMIT 1")
    return found.first() is not None


def _stop_if(is_cancelled: Callable[[], bool]) -> None:
    if is_cancelled():
        raise Cancelled
