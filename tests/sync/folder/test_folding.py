"""A row is the same in whatever order its steps arrive, and whether they are taken in one by one or all at once."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.folder.batches import Header, pack
from sync.folder.folding import fold
from sync.folder.ledger import Ledger
from sync.folder.rows import refold
from sync.protocol.messages import Kind
from sync.schema.ids import uuid7
from tests.support.examples import examples

FOLDER, ROW, USER = uuid7(), uuid7(), uuid7()
DEVICES = [uuid7() for _ in range(3)]
NAME = "user_notes"
TEXTS = ("the sea", "the deep sea", "the sea at night", "")
COLORS = ("yellow", "green", "blue", None)

STEP = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["insert", "update", "update", "update", "delete", "undelete"]),
        "device": st.sampled_from(DEVICES),
        "clock": st.integers(1, 5),
        "stamp": st.integers(1, 4),
        "text": st.tuples(st.sampled_from(TEXTS), st.sampled_from(TEXTS)),
        "color": st.tuples(st.sampled_from(COLORS), st.sampled_from(COLORS)),
    }
)


def operation(words: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {"note_text": words["text"][1], "color": words["color"][1]}
    base: dict[str, Any] = {"note_text": words["text"][0], "color": words["color"][0]}
    if words["kind"] == "insert":
        values |= {"id": str(ROW), "user_id": str(USER), "deleted_at": None}
        base = {}
    elif words["kind"] in ("delete", "undelete"):
        gone = "2026-03-01T12:00:00+00:00"
        values, base = {"deleted_at": gone}, {"deleted_at": None}
        if words["kind"] == "undelete":
            values, base = base, values
    return {
        "table": NAME, "id": str(ROW), "kind": words["kind"], "values": values, "base": base, "clock": words["clock"],
        "number": 0,
    }  # fmt: skip


def batches_of(steps: list[dict[str, Any]]) -> list[tuple[Header, list[dict[str, Any]], bytes]]:
    found = []
    for number, words in enumerate(steps):
        batch = UUID(int=number + 1)
        header = Header(FOLDER, UUID(int=100 + number), 1, batch, words["device"], words["stamp"], 10**18, {})
        operations = [operation(words)]
        found.append((header, operations, pack(header, operations)))
    return found


def outcome(batches: list[tuple[Header, list[dict[str, Any]], bytes]], *, at_once: bool) -> tuple[Any, set[str]]:
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder) / "ledger.db", FOLDER)
        touched = set()
        for batch in batches:
            with ledger.transaction():
                touched |= ledger.add(*batch)
                if not at_once:
                    refold(ledger, touched)
        if at_once:
            with ledger.transaction():
                refold(ledger, touched)
        found = ledger.row(NAME, str(ROW))
        told = {words["id"] for _, _, words in ledger.clashes_between(-1, ledger.revision, DEVICES[0])}
        whole = fold(NAME, ROW, ledger.steps(NAME, str(ROW)))
        ledger.close()
    assert (found is None) == (whole.state is None)
    if found is not None and whole.state is not None:
        assert found == whole.state
        assert {str(clash.id) for clash in whole.clashes} <= told, "each clash of the whole is told"
    return found, told


@settings(max_examples=examples(120), deadline=None)
@given(
    st.lists(STEP, min_size=1, max_size=6).flatmap(
        lambda steps: st.tuples(st.just(steps), st.permutations(range(len(steps))))
    )
)
def test_the_order_of_arrival_makes_no_difference(drawn: tuple[list[dict[str, Any]], list[int]]) -> None:
    steps, order = drawn
    batches = batches_of(steps)
    one, _ = outcome(batches, at_once=True)
    other, _ = outcome([batches[place] for place in order], at_once=False)
    assert one == other


def test_an_update_before_every_insert_makes_no_row() -> None:
    words = {"kind": "update", "device": DEVICES[0], "clock": 1, "stamp": 1, "text": ("", "x"), "color": (None, None)}
    assert outcome(batches_of([words]), at_once=True)[0] is None
    assert Kind(words["kind"]) is Kind.UPDATE
