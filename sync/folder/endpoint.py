"""A folder as a device sees it: the same answers as a server's, so that the same engine runs over it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

from sync.folder.arriving import Arrived, Listing, listing_of, take_in
from sync.folder.batches import Header, pack
from sync.folder.folding import as_line
from sync.folder.keeping import look_after_own, put_in_place
from sync.folder.layout import Manifest, manifest_of
from sync.folder.ledger import Ledger, tables_known
from sync.folder.placing import explained
from sync.folder.rows import refold
from sync.protocol.errors import Refused, Unreachable
from sync.protocol.lines import framed
from sync.protocol.messages import Kind, PullRequest, Verdict
from sync.schema.clock import reading_at
from sync.schema.policy import Direction, policy_of
from sync.schema.tables import METADATA


class FolderEndpoint:
    """One library's way into a folder. Raises what a server's endpoint raises."""

    def __init__(
        self, root: Path, ledger: Path, clock: Callable[[], datetime], *, expected: UUID | None = None
    ) -> None:
        """``ledger`` is the library's own file for this; ``expected`` is the folder that it joined."""
        self._root = root
        self._clock = clock
        self._is_cut = False
        manifest = manifest_of(root)
        if manifest is None:
            # An empty mount point looks like this as well.
            raise Unreachable(f"The folder {root} is not there.")
        if expected is not None and manifest.folder != expected:
            raise Refused(
                409, "folder.another", f"Another folder is in the place of {root}. Choose it anew to join it."
            )
        self._manifest = manifest
        self._ledger = Ledger(ledger, manifest.folder)
        self._listing = Listing()
        self.arrived = Arrived()
        """What the last look at the folder brought."""

    def cut(self) -> None:
        """Stop between two files, from another thread; what is under way ends as Unreachable."""
        self._is_cut = True

    def close(self) -> None:
        """Let go of the ledger."""
        self._ledger.close()

    # --- the endpoint -------------------------------------------------------------------------------------------

    def pull(self, request: PullRequest) -> bytes:
        """Return one page of what the device does not have."""
        with self._ledger.explained():
            return self._pull(request)

    def push(self, body: bytes) -> bytes:
        """Take in a frozen batch, write it into the folder, and return what became of it."""
        with self._ledger.explained():
            return self._push(body)

    def _pull(self, request: PullRequest) -> bytes:
        self._check(request.device_id, request.user_id)
        ledger, after = self._ledger, request.checkpoint
        if after > ledger.revision:
            # The ledger is older than the library, or was lost. Before anything is taken in: what counts anew would
            # soon be past a number that meant something else.
            with ledger.transaction():
                ledger.new_epoch()
            after = 0
        # What others settled long ago is no news to a device that joins; who lost the ledger may have missed it.
        self._look(request.device_id, quietly=request.checkpoint == 0 and not self._ledger.fact("device"))
        changed = ledger.rows_after(after, request.page)
        more = len(changed) >= request.page
        to = changed[-1][2] if more else ledger.revision
        lines = [
            orjson.dumps(["leave", name, row] if state is None else ["row", name, as_line(name, state)])
            for name, row, _, state in changed
        ]
        for name, row, words in ledger.clashes_between(after, to, request.device_id):
            lines.append(orjson.dumps(["conflict", name, row, words]))
        return self._answer({"to": to, "more": more, "reset": False, "gained": [], "lost": []}, lines)

    def _push(self, body: bytes) -> bytes:
        told = orjson.loads(body)
        device, batch, operations = UUID(told["device_id"]), UUID(told["batch_id"]), told["operations"]
        digest = hashlib.sha256(body).hexdigest()
        self._check(device, self._manifest.user)
        self._look(device)
        known = self._ledger.judged(batch)
        if known is None or (known[0] is None and not known[1]):
            judged = self._keep(device, batch, operations, digest, is_known=known is not None)
        elif known[0] not in (None, digest):
            raise Refused(409, "batch_reused", "A batch of this name was handed in before with other content.")
        else:
            judged = known[1]
        with explained(self._root):
            put_in_place(self._root, self._ledger, self._listing, lambda: self._is_cut)
        lines = [orjson.dumps(["judged", one]) for one in judged]
        lines += self._as_now(operations)
        return self._answer({"batch_id": str(batch)}, lines)

    # --- the folder ---------------------------------------------------------------------------------------------

    def _check(self, device: UUID, user: UUID) -> None:
        if self._is_cut:
            raise Unreachable("It was called off.")
        if user != self._manifest.user:
            raise Refused(403, "other_account", "This folder belongs to another account.")
        before = self._ledger.fact("device")
        if before and before != str(device):
            with self._ledger.transaction():
                self._ledger.new_writer()  # a copy of a library; the other one goes on in the old name
                self._ledger.keep("device", str(device))

    def _look(self, device: UUID, *, quietly: bool = False) -> None:
        """Bring ledger and folder in line, both ways."""
        ledger, is_cut = self._ledger, lambda: self._is_cut
        with explained(self._root):
            _present(self._root, self._manifest.folder)
            self._listing = listing_of(self._root)
            look_after_own(self._root, ledger, self._listing, self._clock())
            with ledger.transaction():
                self.arrived = take_in(self._root, ledger, self._listing, is_cut)
                touched = self.arrived.touched
                if ledger.fact("tables") != tables_known():
                    ledger.keep("tables", tables_known())
                    touched = ledger.rows_with_steps()
                refold(ledger, touched, quietly=quietly)
                ledger.keep("device", str(device))
            with suppress(Refused):  # what is here already can be read from a folder that cannot be written to
                put_in_place(self._root, ledger, self._listing, is_cut)
        self._check(device, self._manifest.user)

    def _keep(
        self, device: UUID, batch: UUID, operations: Sequence[Mapping[str, Any]], digest: str, *, is_known: bool
    ) -> list[dict[str, Any]]:
        """Keep a batch in the ledger, from which it gets into the folder now or at the next look."""
        ledger = self._ledger
        judged = [self._judge(one) for one in operations]
        if is_known:
            return judged  # written by a ledger of this library that was lost
        kept = [one for one, said in zip(operations, judged, strict=True) if said["verdict"] != Verdict.REJECTED]
        with ledger.transaction():
            taken, writer = ledger.taken(), ledger.writer
            own = taken.pop(str(writer), 0)
            header = Header(
                self._manifest.folder, writer, own + 1, batch, device, ledger.next_stamp(),
                reading_at(self._clock()), taken,
            )  # fmt: skip
            touched = ledger.add(header, kept, pack(header, kept), digest=digest, judged=judged)
            refold(ledger, touched)
        return judged

    def _judge(self, one: Mapping[str, Any]) -> dict[str, Any]:
        said: dict[str, Any] = {"number": one["number"], "verdict": Verdict.APPLIED.value}
        name, row, kind = str(one["table"]), str(UUID(one["id"])), Kind(one["kind"])
        if name not in METADATA.tables or not policy_of(name).goes_out:
            return {**said, "verdict": Verdict.REJECTED.value, "code": "not_pushed"}
        is_kept = policy_of(name).direction is Direction.BOTH
        if is_kept and kind in (Kind.UPDATE, Kind.UNDELETE) and not self._is_there(name, row):
            return {**said, "verdict": Verdict.REJECTED.value, "code": "not_there"}
        return said

    def _is_there(self, name: str, row: str) -> bool:
        return self._ledger.row(name, self._ledger.twins(name, row)[0]) is not None

    def _as_now(self, operations: Sequence[Mapping[str, Any]]) -> list[bytes]:
        """Return the rows of a batch as they are now."""
        lines = []
        for name, row in sorted({(str(one["table"]), str(UUID(one["id"]))) for one in operations}):
            stays = self._ledger.twins(name, row)[0]
            found = self._ledger.row(name, stays)
            if found is not None:
                lines.append(orjson.dumps(["row", name, as_line(name, found)]))
            if found is not None and stays != row:
                lines.append(orjson.dumps(["leave", name, row]))
        return lines

    def _answer(self, header: dict[str, Any], lines: list[bytes]) -> bytes:
        more = {"epoch": self._ledger.epoch, "server_time": self._clock().isoformat()}
        return framed({**header, **more}, lines)


def _present(root: Path, expected: UUID | None) -> Manifest:
    """Return the manifest of the folder that is meant; another one in its place is not touched."""
    manifest = manifest_of(root)
    if manifest is None:
        # An empty mount point looks like this as well.
        raise Unreachable(f"The folder {root} is not there.")
    if expected is not None and manifest.folder != expected:
        raise Refused(409, "folder.another", f"Another folder is in the place of {root}. Choose it anew to join it.")
    return manifest
