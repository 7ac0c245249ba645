"""What a measurement gives: a figure beside its aim, and the table of them."""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number; ``aim`` is what it should not exceed, or with ``is_least`` not fall below."""

    name: str
    value: float
    unit: str
    aim: float | None = None
    is_least: bool = False
    p95: float | None = None
    low: float | None = None
    high: float | None = None
    count: int = 1
    note: str = ""

    @property
    def is_met(self) -> bool | None:
        """Whether the aim is reached; None where there is none."""
        if self.aim is None:
            return None
        return self.value >= self.aim if self.is_least else self.value <= self.aim


def figure(name: str, values: Sequence[float], unit: str = "ms", *, aim: float | None = None, note: str = "") -> Figure:
    """Return the median of repeated measurements with their spread, and the p95 of twenty or more."""
    p95 = percentile(values, 95) if len(values) >= 20 else None
    return Figure(name, statistics.median(values), unit, aim, False, p95, min(values), max(values), len(values), note)


def p95_figure(name: str, values: Sequence[float], *, aim: float, note: str = "") -> Figure:
    """Return the p95 of repeated measurements in milliseconds, for aims that are about the slow ones."""
    note = f"median {_number(statistics.median(values))} ms{'; ' + note if note else ''}"
    return Figure(name, percentile(values, 95), "ms", aim, False, None, min(values), max(values), len(values), note)


def ratio(name: str, upper: float, lower: float, *, aim: float | None = None, note: str = "") -> Figure:
    """Return how much one figure of this run is of another; the noise of the machine is in both."""
    return Figure(name, upper / lower if lower else math.inf, "x", aim, note=note)


def percentile(values: Sequence[float], part: float) -> float:
    """Return a percentile by the nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * part / 100) - 1)]


def as_json(found: Figure) -> str:
    """Return a figure as a line of JSON."""
    return json.dumps({**asdict(found), "is_met": found.is_met}, ensure_ascii=False)


def from_json(line: str) -> Figure:
    """Return the figure of a line of JSON."""
    fields = json.loads(line)
    fields.pop("is_met", None)
    return Figure(**fields)


def table(figures: Sequence[Figure]) -> str:
    """Return figures as a table in plain text, each beside its aim."""
    rows = [("what", "value", "p95", "range", "n", "aim", "", "note")]
    rows += [_row(one) for one in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [
            row[0].ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(row[1:6], widths[1:6], strict=True)),
        ]
        lines.append("  ".join([*cells, row[6].ljust(widths[6]), row[7]]).rstrip())
    lines.insert(1, "-" * max(len(line) for line in lines))
    return "\n".join(lines)


def _row(one: Figure) -> tuple[str, str, str, str, str, str, str, str]:
    spread = f"{_number(one.low)}-{_number(one.high)}" if one.low is not None and one.count > 1 else ""
    aim = "" if one.aim is None else f"{'≥' if one.is_least else '≤'} {_number(one.aim)} {one.unit}"
    met = {None: "", True: "ok", False: "MISSED"}[one.is_met]
    tail = "" if one.p95 is None else f"{_number(one.p95)} {one.unit}"
    return (one.name, f"{_number(one.value)} {one.unit}", tail, spread, str(one.count), aim, met, one.note)


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
