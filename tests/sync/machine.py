"""Everything that can happen to laptops of one account, in any order; what must hold when all has come to rest."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Self, TypeVar
from uuid import UUID

from sqlalchemy import Connection, select

from alexandria_desktop.store.sync_store import SyncStore
from sync.client.facts import Position, position
from sync.protocol.errors import Unreachable
from sync.schema.ids import natural_id
from sync.schema.tables import table
from tests.sync import invariants
from tests.sync.faults import Wire
from tests.sync.laptops import Laptop
from tests.sync.ledger import Ledger, words_of
from tests.sync.reached import Reached
from tests.sync.scene import EVENTS
from tests.sync.schedules import CALM, Round, Schedule, Step
from tests.sync.setback import ServerBackups, back_up, set_back
from tests.sync.stage import Stage, folder_in_memory

T = TypeVar("T")


class Crashed(Exception):  # noqa: N818 - what happened
    """The program was killed."""


class CrashingStore(SyncStore):
    """Dies before or after one of its commits."""

    def __init__(self, base: Laptop, at: int, *, after: bool) -> None:
        super().__init__(base.database)
        self._left = at
        self._after = after

    def write(self, work: Callable[[Connection], T], /) -> T:
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


class Machine:
    """Three laptops with pages of different sizes, a server that changes behind them, and a wire with faults."""

    def __init__(self, stage: Stage, backups: ServerBackups, reached: Reached) -> None:
        self._backups = backups
        self._stack = ExitStack()
        self._folder = folder_in_memory("machine")
        self.stage, self.reached = stage, reached
        self.account, self.scene, self.database = stage.account, stage.scene, stage.database
        self.ledger = Ledger({note: {word} for note, word in stage.notes.items()})
        self.laptops: list[Laptop] = []
        self._has_backup = False

    def __enter__(self) -> Self:
        self._stack.callback(shutil.rmtree, self._folder, ignore_errors=True)
        self.reached.begin_schedule()
        self.stage.begin(self._folder)
        self.laptops += [self._stack.enter_context(self.stage.laptop(self._folder, number)) for number in range(3)]
        self.laptops[1].clock.advance(hours=5)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def play(self, schedule: Schedule) -> None:
        """Let everything happen, and see to it that all comes to rest."""
        for event in sorted(schedule.before):
            self.scene.does(event)
        if schedule.before:
            self._round(0, CALM)
        self._note("steps", len(schedule.steps))
        for step in schedule.steps:
            if step.does in EVENTS:
                self.scene.does(step.does)
                self._note(step.does)
            else:
                getattr(self, step.does)(step)
            self._round(step.at, step.then)
        self.settle()

    # ── what people do ──────────────────────────────────────────────────────────────────────────────────────────────

    def add_note(self, step: Step) -> None:
        one, scene = self.laptops[step.at], self.scene
        items = (self.stage.book, self.stage.book, scene.book, scene.org_book, scene.lent, scene.course_item)
        item = items[step.pick % len(items)]
        found = one.rows("content_items").get(item)
        if found is not None and not found["is_stub"]:
            word = self.ledger.new_word()
            self.ledger.words[one.add_note(item, word)] = {word}
            self._note("note on a book of one's own" if item == self.stage.book else "note on an item of another's")

    def add_book(self, step: Step) -> None:
        """Import a book and write on it: the server takes none of the notes before it has the book."""
        one = self.laptops[step.at]
        book = one.add_book(f"Book {self.ledger.new_word()}")
        for _ in range(3):
            word = self.ledger.new_word()
            self.ledger.words[one.add_note(book, word)] = {word}
        self._note("book imported")

    def write_more(self, step: Step) -> None:
        found = self._pick(step)
        if found is not None:
            word, text = self.ledger.new_word(found), str(self.laptops[step.at].note(found))
            longer = f"{text} {word}" if step.pick % 2 else f"{word} {text}"
            self.laptops[step.at].change("user_notes", found, note_text=longer)
            self._note("text written on")

    def paint(self, step: Step) -> None:
        found = self._pick(step)
        if found is not None:
            one = self.laptops[step.at]
            color = self.ledger.paint(found, step.at, one.rows("user_notes")[found]["color"])
            one.change("user_notes", found, color=color)
            self._note("colour given")

    def remove(self, step: Step) -> None:
        found = self._pick(step)
        if found is not None:
            self.ledger.remove(found, step.at, str(self.laptops[step.at].note(found)))
            self.laptops[step.at].remove("user_notes", found)
            self._note("note removed")

    def bring_back(self, step: Step) -> None:
        one = self.laptops[step.at]
        gone = sorted(self._everything(one).keys() - one.rows("user_notes").keys())
        if gone:
            found = gone[step.pick % len(gone)]
            self.ledger.bring_back(found)
            one.write(lambda unit: unit.bring_back("user_notes", found))
            self._note("note brought back")

    def study(self, step: Step) -> None:
        one, me, scene = self.laptops[step.at], self.account.user_id, self.scene
        if scene.lesson in one.rows("lessons"):
            row = natural_id("student_progress", me, scene.lesson)
            if row in one.rows("student_progress"):
                one.change("student_progress", row, time_spent=step.pick)
            else:
                values = {"user_id": me, "course_id": scene.course, "lesson_id": scene.lesson, "time_spent": step.pick}
                one.write(lambda unit: unit.insert("student_progress", {"id": row, "status": "in_progress", **values}))
            self._note("lesson studied")

    def set_clock(self, step: Step) -> None:
        self.laptops[step.at].clock.advance(minutes=12 * step.pick - 120)

    def half_a_year(self, _step: Step) -> None:
        for event in ("item made private", "enrolment ended", "organisation left", "departures collected"):
            self.scene.does(event)
        self._note("half a year went by")

    # ── what happens to machines ────────────────────────────────────────────────────────────────────────────────────

    def back_up_the_server(self, _step: Step) -> None:
        self._backups.make()
        self._has_backup = True

    def restore_the_server(self, _step: Step) -> None:
        self._note("server restored while changes waited", any(one.waiting() for one in self.laptops))
        self._note(
            "server restored while everything was listed", any(self._position(one).resync for one in self.laptops)
        )
        (self._backups if self._has_backup else self.stage.blank).restore(new_epoch=True)
        self._note("server restored")
        self._lose()

    def back_up_a_laptop(self, step: Step) -> None:
        back_up(self.laptops[step.at], self._backup(step.at))

    def restore_a_laptop(self, step: Step) -> None:
        file = self._backup(step.at)
        if not file.exists():
            back_up_of = self.stage.folder / str(step.at) / "library.db"
            shutil.copyfile(back_up_of, file)
        set_back(self.laptops[step.at], file)
        self._note("laptop restored")
        self._lose(self._waiting_notes(self.laptops[step.at]))

    # ── rounds ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def sync(self, step: Step) -> None:
        self._round(step.at, CALM)

    def sync_all(self, step: Step) -> None:
        for number in range(3):
            self._round((step.at + number) % 3, CALM)

    def _round(self, which: int, how: Round | None) -> None:
        if how is None:
            return
        one = self.laptops[which]
        faults = iter(how.faults)
        one.wrap = lambda endpoint: Wire(endpoint, faults)
        self._note_before(one)
        try:
            report = one.sync(CrashingStore(one, how.killed_at, after=how.after_commit))
        except Unreachable:
            self._note("round cut off by the wire")
        except Crashed:
            self._note(f"killed {'after' if how.after_commit else 'before'} commit {how.killed_at}")
        else:
            self._note("round that ended")
            self._note("rows left", report.left)
            self._note("everything listed anew", report.listed_anew)
        finally:
            one.wrap = None
        self._note("listing that was cut off in the middle", self._position(one).resync != "")

    # ── what must hold ──────────────────────────────────────────────────────────────────────────────────────────────

    def settle(self) -> None:
        """Let every laptop sync over a sound wire, twice round, and look."""
        for one in self.laptops:
            self._note_before(one)
            one.sync()
        # Whom the second time brought something, the third must not.
        invariants.idempotent([one for one in self.laptops if invariants.did_something(one.sync())])
        invariants.outbox_drains(self.laptops)
        invariants.exactly_what_is_visible(self.database, self.account.user_id, self.laptops)
        invariants.epoch_resyncs(self.database, self.laptops)
        invariants.no_lost_update(self.ledger, self.laptops)
        invariants.no_resurrection(self.ledger, self.laptops)
        scene = self.scene
        refused = invariants.refused_with_reason(self.laptops, {scene.lent, scene.course, scene.course_item})
        self._note("change refused", refused)
        self._note("difference told", sum(len(one.conflicts()) for one in self.laptops))
        self._note("stub that keeps a note's book", sum(map(self._stubs, self.laptops)))
        self._note("schedules that came to rest")

    # ── looking ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _pick(self, step: Step) -> UUID | None:
        there = sorted(self.laptops[step.at].rows("user_notes").keys() & self.ledger.words.keys())
        return there[step.pick % len(there)] if there else None

    def _backup(self, which: int) -> Path:
        return self._folder / f"{which}.backup.db"

    def _everything(self, one: Laptop) -> dict[UUID, str]:
        """Return the texts of a laptop's notes, tombstones too."""
        notes = table("user_notes")
        with one.database.reading() as connection:
            return {row.id: str(row.note_text) for row in connection.execute(select(notes.c.id, notes.c.note_text))}

    def _lose(self, waiting: set[UUID] | None = None) -> None:
        """Ask nothing of anybody that went with a disk."""
        left: dict[UUID, set[str]] = {}
        tombs: set[UUID] = set()
        texts = [item for one in self.laptops for item in self._everything(one).items()]
        with self.database.as_superuser() as connection:
            query = "select id, note_text, deleted_at is not null from user_notes where user_id = %s"
            rows = connection.execute(query, (self.account.user_id,)).fetchall()
        for one in self.laptops:
            tombs |= self._everything(one).keys() - one.rows("user_notes").keys()
        tombs |= {row[0] for row in rows if row[2]}
        for one_note, text in [*texts, *((row[0], row[1]) for row in rows)]:
            left.setdefault(one_note, set()).update(words_of(text))
        self.ledger.lose(left, tombs, waiting or set())

    def _waiting_notes(self, one: Laptop) -> set[UUID]:
        outbox = table("outbox")
        with one.database.reading() as connection:
            found = connection.execute(select(outbox.c.row_id).where(outbox.c.table_name == "user_notes"))
            return set(found.scalars())

    def _position(self, one: Laptop) -> Position:
        with one.database.reading() as connection:
            return position(connection)

    def _stubs(self, one: Laptop) -> int:
        return sum(bool(row["is_stub"]) for row in one.rows("content_items").values())

    def _note(self, situation: str, count: int | bool = 1) -> None:
        self.reached.note(situation, int(count))

    def _note_before(self, one: Laptop) -> None:
        """Look at what a round will meet."""
        waits = bool(one.waiting())
        self._note("round that meets two frozen batches", one.frozen_batches() > 1)
        query = """
            select d.checkpoint <> %(checkpoint)s and %(checkpoint)s > 0 and d.offered is distinct from %(checkpoint)s
                and d.previous is distinct from %(checkpoint)s,
              d.previous is not distinct from %(checkpoint)s and %(checkpoint)s > 0,
              exists (select from sync.device_feed k join sync.feed f on f.id = k.feed_id
                      where k.device_id = d.device_id and greatest(k.rev, k.gained_rev) < f.floor and k.rev > 0),
              sync.epoch_now() <> %(epoch)s and %(epoch)s <> ''
            from sync.device d where d.device_id = %(device)s"""
        where = self._position(one)
        values = {"checkpoint": where.checkpoint, "epoch": where.epoch, "device": one.device_id}
        with self.database.as_superuser() as connection:
            found = connection.execute(query, values).fetchone() or (False, False, False, False)
        for is_met, name in zip(
            found,
            (
                "a checkpoint that the server does not know",
                "a checkpoint one step back",
                "a cursor below the floor",
                "another epoch",
            ),
            strict=True,
        ):
            self._note(f"round that meets {name}", is_met)
            self._note(f"round that meets {name} with changes that wait", is_met and waits)
