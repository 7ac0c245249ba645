"""Handing bytes in: whole in one request, or in as many as it takes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from sync.server.blobs.ledger import Ledger, Upload
from sync.server.blobs.media import UNKNOWN, safe_media_type
from sync.server.blobs.receiving import Receiving, quota_exceeded, store_answers, too_large
from sync.server.blobs.storage import BlobStore, BytesMissingError, Written
from sync.server.gateway.errors import Refused, not_found
from sync.server.gateway.routing import Call, Route

Hash = Annotated[str, Meta(pattern="^[0-9a-f]{64}$", min_length=64, max_length=64, description="A SHA-256.")]
ByteCount = Annotated[int, Meta(ge=0, le=2**62)]

OFFSET = "Upload-Offset"
COMPLETE = "Upload-Complete"
LENGTH = "Upload-Length"
PARTIAL = "application/partial-upload"


class UploadStart(Struct, frozen=True, forbid_unknown_fields=True):
    """What is going to be sent."""

    size: ByteCount
    media_type: Annotated[str, Meta(max_length=200)] = UNKNOWN


class UploadState(Struct, frozen=True):
    """How far an upload is."""

    id: UUID
    sha256: str
    size: int
    offset: int
    complete: bool


class Claim(Struct, frozen=True):
    """Bytes that were handed in."""

    sha256: str
    size: int


class Uploads:
    """The routes that take bytes."""

    def __init__(self, store: BlobStore, ledger: Ledger, max_bytes: int) -> None:
        self._store = store
        self._ledger = ledger
        self._max = max_bytes

    def routes(self) -> tuple[Route, ...]:
        """Return the routes."""
        one, whole = "/v1/blobs/uploads/{upload_id}", "/v1/blobs/{sha256}"
        return (
            Route("GET", one, self.read, "Say how far an upload is."),
            Route(
                "PATCH",
                one,
                self.append,
                "Send the next bytes of an upload.",
                max_body_bytes=self._max,
                timeout_seconds=0,
                consumes=PARTIAL,
            ),
            Route("DELETE", one, self.drop, "Give an upload up."),
            Route("POST", whole, self.begin, "Begin an upload.", status=201),
            Route(
                "PUT",
                whole,
                self.put,
                "Hand in a file in one request.",
                status=201,
                max_body_bytes=self._max,
                timeout_seconds=0,
                consumes=UNKNOWN,
            ),
            Route("DELETE", whole, self.release, "Give up a file that I handed in."),
        )

    async def begin(self, call: Call, sha256: Hash, body: UploadStart) -> UploadState:
        """Begin an upload; whether the bytes are known already makes no difference."""
        if body.size > self._max:
            raise too_large(self._max)
        found = await self._ledger.begin(call.person, sha256, body.size, safe_media_type(body.media_type))
        call.headers["Location"] = f"/v1/blobs/uploads/{found}"
        return self._state(call, Upload(found, sha256, body.size, "", 0, finished=False, parts=()))

    async def read(self, call: Call, upload_id: UUID) -> UploadState:
        """Say how far an upload is; a HEAD gets the same in headers."""
        return self._state(call, await self._find(call, upload_id))

    async def append(self, call: Call, upload_id: UUID) -> UploadState:
        """Take the next bytes; what came before a cut is kept."""
        offset = _given_offset(call)
        upload = await self._find(call, upload_id)
        if offset != upload.received:
            raise _wrong_offset(upload)
        rest = upload.size - upload.received
        receiving = Receiving(call.request, rest, _past_the_end(upload.size))
        with store_answers():
            written = await self._store.write(receiving)
            upload = await self._take(call, upload, written, is_cut=receiving.is_cut)
        return self._state(call, upload)

    async def drop(self, call: Call, upload_id: UUID) -> None:
        """Give an upload up, with what came of it."""
        await self._find(call, upload_id)
        with store_answers():
            await self._remove(await self._ledger.drop(call.person, upload_id))

    async def put(self, call: Call, sha256: Hash) -> Claim:
        """Take a whole file."""
        room = await self._ledger.room(call.person, sha256)
        is_quota = room is not None and room < self._max
        limit = max(room, 0) if room is not None and is_quota else self._max
        refusal = quota_exceeded() if is_quota else too_large(self._max)
        receiving = Receiving(call.request, limit, refusal)
        with store_answers():
            written = await self._store.write(receiving)
            async with self._kept(written):
                if receiving.is_cut:
                    raise Refused(400, "body_cut", "The connection ended before the body did.")
                if written.sha256 != sha256:
                    raise _hash_mismatch()
                kind = safe_media_type(call.request.headers.get("content-type", ""))
                await self._publish(call, written, kind, None)
        return Claim(sha256, written.size)

    async def release(self, call: Call, sha256: Hash) -> None:
        """Give up a file that I handed in."""
        if not await self._ledger.release(call.person, sha256):
            raise not_found("This file")

    async def _take(self, call: Call, upload: Upload, written: Written, *, is_cut: bool) -> Upload:
        """Add a part, and finish the upload if it was the last."""
        if written.size == 0:
            await self._store.discard([written.name])
        else:
            async with self._kept(written):
                if not await self._ledger.advance(call.person, upload, written.name, written.size):
                    raise _wrong_offset(await self._find(call, upload.id))
            upload = await self._find(call, upload.id)
        if upload.received == upload.size and not upload.finished:
            await self._finish(call, upload, written)
            upload = await self._find(call, upload.id)
        elif is_cut and not upload.finished:
            headers = {OFFSET: str(upload.received)}
            raise Refused(400, "body_cut", "The connection ended before the body did.", headers)
        return upload

    async def _finish(self, call: Call, upload: Upload, last: Written) -> None:
        """Publish the bytes if they are what was promised; discard everything if not."""
        if upload.size and last.size == upload.size:
            # It came in one part. Should it not be published now, it is still there for another try.
            await self._settle(call, upload, last)
            return
        try:
            whole = await self._store.write(self._joined(upload.parts))
        except BytesMissingError:
            await self._give_up(call, upload)
            return
        async with self._kept(whole):
            await self._settle(call, upload, whole)

    async def _settle(self, call: Call, upload: Upload, whole: Written) -> None:
        if whole.sha256 != upload.sha256:
            await self._remove(await self._ledger.drop(call.person, upload.id))
            raise _hash_mismatch()
        await self._publish(call, whole, upload.media_type, upload.id)
        await self._remove(upload.parts)

    async def _give_up(self, call: Call, upload: Upload) -> None:
        """End an upload whose parts are gone, unless another request finished it and took them."""
        await self._remove(await self._ledger.drop(call.person, upload.id))
        found = await self._ledger.find(call.person, upload.id)
        if found is None or not found.finished:
            raise Refused(409, "upload_lost", "Bytes of this upload are gone; it must begin again.")

    async def _publish(self, call: Call, written: Written, media_type: str, upload: UUID | None) -> None:
        async with call.database.as_gateway(call.person) as connection:
            # Refused before it is published, and published before it is promised.
            await self._ledger.claim(connection, written.sha256, written.size, media_type, upload)
            await self._store.publish(written)

    async def _joined(self, names: Sequence[str]) -> AsyncIterator[bytes]:
        for name in names:
            async for piece in self._store.read_part(name):
                yield piece

    @asynccontextmanager
    async def _kept(self, written: Written) -> AsyncIterator[None]:
        """Discard written bytes unless all goes well."""
        try:
            yield
        except BaseException:  # also when the request is dropped
            await self._store.discard([written.name])
            raise

    async def _remove(self, names: Sequence[str]) -> None:
        if names:
            await self._store.discard(names)
            await self._ledger.forget_parts(names)

    async def _find(self, call: Call, upload_id: UUID) -> Upload:
        found = await self._ledger.find(call.person, upload_id)
        if found is None:
            raise not_found("This upload")
        return found

    def _state(self, call: Call, upload: Upload) -> UploadState:
        call.headers[OFFSET] = str(upload.received)
        call.headers[LENGTH] = str(upload.size)
        call.headers[COMPLETE] = "?1" if upload.finished else "?0"
        return UploadState(upload.id, upload.sha256, upload.size, upload.received, upload.finished)


def _given_offset(call: Call) -> int:
    given = call.request.headers.get(OFFSET, "")
    if not (given.isascii() and given.isdigit() and len(given) < 20):
        raise Refused(400, "offset_needed", f"The header {OFFSET} must say where the bytes go.")
    return int(given)


def _wrong_offset(upload: Upload) -> Refused:
    headers = {OFFSET: str(upload.received), "Connection": "close"}
    return Refused(409, "wrong_offset", f"The upload goes on at byte {upload.received}.", headers)


def _past_the_end(size: int) -> Refused:
    return Refused(413, "too_large", f"The upload was begun for {size} bytes.", {"Connection": "close"})


def _hash_mismatch() -> Refused:
    return Refused(422, "hash_mismatch", "The bytes are not those of this hash; they were discarded.")
