"""Everything that can happen to laptops that share a folder by way of a faulty carrier, in any order.

A note's text only ever grows by words that nobody else writes, and a collection's name is always a new one, so that
what is missing in the end was lost.
"""

from __future__ import annotations

import itertools
import re
import shutil
import tempfile
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from sync.folder.endpoint import FolderEndpoint
from sync.folder.layout import begin
from sync.protocol.errors import Unreachable
from sync.schema.ids import uuid7
from tests.sync.folder.carrier import How, begin_alike, carry, carry_all, lacking, room_for_folders
from tests.sync.folder.killing import killed_at
from tests.sync.folder.laptops import FolderLaptop, folder_laptop
from tests.sync.machine import Crashed, CrashingStore

LAPTOPS, PICK = st.integers(0, 2), st.integers(0, 20)
NOTES, NAMES = "user_notes", "user_collections"
_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Written:
    """A name that somebody gave, and the one that they saw there."""

    row: UUID
    value: str
    before: str | None


class FolderMachine(RuleBasedStateMachine):
    """Three laptops, three folders, and what carries files between them."""

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        self._root = Path(tempfile.mkdtemp(prefix="folders"))
        self.laptops: list[FolderLaptop] = []
        self.words: dict[UUID, set[str]] = {}
        self.removed: set[UUID] = set()
        self.names: list[Written] = []

    @initialize()
    def begin(self) -> None:
        room = self._stack.enter_context(room_for_folders(self._root))
        folders = [room / f"folder-{number}" for number in range(3)]
        folders[0].mkdir()
        user = uuid7()
        begin(folders[0], user)
        begin_alike(*folders)
        for number, folder in enumerate(folders):
            page, batch = ((5_000, 500), (3, 2), (7, 500))[number]
            made = folder_laptop(self._root / f"laptop-{number}", folder, user, page=page, batch=batch)
            self.laptops.append(self._stack.enter_context(made))
        self.laptops[1].clock.advance(hours=5)
        self.book = self.laptops[0].add_book()
        self._settle()

    def teardown(self) -> None:
        try:
            if self.laptops:
                self.check()
        finally:
            self._stack.close()
            shutil.rmtree(self._root, ignore_errors=True)

    # --- what people do -----------------------------------------------------------------------------------------

    @rule(which=LAPTOPS)
    def add_note(self, which: int) -> None:
        word = f"w{next(_NUMBERS)}"
        self.words[self.laptops[which].add_note(self.book, word)] = {word}

    @rule(which=LAPTOPS, pick=PICK, at_end=st.booleans())
    def write_more(self, which: int, pick: int, at_end: bool) -> None:
        note = self._pick(which, NOTES, pick)
        if note is not None:
            word, text = f"w{next(_NUMBERS)}", self.laptops[which].note(note)
            self.laptops[which].change(NOTES, note, note_text=f"{text} {word}" if at_end else f"{word} {text}")
            self.words[note].add(word)

    @rule(which=LAPTOPS, pick=PICK)
    def remove(self, which: int, pick: int) -> None:
        note = self._pick(which, NOTES, pick)
        if note is not None:
            self.laptops[which].remove(NOTES, note)
            self.removed.add(note)

    @rule(which=LAPTOPS)
    def add_name(self, which: int) -> None:
        one, value = self.laptops[which], f"c{next(_NUMBERS)}"
        row = one.write(lambda unit: unit.insert(NAMES, {"user_id": one.account.user_id, "name": value}))
        self.names.append(Written(row, value, None))

    @rule(which=LAPTOPS, pick=PICK)
    def rename(self, which: int, pick: int) -> None:
        row = self._pick(which, NAMES, pick)
        if row is not None:
            one, value = self.laptops[which], f"c{next(_NUMBERS)}"
            self.names.append(Written(row, value, one.rows(NAMES)[row]["name"]))
            one.change(NAMES, row, name=value)

    @rule(which=LAPTOPS, minutes=st.integers(-600, 600))
    def set_clock(self, which: int, minutes: int) -> None:
        self.laptops[which].clock.advance(minutes=minutes)

    # --- what happens to folders --------------------------------------------------------------------------------

    @rule(source=LAPTOPS, to=LAPTOPS, how=st.lists(st.sampled_from(list(How)), min_size=1, max_size=4))
    def carry(self, source: int, to: int, how: list[How]) -> None:
        if source == to:
            return
        here, there = self.laptops[source].folder, self.laptops[to].folder
        places = lacking(here, there)
        # The latest first: it is the one that the others must wait for.
        for place, fate in zip(reversed(places), how, strict=False):
            if fate is not How.FORGOTTEN:
                carry(here, there, place, fate)

    @rule(which=LAPTOPS, pick=PICK)
    def lose_a_file(self, which: int, pick: int) -> None:
        files = sorted(self.laptops[which].folder.rglob("*.ops"))
        if files:
            files[pick % len(files)].unlink()

    @rule(which=LAPTOPS)
    def lose_the_ledger(self, which: int) -> None:
        for path in self.laptops[which].ledger.parent.glob("folder.db*"):
            path.unlink()

    # --- rounds -------------------------------------------------------------------------------------------------

    @rule(which=LAPTOPS)
    def sync(self, which: int) -> None:
        with suppress(Unreachable):
            self.laptops[which].sync()

    @rule(which=LAPTOPS, at=st.integers(1, 5), after=st.booleans())
    def die_at_a_commit(self, which: int, at: int, after: bool) -> None:
        one = self.laptops[which]
        with suppress(Crashed, Unreachable), one.open_folder() as endpoint:
            one.engine(endpoint, CrashingStore(one, at, after=after)).round()

    @rule(which=LAPTOPS, at=st.integers(1, 8))
    def die_while_writing(self, which: int, at: int) -> None:
        one = self.laptops[which]
        with suppress(Crashed, Unreachable), killed_at(one.folder, at), one.open_folder() as endpoint:
            one.engine(endpoint).round()

    # --- what must hold -----------------------------------------------------------------------------------------

    def _settle(self) -> None:
        for _ in range(2):
            for one in self.laptops:
                one.sync()
            carry_all(*(one.folder for one in self.laptops))
        for one in self.laptops:
            one.sync()

    def check(self) -> None:
        """Let everything arrive, and look."""
        self._settle()
        first = self.laptops[0].everything()
        for one in self.laptops:
            assert one.waiting() == [], "the outbox drains, and nothing is refused"
            assert one.everything() == first, "the same on every laptop"
        self._no_word_is_lost()
        self._no_name_is_lost()
        self._what_is_removed_stays_so()

    def _no_word_is_lost(self) -> None:
        there = {row: text for (name, row), text in self._texts().items() if name == NOTES}
        settled = {row["row_id"] for row in self._conflicts() if row["column_name"] == "deleted_at"}
        for note, words in self.words.items():
            if note not in there:
                assert note in self.removed, "no note is lost"
                continue
            assert words <= set(re.findall(r"\w+", there[note])), "no word that somebody wrote is lost"
            assert note not in self.removed or note in settled, "who removed it is told that it stays"

    def _no_name_is_lost(self) -> None:
        current = {row: one["name"] for row, one in self.laptops[0].rows(NAMES).items()}
        seen = {(one.row, one.before) for one in self.names}
        kept = {(row["row_id"], row[side]) for row in self._conflicts() for side in ("mine_json", "theirs_json")}
        for one in self.names:
            is_there = current[one.row] == one.value
            known = (one.row, one.value) in seen | kept
            assert is_there or known, "a name is there, or whoever changed it saw it, or it is in the history"

    def _what_is_removed_stays_so(self) -> None:
        one = self.laptops[0]
        for note in one.rows(NOTES):
            one.remove(NOTES, note)
        self._settle()
        assert not any(other.rows(NOTES) for other in self.laptops), "nothing comes back that all had seen"

    def _texts(self) -> dict[tuple[str, UUID], str]:
        return {(NOTES, row): one["note_text"] for row, one in self.laptops[0].rows(NOTES).items()}

    def _conflicts(self) -> list[dict[str, object]]:
        return [row for one in self.laptops for row in one.conflicts()]

    def _pick(self, which: int, name: str, pick: int) -> UUID | None:
        known = self.words.keys() if name == NOTES else {one.row for one in self.names}
        there = sorted(self.laptops[which].rows(name).keys() & known)
        return there[pick % len(there)] if there else None


__all__ = ["FolderEndpoint", "FolderMachine"]
