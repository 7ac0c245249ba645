"""One round of sync: take what is new, page by page, and tell what waits; may be cut off anywhere and goes on there.

The engine knows a library only as transactions, a server only as an endpoint, and the time only as it is told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from sync.client import freezing, incoming, listing, outgoing, retelling, verifying
from sync.client.ahead import Ahead
from sync.client.facts import Position, keep_heard, keep_position, position
from sync.client.freezing import Frozen
from sync.client.garbage import uncollected
from sync.client.incoming import Arrivals, Touched, join
from sync.client.store import LocalStore
from sync.client.unheard import unheard
from sync.client.waiting import has_entries
from sync.protocol.endpoint import Endpoint, Verifier
from sync.protocol.errors import Unreachable
from sync.protocol.holdings import differing
from sync.protocol.lines import BodyCutError, opened
from sync.protocol.messages import PullRequest
from sync.protocol.version import NOTHING, PRESENT, Edition, Unknown

RESET, RESTORE = "reset", "epoch"
_CONFLICTS = "sync_conflicts"
_PATIENCE = 3
"""How often a comparison is begun anew because something moved."""


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
    """Rows that are different now, by table; an empty set where they are too many to name."""

    def touch(self, found: Touched) -> None:
        """Add rows that a step changed."""
        for name, ids in found.items():
            join(self.touched, name, ids)


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
        batch: int = freezing.LARGEST_BATCH,
        catalogues: tuple[str, ...] = (),
        edition: Edition = PRESENT,
        refuses: bool = True,
    ) -> None:
        self._store = store
        self._endpoint = endpoint
        self._clock = clock
        self._user_id = user_id
        self._device_id = device_id
        self._page = page
        self._batch = batch
        self._catalogues = catalogues
        self._edition = edition
        self._refuses = refuses
        """Whether the other side takes only what stands on rows that it knows: a server does, a folder does not."""
        self._can_ahead = False
        """Whether the other side said that it may be sent something before its last answer is taken in."""

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

        with Ahead(self._endpoint.pull) as pages, Ahead(self._send) as batches:

            def pull(report: Report) -> bool:
                return self._pull(report, pages)

            def push(report: Report) -> bool:
                return self._push(report, batches)

            # Pulling first shows whether the server was set back: it must not judge changes to rows that it has lost.
            repeat(pull)
            repeat(push)
            if report.sent or report.rejected or report.listed_anew:
                repeat(pull)
        return report

    def verify(self) -> list[str] | None:
        """Compare what is here with what the server says that should be, and return the tables that differ.

        Runs rounds until nothing is new. Whatever differs is put right by listing everything anew; what waits is kept.
        Returns None where they could not be compared: changes never rest, or the other side cannot say.
        """
        if not isinstance(self._endpoint, Verifier):
            self.round()
            return None
        for _ in range(_PATIENCE):
            self.round()
            with Ahead(self._endpoint.pull) as pages:
                self._pull(Report(), pages)  # tells the server that the last page is here
            found = self._differing()
            if found is not None:
                break
        if found:
            self._store.write(lambda connection: keep_position(connection, replace(position(connection), checkpoint=0)))
            self.round()
        return found

    def _differing(self) -> list[str] | None:
        assert isinstance(self._endpoint, Verifier)
        aside = self._store.read(verifying.refused_rows)
        mine = self._store.read(lambda connection: verifying.holdings(connection, aside, self._later(connection)))
        request = self._request(self._store.read(position))
        theirs = self._endpoint.verify(request, aside) if mine is not None and request.checkpoint else None
        return None if mine is None or theirs is None else differing(mine, theirs)

    def _request(self, where: Position) -> PullRequest:
        return PullRequest(
            self._device_id,
            self._user_id,
            where.checkpoint,
            self._page,
            self._catalogues,
            self._edition,
            heard=UUID(where.heard) if where.heard else None,
        )

    def _send(self, batch: Frozen) -> bytes:
        return self._endpoint.push(batch.body)

    def _push(self, report: Report, batches: Ahead[Frozen]) -> bool:
        """Take in what became of one batch; False where nothing waits. The next is frozen while the server has it."""
        batch = batches.sent
        if batch is None:
            if not self._store.read(self._has_something_to_tell):
                return False
            batch = self._store.write(self._freeze)
        if batch is None:
            return False
        behind, batch_id = None, batch.batch_id
        if self._can_ahead and self._store.read(lambda connection: freezing.waits_behind(connection, batch_id)):
            if batches.sent is None:
                batches.send(batch)
            behind = self._store.write(lambda connection: self._freeze_behind(connection, batch_id))
        answer = batches.answer(batch)
        with uncollected():
            return self._take_word(report, batches, batch_id, behind, answer)

    def _take_word(
        self, report: Report, batches: Ahead[Frozen], batch_id: UUID, behind: Frozen | None, answer: bytes
    ) -> bool:
        header, arrivals = _read(answer)
        if header["epoch"] != self._store.read(position).epoch:
            # Set back between two requests: it judged changes to rows that it may have lost.
            self._store.write(lambda connection: self._begin_listing(connection, header["epoch"]))
            report.listed_anew = True
            return False
        judgements = [line[1] for line in arrivals.other if line[0] == "judged"]
        if behind is not None:
            batches.send(behind)

        def take(connection: Connection) -> tuple[outgoing.Outcome, Touched]:
            outcome = outgoing.judge(connection, batch_id, judgements, self._clock())
            if not (outcome.applied or outcome.rejected):
                raise Unreachable("The server said nothing of what was sent.")  # or we would send it for ever
            if header.get("tells"):
                keep_heard(connection, header["batch_id"])
            return outcome, incoming.apply(connection, arrivals)

        outcome, touched = self._store.write(take)
        report.sent += outcome.applied
        report.conflicts += outcome.conflicts
        report.rejected += outcome.rejected
        report.touch(touched)
        return True

    def _freeze(self, connection: Connection) -> Frozen | None:
        return freezing.freeze(
            connection,
            self._device_id,
            most=self._batch,
            edition=self._edition,
            unknown=self._unknown(connection),
            later=self._later(connection),
        )

    def _freeze_behind(self, connection: Connection, first: UUID) -> Frozen | None:
        if self._unknown(connection) != NOTHING or self._later(connection):
            return None  # what has to wait is looked for when there is time
        return freezing.freeze_behind(connection, self._device_id, first, most=self._batch, edition=self._edition)

    def _unknown(self, connection: Connection) -> Unknown:
        server = position(connection).server_schema
        return self._edition.unknown_to(server) if server else NOTHING

    def _later(self, connection: Connection) -> frozenset[int]:
        return unheard(connection) if self._refuses else frozenset()

    def _has_something_to_tell(self, connection: Connection) -> bool:
        return has_entries(connection, but=self._later(connection))

    def _pull(self, report: Report, pages: Ahead[PullRequest]) -> bool:
        """Take one page, while the next one is on its way; False where there is no more."""
        where = self._store.read(position)
        if 0 < where.skipped < self._edition.schema:
            # An older version of this program had no place for all that it was told; it is told once more.
            where = replace(where, checkpoint=0, skipped=0)
            self._store.write(lambda connection: keep_position(connection, where))
            report.listed_anew = True
        request = self._request(where)
        answer = pages.answer(request)
        with uncollected():
            return self._take_page(report, pages, request, where, answer)

    def _take_page(
        self, report: Report, pages: Ahead[PullRequest], request: PullRequest, where: Position, answer: bytes
    ) -> bool:
        header, arrivals = _read(answer)
        self._can_ahead = bool(header.get("ahead"))
        is_beginning = where.resync == RESTORE and where.checkpoint == 0
        if where.epoch and header["epoch"] != where.epoch and not is_beginning:
            # Another history. Its page says nothing about ours: begin to list everything.
            self._store.write(lambda connection: self._begin_listing(connection, header["epoch"]))
            report.listed_anew = True
            return True
        is_known = where.server_schema == header.get("schema", self._edition.schema)
        if header["to"] == where.checkpoint and arrivals.is_empty and is_known and not where.resync:
            return False  # nothing new, and so nothing to bring to the disk
        if header["more"] and self._can_ahead:
            pages.send(replace(request, checkpoint=header["to"]))
        touched = self._store.write(lambda connection: self._take(connection, where, header, arrivals))
        report.conflicts += len(touched.get(_CONFLICTS, ()))
        report.received += arrivals.count
        report.left += sum(map(len, arrivals.left.values()))
        report.listed_anew |= bool(header["reset"]) and where.checkpoint > 0
        report.touch(touched)
        return bool(header["more"])

    def _begin_listing(self, connection: Connection, epoch: str) -> None:
        listing.begin(connection)
        where = position(connection)
        retelling.begin(connection, where.epoch, epoch)
        keep_position(connection, replace(where, checkpoint=0, epoch=epoch, resync=RESTORE))

    def _take(self, connection: Connection, where: Position, header: dict[str, Any], arrivals: Arrivals) -> Touched:
        """Apply a page and move to where it leads, all or nothing."""
        resync, schema = where.resync, header.get("schema", self._edition.schema)
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
            unknown = self._edition.unknown_to(schema)
            for name, gone in listing.finish(
                connection, is_restore=resync == RESTORE, now=now, unknown=unknown
            ).items():
                if gone:
                    join(touched, name, gone)
            resync = ""
        for name, row, conflict in arrivals.conflicts():
            if outgoing.keep_conflict(connection, name, row, conflict, now):
                join(touched, _CONFLICTS, {UUID(conflict["id"])})
        is_partial = schema > self._edition.schema or arrivals.has_unknown
        here = Position(
            checkpoint=header["to"],
            epoch=header["epoch"],
            resync=resync,
            server_schema=schema,
            skipped=where.skipped or (self._edition.schema if is_partial else 0),
        )
        keep_position(connection, here, server_time=header["server_time"])
        return touched


def _read(body: bytes) -> tuple[dict[str, Any], Arrivals]:
    try:
        header, lines = opened(body)
    except BodyCutError as fault:
        raise Unreachable("The answer was cut off on its way.") from fault
    return header, Arrivals(lines)


def _stop_if(is_cancelled: Callable[[], bool]) -> None:
    if is_cancelled():
        raise Cancelled
