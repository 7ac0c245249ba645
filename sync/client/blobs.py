"""Files by their content: sent in pieces and fetched by ranges, both going on where they were cut off."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
from filelock import FileLock, Timeout

from sync.client.download import BLOCK, Unfit, download
from sync.client.http import as_the_server_writes, request
from sync.client.reaching import ServerClient
from sync.client.wire import Wire
from sync.protocol.blobs import Interrupted, Known, Progress, damaged_here
from sync.protocol.errors import Damaged, Refused

PIECE = 4 * 1024**2
"""Bytes of one request; what a cut costs at most."""
_A_LOOK = 0.2
"""Seconds between two looks whether another has finished."""
_DAMAGED = "A file came damaged; it will be fetched anew."


def _nothing(_done: int, _all: int) -> None:
    return None


class BlobClient:
    """The files of one account on one server."""

    def __init__(self, address: str, token: str, *, client: httpx.Client | None = None) -> None:
        self._client = client or ServerClient(address)
        self._headers = {"Authorization": f"Bearer {token}"}
        self._wire = Wire()

    def cut(self) -> None:
        """Cut off what is under way, from another thread; it ends as Unreachable."""
        self._wire.cut()

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def known(self, hashes: Iterable[str], *, surely: bool = False) -> Known:
        """Return which of these can be fetched, and which need not be sent; a server has read what it says it has."""
        del surely
        wanted, readable, claimed = sorted(set(hashes)), set[str](), set[str]()
        for begin in range(0, len(wanted), 1_000):
            answer = self._ask("POST", "/v1/blobs/have", json={"hashes": wanted[begin : begin + 1_000]})
            with as_the_server_writes():
                body = answer.json()
                readable.update(body["have"])
                claimed.update(body["claimed"])
        return Known(frozenset(readable), frozenset(claimed))

    def send(
        self,
        path: Path,
        sha256: str,
        media_type: str,
        *,
        upload: str | None = None,
        on_begin: Callable[[str], None] = lambda _: None,
        on_progress: Progress = _nothing,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        """Hand a file in, going on with ``upload`` where one was begun; ``on_begin`` is told of a new one to remember.

        Raises SyncError or Interrupted; the same call later goes on.
        """
        size = path.stat().st_size
        place = self._offset(upload) if upload else None
        if upload is None or place is None:
            if _hash(path) != sha256:
                raise damaged_here(path)  # all of it would go, and be refused, with each round
            answer = self._ask("POST", f"/v1/blobs/{sha256}", json={"size": size, "media_type": media_type})
            with as_the_server_writes():
                upload, place = answer.headers["location"], 0
            on_begin(upload)
        with path.open("rb") as file:
            while True:
                file.seek(place)
                piece = file.read(PIECE)
                if not piece and place < size:
                    raise damaged_here(path)  # it was longer a moment ago
                place = self._append(upload, place, piece)
                on_progress(place, size)
                if place >= size:
                    return
                if is_cancelled():
                    raise Interrupted

    def fetch(
        self,
        sha256: str,
        target: Path,
        *,
        on_progress: Progress = _nothing,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        """Fetch a file to its place: there whole and right, or not at all. What came before a cut is gone on with."""
        part = target.with_name(f"{target.name}.part")
        target.parent.mkdir(parents=True, exist_ok=True)
        with _alone(part.with_name(f"{part.name}.lock"), is_cancelled):
            if target.exists() and _hash(target) == sha256:
                return  # another fetched it meanwhile
            try:
                download(
                    self._client, f"/v1/blobs/{sha256}", part, tag=sha256, headers=self._headers, wire=self._wire,
                    on_progress=on_progress, is_cancelled=is_cancelled,
                )  # fmt: skip
            except Unfit as fault:
                raise Damaged(_DAMAGED) from fault
            if _hash(part) != sha256:
                part.unlink()
                raise Damaged(_DAMAGED)
            part.replace(target)

    def _append(self, upload: str, offset: int, piece: bytes) -> int:
        headers = {"Upload-Offset": str(offset), "Content-Type": "application/partial-upload"}
        try:
            answer = self._ask("PATCH", upload, content=piece, headers=headers)
        except Refused as fault:
            if fault.code != "wrong_offset":
                raise
            known = self._offset(upload)
            if known is None:
                raise
            return known
        return _offset_in(answer)

    def _offset(self, upload: str) -> int | None:
        """Return how far an upload is, or None where it is no more."""
        try:
            return _offset_in(self._ask("HEAD", upload))
        except Refused as fault:
            if fault.status in (404, 409, 410):
                return None
            raise

    def _ask(self, method: str, path: str, *, headers: dict[str, str] | None = None, **more: Any) -> httpx.Response:
        told = {"headers": {**self._headers, **(headers or {})}, "extensions": {"trace": self._wire.watch}}
        return request(self._client, method, path, **told, **more)


@contextmanager
def _alone(lock: Path, is_cancelled: Callable[[], bool]) -> Iterator[None]:
    """Be the only one of all threads and processes that writes into a part. Raises Interrupted."""
    held = FileLock(lock)
    while True:
        try:
            held.acquire(timeout=_A_LOOK)
            break
        except Timeout:
            if is_cancelled():
                raise Interrupted from None
    try:
        yield
        with suppress(OSError):  # Windows keeps what is open
            lock.unlink()
    finally:
        held.release()


def _offset_in(answer: httpx.Response) -> int:
    with as_the_server_writes():
        return int(answer.headers["upload-offset"])


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
