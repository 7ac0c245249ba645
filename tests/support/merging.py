"""Rows and changes for tests of the merge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from sync.merge import Change, Conflict, Merged, merge_row
from sync.schema.policy import policy_of

START = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
BEFORE = 50
"""The reading of all that the row held before; changes come after it."""


@dataclass(frozen=True)
class Row:
    """A row on the server, and what happened to it."""

    table: str
    values: Mapping[str, Any]
    clocks: Mapping[str, Any] = field(default_factory=dict)
    changed: bool = False
    conflicts: tuple[Conflict, ...] = ()

    def after(self, *changes: Change) -> Row:
        """Return the row after changes, each made on the row as it was at first."""
        row = self
        for change in changes:
            merged = row.merge(change)
            edited = any(row.clocks.get(name) != merged.clocks[name] for name in merged.clocks if name != "deleted_at")
            values = {**row.values, **merged.values}
            conflicts = (*row.conflicts, *merged.conflicts)
            row = Row(row.table, values, merged.clocks, row.changed or edited, conflicts)
        return row

    def merge(self, change: Change) -> Merged:
        return merge_row(policy_of(self.table), change, self.values, self.clocks, theirs_changed=self.changed)

    @property
    def state(self) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        return self.values, self.clocks


def row(table: str, **values: Any) -> Row:
    return Row(table, values, dict.fromkeys(values, BEFORE))


def change(on: Row, clock: int, **values: Any) -> Change:
    """Return what a device did that knew the row as it is."""
    base = {column: on.values[column] for column in values if column in on.values}
    return Change(values, base, dict.fromkeys(values, clock), clock)


def insert(clock: int, **values: Any) -> Change:
    return Change(values, {}, {}, clock)


@dataclass(frozen=True)
class Case:
    """Columns that one rule merges, and what they may hold."""

    table: str
    columns: Mapping[str, SearchStrategy[Any]]


def cases(*, name: str, changes: int, tied: bool = False) -> SearchStrategy[tuple[Row, list[Change]]]:
    """Rows with concurrent changes, all made on the same version."""
    case = CASES[name]
    values = st.fixed_dictionaries(dict(case.columns))
    clocks = st.just([60] * changes) if tied else st.lists(st.integers(51, 56), min_size=changes, max_size=changes)

    def built(base: Mapping[str, Any], after: Sequence[Mapping[str, Any]], readings: Sequence[int]) -> Any:
        found = row(case.table, **base)
        return found, [change(found, at, **one) for one, at in zip(after, readings, strict=True)]

    return st.builds(built, values, st.lists(values, min_size=changes, max_size=changes), clocks)


def objects(members: SearchStrategy[Any]) -> SearchStrategy[Any]:
    return st.dictionaries(st.sampled_from(["a", "b", "c", "/~"]), members, max_size=3)


SCALARS = st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from([0.5, "x", "y", "é"])
LEAVES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=2) | objects(inner), max_leaves=6)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
WORDS = st.lists(
    st.sampled_from(["a", "b", "c", " ", " ", "\n", ".", "茶", "é", "⟦", "¦", " ¦ ", "⟧", "👩‍🚀", "سلام"]), max_size=9
).map("".join)


def _questions() -> SearchStrategy[Any]:
    names = st.sampled_from(["q1", "q2", "q3", "q4", 7])
    question = st.fixed_dictionaries({"id": names}, optional={"points": st.integers(0, 2), "more": objects(SCALARS)})
    return st.lists(question, max_size=4, unique_by=lambda one: one["id"])


_MOMENTS = st.integers(0, 3).map(lambda hours: START + timedelta(hours=hours))
_PERCENT = st.integers(0, 3).map(lambda value: Decimal(value) / 4)

CASES = {
    "clock": Case("user_libraries", {"rating": st.none() | st.integers(1, 5), "finished_at": st.none() | _MOMENTS}),
    "maximum": Case("user_libraries", {"last_accessed": st.none() | _MOMENTS}),
    "last reading": Case(
        "user_libraries", {"progress": _PERCENT, "current_position": LEAVES, "position_at": st.none() | _MOMENTS}
    ),
    "furthest": Case("user_libraries", {"furthest_progress": _PERCENT, "furthest_position": LEAVES}),
    "text": Case("user_notes", {"note_text": st.none() | WORDS}),
    "server": Case("student_progress", {"score": _PERCENT}),
    "fixed": Case("student_progress", {"course_id": st.uuids()}),
    "leaves": Case("user_notes", {"attributes_json": objects(LEAVES)}),
    "set": Case("content_items", {"tags": st.none() | st.lists(st.sampled_from("abcdef"), max_size=4, unique=True)}),
    "keyed": Case("assessments", {"questions_json": st.none() | _questions()}),
    "atomic": Case("user_notes", {"location_data": LEAVES}),
    "any leaves": Case("user_notes", {"attributes_json": st.none() | LEAVES}),
    "any set": Case("content_items", {"tags": LEAVES}),
    "any keyed": Case("assessments", {"questions_json": _questions() | st.lists(LEAVES, max_size=3) | LEAVES}),
}
