"""What a device handed in it hears in the answer, and not once more in a pull; but for what it did not hear."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
import pytest

from sync.protocol.lines import unframed
from sync.schema.ids import uuid7
from sync.server.feeds import make_feeds
from sync.server.push import make_push
from tests.server.push.test_push import hand_in, item, note, operation
from tests.server.serving import Person, make_app, serving, sign_up
from tests.support.server import ServerDatabase

pytestmark = [pytest.mark.postgres, pytest.mark.anyio]


@pytest.fixture
async def ann(anyio_backend: str, server_database: ServerDatabase) -> AsyncIterator[Person]:
    async with serving(make_app(server_database, make_feeds, make_push)) as client:
        yield await sign_up(client)


@dataclass
class Device:
    """A device that takes in what it is told."""

    person: Person
    id: UUID = field(default_factory=uuid7)
    checkpoint: int = 0
    heard: UUID | None = None
    page: int = 3

    async def pull(self) -> set[UUID]:
        """Take in everything that is new and return the rows that it named."""
        found: set[UUID] = set()
        more = True
        while more:
            asked: dict[str, Any] = {"device_id": str(self.id), "checkpoint": self.checkpoint, "page": self.page}
            if self.heard:
                asked["heard"] = str(self.heard)
            answer = await self.person.post("/v1/pull", asked)
            assert answer.status_code == 200, answer.text
            header, lines = unframed(answer.content)
            found |= {UUID(line[2]["id"]) for line in lines if line[0] == "row"}
            self.checkpoint, more = header["to"], header["more"]
        return found

    async def push(self, *operations: dict[str, Any]) -> None:
        """Hand a batch in and take in the answer."""
        batch = uuid7()
        answer: httpx.Response = await hand_in(self.person, *operations, device=self.id, batch=batch)
        header, _ = unframed(answer.content)
        self.heard = batch if header["tells"] else None


@pytest.fixture
async def laptops(ann: Person) -> tuple[Device, Device]:
    one, other = Device(ann), Device(ann)
    await one.push(item(ann, uuid7()))
    await one.pull()
    await other.pull()
    return one, other


async def book_of(laptops: tuple[Device, Device]) -> UUID:
    book = uuid7()
    await laptops[0].push(item(laptops[0].person, book))
    return book


async def test_what_a_device_handed_in_comes_to_the_others_and_not_back_to_it(laptops: tuple[Device, Device]) -> None:
    one, other = laptops
    book, mine = await book_of(laptops), uuid7()
    await one.push(note(1, one.person, mine, book))
    assert await one.pull() == set()
    assert await other.pull() == {book, mine}
    assert await one.pull() == set()


async def test_an_answer_that_was_not_taken_in_is_told_by_the_next_pull(laptops: tuple[Device, Device]) -> None:
    one, _ = laptops
    book = await book_of(laptops)
    before, mine = one.heard, uuid7()
    await one.push(note(1, one.person, mine, book))
    one.heard = before  # the library was set back to where it stood before it
    assert await one.pull() == {book, mine}


async def test_a_row_that_another_device_wrote_since_is_told(laptops: tuple[Device, Device]) -> None:
    one, other = laptops
    book, mine = await book_of(laptops), uuid7()
    await one.push(note(1, one.person, mine, book))
    await other.push(operation(1, "user_notes", mine, "update", {"color": "green"}, base={"color": None}, revision=1))
    assert await one.pull() == {mine}
    assert await other.pull() == {book}


async def test_what_follows_from_a_batch_is_told(laptops: tuple[Device, Device]) -> None:
    one, _ = laptops
    draft, asks = uuid7(), uuid7()
    await one.push(item(one.person, draft, status="draft"))
    await one.push(
        operation(
            1,
            "requests",
            asks,
            "insert",
            {"id": str(asks), "user_id": str(one.person.id), "kind": "publish", "subject_id": str(draft)},
        )
    )
    assert await one.pull() == {draft}


@pytest.mark.parametrize("page", [3, 100])
async def test_a_device_that_starts_over_is_told_everything(laptops: tuple[Device, Device], page: int) -> None:
    one, _ = laptops
    book, mine = await book_of(laptops), uuid7()
    await one.push(note(1, one.person, mine, book))
    one.checkpoint, one.page = 0, page
    assert {book, mine} <= await one.pull()
