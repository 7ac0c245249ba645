"""Measured figures stand beside their aims."""

from __future__ import annotations

from tests.performance.figures import Figure, as_json, figure, from_json, p95_figure, percentile, table


def test_the_slow_ones_are_seen_in_the_p95() -> None:
    assert percentile([1.0] * 94 + [9.0] * 6, 95) == 9.0
    assert p95_figure("turn", [10.0] * 18 + [80.0] * 2, aim=50).is_met is False


def test_a_median_is_measured_against_its_aim() -> None:
    assert figure("open", [100.0, 200.0, 900.0], aim=300).is_met
    assert Figure("found", 98.0, "%", 99.0, is_least=True).is_met is False
    assert Figure("first", 98.0, "ms").is_met is None


def test_the_table_names_what_was_missed() -> None:
    lines = table([figure("quick", [1.0, 2.0], aim=5), figure("slow", [7.0, 9.0], aim=5)]).splitlines()
    assert "ok" in lines[-2]
    assert "MISSED" in lines[-1]
    assert "8.00 ms" in lines[-1]


def test_a_figure_survives_its_json() -> None:
    known = figure("open", [100.0, 200.0, 900.0], aim=300, note="the longest")
    assert from_json(as_json(known)) == known
