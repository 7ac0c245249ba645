"""Laptops in every order of things that numbers can think of.

A schedule follows from its number alone, and a failure names it with its shortest part that still fails:
``pytest --nightly -k "run-17" tests/sync/test_machine.py`` plays the hundred schedules from 1,700 on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.server import ServerDatabase
from tests.sync.machine import Machine
from tests.sync.reached import Reached
from tests.sync.scene import EVENTS
from tests.sync.schedules import Schedule, schedule, shortest
from tests.sync.setback import ServerBackups
from tests.sync.stage import Stage, staged

pytestmark = pytest.mark.postgres

RUNS, IN_A_RUN = 30, 100

MUST_REACH = frozenset(EVENTS) | {
    "change refused",
    "difference told",
    "everything listed anew",
    "laptop restored",
    "listing that was cut off in the middle",
    "note removed",
    "round cut off by the wire",
    "round that meets a checkpoint that the server does not know with changes that wait",
    "round that meets a cursor below the floor",
    "round that meets another epoch with changes that wait",
    "rows left",
    "server restored while changes waited",
    "stub that keeps a note's book",
}  # fmt: skip


class Theatre:
    """Plays schedules one after another from the same beginning."""

    def __init__(self, stage: Stage, reached: Reached) -> None:
        self._stage = stage
        self._backups = ServerBackups(stage.database, "backup")
        self._reached = reached

    def play(self, number: int, *, steps: int) -> None:
        """Play the schedule of a number; a failure tells its shortest part that fails in the same way."""
        whole = schedule(number, steps=steps)
        fault = self._fault(whole, self._reached)
        if fault is None:
            return
        short = shortest(whole, lambda part: _alike(self._fault(part, Reached()), fault))
        raise AssertionError(f"schedule {number}, {steps} steps: {fault}\n{short}") from fault

    def _fault(self, found: Schedule, reached: Reached) -> Exception | None:
        with Machine(self._stage, self._backups, reached) as machine:
            try:
                machine.play(found)
            except Exception as fault:  # noqa: BLE001 - whatever goes wrong is what was looked for
                return fault
        return None


def _alike(fault: Exception | None, other: Exception) -> bool:
    return type(fault) is type(other) and str(fault)[:30] == str(other)[:30]


@pytest.fixture(scope="module")
def reached(request: pytest.FixtureRequest) -> Iterator[Reached]:
    """Situations of all runs of a night; what they came to is printed in the end."""
    found = Reached()
    yield found
    if found.schedules:
        capture: Any = request.config.pluginmanager.getplugin("capturemanager")
        with capture.global_and_fixture_disabled():
            print(f"\n{found.table()}")


def test_three_laptops_agree_whatever_happens(address: str, server_database: ServerDatabase) -> None:
    reached = Reached()
    with staged(address, server_database) as stage:
        theatre = Theatre(stage, reached)
        for number in range(50):
            theatre.play(number, steps=12)
    assert reached.lacks(MUST_REACH) == set(), "schedules that never come to a situation prove nothing about it"


@pytest.mark.nightly
@pytest.mark.parametrize("run", range(RUNS), ids=lambda run: f"run-{run}")
def test_three_laptops_agree_whatever_happens_in_three_thousand_schedules(
    address: str, server_database: ServerDatabase, reached: Reached, run: int
) -> None:
    with staged(address, server_database) as stage:
        theatre = Theatre(stage, reached)
        for number in range(run * IN_A_RUN, (run + 1) * IN_A_RUN):
            theatre.play(number, steps=20)
