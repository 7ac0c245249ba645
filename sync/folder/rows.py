"""Rows folded anew where something was done to them; ids that have one natural key are one row."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from uuid import UUID

import orjson
from sqlalchemy import UniqueConstraint

from sync.folder.folding import Step, fold
from sync.folder.ledger import Key, Ledger
from sync.protocol.messages import Kind
from sync.schema.policy import Direction, policy_of
from sync.schema.tables import METADATA, table


def refold(ledger: Ledger, touched: Iterable[Key], *, quietly: bool = False) -> None:
    """Fold rows again; the clashes that come of it are told to the library, unless ``quietly``."""
    done: set[Key] = set()
    for name, row in sorted(touched):
        if name not in METADATA.tables or policy_of(name).direction is not Direction.BOTH:
            continue  # of a newer program, or history that no other device reads
        if (name, row) not in done:
            done |= _refold(ledger, name, row, quietly=quietly)


def _refold(ledger: Ledger, name: str, row: str, *, quietly: bool) -> set[Key]:
    for key in _keys(name, ledger.steps(name, row)):
        ledger.name_key(name, key, row)
    rows = ledger.twins(name, row)
    stays = rows[0]
    steps = [step for one in rows for step in ledger.steps(name, one)]
    known = ledger.row(name, stays)
    start = known if known is not None and known.goes_on(steps) else None
    folded = fold(name, UUID(stays), steps, start)
    if folded.state is not None:
        ledger.put(name, stays, folded.state)
        ledger.note(name, stays, folded.clashes, 0 if quietly else ledger.revision)
    for other in rows[1:]:
        ledger.let_go(name, other)
    return {(name, one) for one in rows}


def _keys(name: str, steps: Iterable[Step]) -> set[str]:
    """Return the natural keys that a row was made with."""
    found = set()
    for step in steps:
        if step.kind is not Kind.INSERT:
            continue
        for number, columns in enumerate(_unique(name)):
            values = [step.values.get(column) for column in columns]
            if None not in values:
                found.add(orjson.dumps([number, *values]).decode())
    return found


@cache
def _unique(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the sets of columns that no two rows of a table may have alike."""
    found = [
        tuple(column.name for column in one.columns)
        for one in table(name).constraints
        if isinstance(one, UniqueConstraint)
    ]
    return tuple(sorted(columns for columns in found if "id" not in columns))
