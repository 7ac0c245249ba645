"""What must hold when laptops have come to rest, each by its name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from sync.client.engine import Report
from sync.client.facts import position
from sync.schema.tables import table
from tests.support.server import ServerDatabase
from tests.sync.laptops import Laptop
from tests.sync.ledger import Ledger, words_of
from tests.sync.oracle import held, visible_rows


def exactly_what_is_visible(database: ServerDatabase, me: UUID, laptops: Sequence[Laptop]) -> None:
    """Each laptop holds what its person may see and wants: nothing too much, and no hole. So they also agree."""
    seen = visible_rows(database, me)
    for number, one in enumerate(laptops):
        mine = held(one)
        too_much, hole = mine.keys() - seen.keys(), seen.keys() - mine.keys()
        assert not too_much, f"laptop {number} holds what is not its person's to see: {too_much}"
        assert not hole, f"laptop {number} has a hole: {hole}"
        differing = {key: (mine[key], seen[key]) for key in seen if mine[key] != seen[key]}
        assert not differing, f"laptop {number} has not converged: {differing}"


def outbox_drains(laptops: Sequence[Laptop]) -> None:
    """Nothing waits: it was applied, or it is kept for the reader to see."""
    for number, one in enumerate(laptops):
        left = [entry for entry in one.waiting() if entry[0] != "rejected"]
        assert not left, f"the outbox of laptop {number} does not drain"


def no_lost_update(ledger: Ledger, laptops: Sequence[Laptop]) -> None:
    """Every value that was written is there, was seen by who wrote another, is told as a difference, or was refused."""
    told = {str(row[key]) for one in laptops for row in one.conflicts() for key in ("mine_json", "theirs_json")}
    refused = [entry for one in laptops for entry in refusals(one)]
    kept: dict[UUID, set[str]] = {}
    for entry in refused:
        kept.setdefault(entry.row_id, set()).update(words_of(entry.payload_json["values"].get("note_text")))
    for one in laptops:
        rows = one.rows("user_notes")
        for note, words in ledger.words.items():
            if note not in rows:
                assert note in ledger.removed or note in kept, "a note is lost"
                continue
            text, color = str(rows[note]["note_text"]), rows[note]["color"]
            assert words - kept.get(note, set()) <= words_of(text), f"a word is lost: {words} of {text!r}"
            lost = ledger.unseen_colors(note, color, told)
            assert not lost, f"a colour is lost: {lost}, now {color}"


def no_resurrection(ledger: Ledger, laptops: Sequence[Laptop]) -> None:
    """What was removed stays away, unless somebody changed it without knowing of that."""
    for one in laptops:
        for note, row in one.rows("user_notes").items():
            words = words_of(row["note_text"])
            assert not ledger.must_be_gone(note, words), "a removed note has come back"


def refusals(laptop: Laptop) -> Sequence[Row[Any]]:
    """Return what a laptop keeps for its reader because the server would not take it."""
    outbox = table("outbox")
    with laptop.database.reading() as connection:
        return connection.execute(select(outbox).where(outbox.c.state == "rejected")).all()


def refused_with_reason(laptops: Sequence[Laptop], out_of_sight: Collection[UUID]) -> int:
    """Nothing is refused but what is about an item that went out of sight; returns how often that was."""
    found = [entry for one in laptops for entry in refusals(one)]
    never_there = {entry.row_id for entry in found if entry.operation == "insert"}
    for entry in found:
        about = {entry.payload_json["values"].get(column) for column in ("content_id", "course_id")}
        is_about = about & set(map(str, out_of_sight)) or entry.table_name == "student_progress"
        assert is_about or entry.row_id in never_there, (
            f"{entry.operation} of {entry.table_name} was refused: {entry.reject_code}"
        )
    return len(found)


def idempotent(laptops: Sequence[Laptop]) -> None:
    """Another round finds nothing to do."""
    for one in laptops:
        assert not did_something(one.sync()), "a round was not the last"


def did_something(report: Report) -> bool:
    """Whether a round sent or brought anything."""
    return (report.sent, report.received, report.left, report.rejected) != (0, 0, 0, 0)


def epoch_resyncs(database: ServerDatabase, laptops: Sequence[Laptop]) -> None:
    """Every laptop follows the server's present history, and is done listing it."""
    with database.as_superuser() as connection:
        (now,) = connection.execute("select sync.epoch_now()").fetchone() or ("",)
    for one in laptops:
        with one.database.reading() as connection:
            where = position(connection)
        assert (where.epoch, where.resync) == (now, ""), "a laptop follows a history that is gone"
