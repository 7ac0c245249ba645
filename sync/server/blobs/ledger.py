"""The database's side of files: uploads, claims and who may read what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from psycopg.types.json import Jsonb

from sync.server.gateway.database import Connection, Database, become_gateway, become_user, fetch_all, fetch_value
from sync.server.gateway.identity import Identity
from sync.server.settings import Settings

PLANS = ("free", "premium", "enterprise")
OPEN_UPLOADS = 64
"""Uploads of one person at a time."""
MOST_PARTS = 10_000
"""Requests that one upload may come in."""


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload as far as it came."""

    id: UUID
    sha256: str
    size: int
    media_type: str
    received: int
    finished: bool
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Readable:
    """Bytes that somebody may read."""

    sha256: str
    size: int
    media_type: str


class Ledger:
    """Uploads and claims; each method with a person is one transaction."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.database = database
        self._quotas = Jsonb({plan: settings.quota_bytes(plan) for plan in PLANS})

    async def room(self, person: Identity, sha256: str) -> int | None:
        """Return how many bytes a file may have; None without a limit."""
        async with self.database.as_gateway(person) as connection:
            found = await fetch_value(
                connection, "select gateway.blob_room(%(hash)s, %(quotas)s)", hash=sha256, quotas=self._quotas
            )
            return None if found is None else int(found)

    async def begin(self, person: Identity, sha256: str, size: int, media_type: str) -> UUID:
        """Begin an upload; the database refuses one for which there is no room."""
        async with self.database.as_gateway(person) as connection:
            found = await fetch_value(
                connection,
                "select gateway.begin_upload(%(hash)s, %(size)s, %(kind)s, %(quotas)s, %(most)s)",
                hash=sha256,
                size=size,
                kind=media_type,
                quotas=self._quotas,
                most=OPEN_UPLOADS,
            )
            return UUID(str(found))

    async def find(self, person: Identity, upload: UUID) -> Upload | None:
        """Return an upload of this person."""
        async with self.database.as_gateway(person) as connection:
            rows = await fetch_all(connection, "select * from gateway.find_upload(%(id)s)", id=upload)
        return Upload(id=upload, **{**rows[0], "parts": tuple(rows[0]["parts"])}) if rows else None

    async def advance(self, person: Identity, upload: Upload, name: str, size: int) -> bool:
        """Take a part; False where another request was first."""
        async with self.database.as_gateway(person) as connection:
            return bool(
                await fetch_value(
                    connection,
                    "select gateway.advance_upload(%(id)s, %(since)s, %(size)s, %(name)s, %(most)s)",
                    id=upload.id,
                    since=upload.received,
                    size=size,
                    name=name,
                    most=MOST_PARTS,
                )
            )

    async def drop(self, person: Identity, upload: UUID) -> list[str]:
        """End an upload that came to nothing; return the names of its parts."""
        async with self.database.as_gateway(person) as connection:
            rows = await fetch_all(connection, "select gateway.drop_upload(%(id)s) as name", id=upload)
        return [row["name"] for row in rows]

    async def forget_parts(self, names: Sequence[str]) -> None:
        """Say that parts are gone from the store."""
        async with self.database.as_gateway() as connection:
            await connection.execute("select gateway.forget_parts(%s)", [list(names)])

    async def release(self, person: Identity, sha256: str) -> bool:
        """Give up a claim; False where there was none."""
        async with self.database.as_gateway(person) as connection:
            return bool(await fetch_value(connection, "select gateway.release_blob(%(hash)s)", hash=sha256))

    async def claim(self, connection: Connection, sha256: str, size: int, media_type: str, upload: UUID | None) -> None:
        """Within a transaction for a person: keep sweeps away from these bytes and write the claim down."""
        await connection.execute("select gateway.hold_blob(%s)", [sha256])
        await connection.execute(
            "select gateway.claim_blob(%s, %s, %s, %s, %s)", [sha256, size, media_type, upload, self._quotas]
        )


async def claimed(connection: Connection, person: Identity | None, hashes: Sequence[str]) -> list[Readable]:
    """Return which of these the person sent themselves; within a transaction of any kind."""
    if person is None:
        return []
    await become_gateway(connection, person)
    rows = await fetch_all(connection, "select * from gateway.my_blobs(%(hashes)s)", hashes=list(hashes))
    return [Readable(**row) for row in rows]


async def shown(connection: Connection, person: Identity | None, hashes: Sequence[str]) -> list[Readable]:
    """Return which of these a row names that the person can see, if who made that row sent the bytes.

    The rows are read as the person, under row-level security; only whose they are is looked up beyond it. Within a
    transaction of any kind, which is the gateway's afterwards.
    """
    if person is not None:
        await become_user(connection, person)
    items = await fetch_all(
        connection,
        "select f.content_id as id, f.sha256 from public.content_files f"
        " where f.sha256 = any (%(hashes)s) and f.deleted_at is null"
        " union select b.content_id, b.cover_sha256 from public.books b"
        " where b.cover_sha256 = any (%(hashes)s) and b.deleted_at is null",
        hashes=list(hashes),
    )
    people = await fetch_all(
        connection,
        "select p.user_id as id, p.avatar_sha256 as sha256 from public.user_profiles p"
        " where p.avatar_sha256 = any (%(hashes)s)",
        hashes=list(hashes),
    )
    await become_gateway(connection, person)
    rows = await fetch_all(
        connection,
        "select * from gateway.blobs_of(%(items)s, %(item_hashes)s, %(people)s, %(person_hashes)s)",
        items=[row["id"] for row in items],
        item_hashes=[row["sha256"] for row in items],
        people=[row["id"] for row in people],
        person_hashes=[row["sha256"] for row in people],
    )
    return [Readable(**row) for row in rows]
