"""Everything that can happen to laptops of one account, in any order; what must hold when all has come to rest.

A note's text only ever grows by words that nobody else writes, so that one that is missing in the end was lost.
"""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from sqlalchemy import Connection

from alexandria_desktop.store.sync_store import SyncStore
from sync.client.engine import Engine
from sync.protocol.errors import Unreachable
from tests.support.server import ServerDatabase
from tests.sync.faults import Fault, Wire
from tests.sync.laptops import Account, Laptop, laptop, make_account
from tests.sync.oracle import held, visible_rows

T = TypeVar("T")

COLORS = ("yellow", "green", "blue", "red")
FAULTS = st.lists(st.sampled_from(list(Fault)), max_size=3)
LAPTOPS = st.integers(0, 2)
_NUMBERS = itertools.count(1)


class Crashed(Exception):  # noqa: N818 - what happened
    """The program was killed."""


class CrashingStore(SyncStore):
    """Dies before or after one of its commits."""

    def __init__(self, base: Laptop, at: int | None, *, after: bool) -> None:
        super().__init__(base.database)
        self._left = at
        self._after = after

    def write(self, work: Callable[[Connection], T], /) -> T:
        if self._left is not None:
            self._left -= 1
        if self._left != 0:
            return super().write(work)
        if self._after:
            super().write(work)
            raise Crashed

        def killed(connection: Connection) -> T:
            work(connection)
            raise Crashed

        return super().write(killed)


class Machine(RuleBasedStateMachine):
    """Three laptops, a creator who shares and withdraws a book, and a wire with faults."""

    address: str
    database: ServerDatabase
    creator: Account

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        self._folder = Path(tempfile.mkdtemp(prefix="machine"))
        self.laptops: list[Laptop] = []
        self.words: dict[UUID, set[str]] = {}
        """Every word that was ever written into a note."""
        self.removed: set[UUID] = set()

    @initialize()
    def begin(self) -> None:
        account = make_account(self.address)
        self.account = account
        for number in range(3):
            page, batch = ((5_000, 500), (3, 2), (7, 500))[number]
            made = laptop(self._folder / str(number), account, page=page, batch=batch)
            self.laptops.append(self._stack.enter_context(made))
        self.laptops[1].clock.advance(hours=5)
        self.book = self.laptops[0].add_book()
        self.laptops[0].sync()
        with self.database.as_superuser() as connection:
            (self.shared,) = connection.execute(
                "insert into content_items (title, content_type, module_name, creator_id, visibility, status)"
                " values ('shared', 'book', 'library', %s, 'public', 'published') returning id",
                (self.creator.user_id,),
            ).fetchone()  # type: ignore[misc]
            connection.execute("insert into books (content_id, author) values (%s, 'A')", (self.shared,))
            connection.execute(
                "insert into user_libraries (user_id, content_id) values (%s, %s)", (account.user_id, self.shared)
            )

    def teardown(self) -> None:
        try:
            if self.laptops:
                self.settle()
        finally:
            self._stack.close()
            shutil.rmtree(self._folder, ignore_errors=True)

    # ── what people do ──────────────────────────────────────────────────────────────────────────────────────────────

    @rule(which=LAPTOPS)
    def add_note(self, which: int) -> None:
        one = self.laptops[which]
        if self.book not in one.rows("content_items"):
            return
        word = f"w{next(_NUMBERS)}"
        self.words[one.add_note(self.book, word)] = {word}

    @rule(which=LAPTOPS, pick=st.integers(0, 20), at_end=st.booleans())
    def write_more(self, which: int, pick: int, at_end: bool) -> None:
        note = self._pick(which, pick)
        if note is not None:
            word = f"w{next(_NUMBERS)}"
            text = str(self.laptops[which].note(note))
            self.laptops[which].change("user_notes", note, note_text=f"{text} {word}" if at_end else f"{word} {text}")
            self.words[note].add(word)

    @rule(which=LAPTOPS, pick=st.integers(0, 20), color=st.sampled_from(COLORS))
    def color(self, which: int, pick: int, color: str) -> None:
        note = self._pick(which, pick)
        if note is not None:
            self.laptops[which].change("user_notes", note, color=color)

    @rule(which=LAPTOPS, pick=st.integers(0, 20))
    def remove(self, which: int, pick: int) -> None:
        note = self._pick(which, pick)
        if note is not None:
            self.laptops[which].remove("user_notes", note)
            self.removed.add(note)

    @rule(which=LAPTOPS, minutes=st.integers(-120, 120))
    def set_clock(self, which: int, minutes: int) -> None:
        self.laptops[which].clock.advance(minutes=minutes)

    @rule(visibility=st.sampled_from(["public", "private", "marketplace"]))
    def share_or_withdraw(self, visibility: str) -> None:
        with self.database.as_superuser() as connection:
            connection.execute("update content_items set visibility = %s where id = %s", (visibility, self.shared))

    @rule(which=LAPTOPS)
    def note_on_shared(self, which: int) -> None:
        one = self.laptops[which]
        items = one.rows("content_items")
        if self.shared in items and not items[self.shared]["is_stub"]:
            word = f"w{next(_NUMBERS)}"
            self.words[one.add_note(self.shared, word)] = {word}

    # ── rounds ──────────────────────────────────────────────────────────────────────────────────────────────────────

    @rule(which=LAPTOPS, faults=FAULTS)
    def sync(self, which: int, faults: list[Fault]) -> None:
        self._round(which, faults, None, after=False)

    @rule(which=LAPTOPS, at=st.integers(1, 5), after=st.booleans())
    def sync_and_be_killed(self, which: int, at: int, after: bool) -> None:
        self._round(which, [], at, after=after)

    @precondition(lambda self: self.laptops)
    @rule()
    def forget_receipts_of_departures(self) -> None:
        with self.database.as_superuser() as connection:
            connection.execute("select ops.collect_feeds(interval '0')")

    def _round(self, which: int, faults: list[Fault], at: int | None, *, after: bool) -> None:
        one = self.laptops[which]
        store = CrashingStore(one, at, after=after)
        wire = Wire(one.endpoint, iter(faults))
        mine = {"user_id": one.account.user_id, "device_id": one.device_id}
        engine = Engine(store, wire, one.clock, **mine, page=one.page, batch=one.batch)
        with suppress(Unreachable, Crashed):
            engine.round()

    # ── what must hold ──────────────────────────────────────────────────────────────────────────────────────────────

    def settle(self) -> None:
        """Let every laptop sync over a sound wire, twice round, and look."""
        for _ in range(2):
            for one in self.laptops:
                one.sync()
        seen = visible_rows(self.database, self.account.user_id)
        for one in self.laptops:
            assert not [entry for entry in one.waiting() if entry[0] != "rejected"], "the outbox drains"
            assert held(one) == seen, "a laptop holds exactly what its person may see and wants"
        for note, words in self.words.items():
            for one in self.laptops:
                text = one.note(note)
                if text is None:
                    assert note in self.removed or self._was_refused(note), "no note is lost"
                    continue
                assert words <= set(text.split()), "no word that somebody wrote is lost"

    def _was_refused(self, note: UUID) -> bool:
        """Whether a laptop keeps the note for its reader to see, because the server would not take it."""
        return any(("rejected", "user_notes") in one.waiting() for one in self.laptops) and bool(note)

    def _pick(self, which: int, pick: int) -> UUID | None:
        there = sorted(self.laptops[which].rows("user_notes").keys() & self.words.keys())
        return there[pick % len(there)] if there else None


__all__ = ["Any", "Machine"]
