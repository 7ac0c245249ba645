"""A laptop's program in a process of its own: writes, keeps in step, writes on, says what it did, may be killed.

``python -m tests.sync.client_process LIBRARY ADDRESS TOKEN COMMIT before|after WORD WORD``
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from alexandria_desktop.base.paths import LibraryPaths
from alexandria_desktop.store import notes
from alexandria_desktop.store.database import Database
from alexandria_desktop.store.identity import identity_of
from alexandria_desktop.store.unit_of_work import UnitOfWork
from sync.client.engine import Engine
from sync.client.http import HttpEndpoint
from sync.protocol.errors import Unreachable
from sync.protocol.messages import PullRequest
from sync.schema.tables import table
from tests.support.library import place
from tests.sync.dying import Fate, MortalStore


def say(*words: object) -> None:
    """Tell the test; it is heard even if this is the last that we do."""
    print(*words, flush=True)


class Telling:
    """An endpoint that says when a request goes out and when its answer is there."""

    def __init__(self, endpoint: HttpEndpoint) -> None:
        self._endpoint = endpoint

    def pull(self, request: PullRequest) -> bytes:
        say("pull")
        answer = self._endpoint.pull(request)
        say("page")
        return answer

    def push(self, body: bytes) -> bytes:
        say("push")
        answer = self._endpoint.push(body)
        say("judged")
        return answer


def main() -> None:
    folder, address, token, commit, when, *words = sys.argv[1:]
    fate = Fate(int(commit), when == "after")
    with Database.open(LibraryPaths(Path(folder))) as database:
        with database.reading() as connection:
            me = identity_of(connection)
            items = table("content_items")
            book = connection.execute(select(items.c.id).where(items.c.title == "Moby-Dick")).scalar_one()
        assert me is not None
        endpoint = Telling(HttpEndpoint(address, token))
        store, user, device = MortalStore(database, fate), me.user_id, me.device_id
        engine = Engine(store, endpoint, database.clock, user_id=user, device_id=device, page=4, batch=2)
        for number, word in enumerate(words):
            _write(database, me.user_id, book, word, is_new=number == 0)
            _round(engine)
        say("done")


def _write(database: Database, user: UUID, book: UUID, word: str, *, is_new: bool) -> None:
    """Write a note, or one more word into the oldest."""

    def work(unit: UnitOfWork) -> Any:
        kept = table("user_notes")
        oldest = unit.connection.execute(select(kept.c.id, kept.c.note_text).order_by(kept.c.id)).first()
        if is_new or oldest is None:
            return notes.add_note(unit, user, book, text=word, locator=place("Moby-Dick")).id
        unit.update("user_notes", oldest.id, {"note_text": f"{oldest.note_text} {word}"})
        return oldest.id

    note = database.write(work).value
    say("wrote", note, word)


def _round(engine: Engine) -> None:
    try:
        engine.round()
        say("in step")
    except Unreachable:
        say("unreachable")


if __name__ == "__main__":
    main()
