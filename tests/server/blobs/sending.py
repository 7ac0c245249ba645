"""How people in tests hand files in and ask for them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx

from sync.schema.ids import uuid7
from tests.server.blobs.conftest import hash_of
from tests.server.serving import Person
from tests.support.server import ServerDatabase


async def put(person: Person, words: bytes, sha256: str | None = None, kind: str = "image/png") -> httpx.Response:
    """Hand a file in by one request."""
    headers = {**person.headers, "Content-Type": kind}
    return await person.client.put(f"/v1/blobs/{sha256 or hash_of(words)}", content=words, headers=headers)


async def given(person: Person, words: bytes) -> str:
    """Hand a file in that is taken; return its hash."""
    answer = await put(person, words)
    assert answer.status_code == 201, answer.text
    return hash_of(words)


async def begin(person: Person, words: bytes, **changed: Any) -> str:
    """Begin an upload; return its address."""
    answer = await person.post(f"/v1/blobs/{hash_of(words)}", {"size": len(words), **changed})
    assert answer.status_code == 201, answer.text
    assert answer.headers["upload-offset"] == "0"
    return answer.headers["location"]


async def append(person: Person, upload: str, offset: int, words: bytes) -> httpx.Response:
    """Send the next bytes of an upload."""
    headers = {**person.headers, "Upload-Offset": str(offset), "Content-Type": "application/partial-upload"}
    return await person.client.patch(upload, content=words, headers=headers)


async def head(person: Person, path: str) -> httpx.Response:
    return await person.client.head(path, headers=person.headers)


async def bytes_of(person: Person, sha256: str) -> bytes | None:
    """Return what a person gets for a hash, or None where there is nothing for them."""
    answer = await person.get(f"/v1/blobs/{sha256}")
    assert answer.status_code in (200, 404)
    return answer.content if answer.status_code == 200 else None


def item_naming(database: ServerDatabase, creator: Person, sha256: str, *, cover: bool = False, **changed: Any) -> UUID:
    """Make an item with a file, or a cover, of this hash; past the policies."""
    item = uuid7()
    row = {"visibility": "private", "status": "published", **changed}
    with database.as_superuser() as connection:
        connection.execute(
            "insert into content_items (id, title, content_type, module_name, creator_id, visibility, status)"
            " values (%s, 'A book', 'book', 'library', %s, %s, %s)",
            (item, creator.id, row["visibility"], row["status"]),
        )
        if cover:
            connection.execute("insert into books (content_id, cover_sha256) values (%s, %s)", (item, sha256))
        else:
            connection.execute("insert into content_files (content_id, sha256) values (%s, %s)", (item, sha256))
    return item
