"""Laptops in every order of things that numbers can think of.

A schedule follows from its number alone, and a failure names it with its shortest part that still fails:
``pytest --nightly -k "run-17" tests/sync/test_machine.py`` plays the hundred schedules from 1,700 on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
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
    "book imported",
    "change refused",
    "difference told",
    "everything listed anew",
    "laptop restored",
    "listing that was cut off in the middle",
    "note removed",
    "round cut off by the wire",
    "round that meets a checkpoint that the server does not know with changes that wait",
    "round that meets a checkpoint one step back",
    "round that meets two frozen batches",
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

    def play(self, number: int, *, steps: int) -> str:
        """Play the schedule of a number; return what went wrong, with its shortest part that fails in the same way."""
        whole = schedule(number, steps=steps)
        fault = self._fault(whole, self._reached)
        if fault is None:
            return ""
        short = shortest(whole, lambda part: _alike(self._fault(part, Reached()), fault))
        return f"schedule {number}, {steps} steps: {fault!r}\n{short}"

    def _fault(self, found: Schedule, reached: Reached) -> Exception | None:
        with Machine(self._stage, self._backups, reached) as machine:
            try:
                machine.play(found)
            except Exception as fault:  # noqa: BLE001 - whatever goes wrong is what was looked for
                return fault
        return None


def _alike(fault: Exception | None, other: Exception) -> bool:
    return type(fault) is type(other) and str(fault)[:30] == str(other)[:30]


Say = Callable[[str], None]


@pytest.fixture(scope="module")
def say(request: pytest.FixtureRequest) -> Say:
    """Prints at once: a night is long."""
    capture: Any = request.config.pluginmanager.getplugin("capturemanager")

    def say(words: str) -> None:
        with capture.global_and_fixture_disabled():
            print(f"\n{words}", flush=True)

    return say


@pytest.fixture(scope="module")
def reached(say: Say) -> Iterator[Reached]:
    """Situations of all runs of a night; what they came to is told in the end."""
    found = Reached()
    yield found
    if found.schedules:
        say(found.table())


def test_three_laptops_agree_whatever_happens(address: str, server_database: ServerDatabase) -> None:
    reached = Reached()
    with staged(address, server_database) as stage:
        theatre = Theatre(stage, reached)
        for number in range(50):
            fault = theatre.play(number, steps=12)
            assert not fault, fault
    assert reached.lacks(MUST_REACH) == set(), "schedules that never come to a situation prove nothing about it"


@pytest.mark.nightly
@pytest.mark.parametrize("run", range(RUNS), ids=lambda run: f"run-{run}")
def test_three_laptops_agree_whatever_happens_in_three_thousand_schedules(
    address: str, server_database: ServerDatabase, reached: Reached, say: Say, run: int
) -> None:
    began, faults = time.monotonic(), []
    with staged(address, server_database) as stage:
        theatre = Theatre(stage, reached)
        for number in range(run * IN_A_RUN, (run + 1) * IN_A_RUN):
            if fault := theatre.play(number, steps=20):
                faults.append(fault)
                say(fault)
    say(f"run-{run}: {IN_A_RUN} schedules in {time.monotonic() - began:.0f} s, {len(faults)} faults")
    assert not faults, faults
