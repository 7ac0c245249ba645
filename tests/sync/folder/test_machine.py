"""Laptops that share a folder, in every order of things that Hypothesis can think of."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.sync.folder.machine import FolderMachine

_SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


def run(schedules: int, steps: int) -> None:
    run_state_machine_as_test(
        FolderMachine,
        settings=settings(
            max_examples=schedules, stateful_step_count=steps, deadline=None, suppress_health_check=_SLOW,
            derandomize=True, database=None, phases=[Phase.generate],
        ),
    )  # fmt: skip


def test_three_laptops_agree_whatever_the_carrier_does() -> None:
    run(schedules=25, steps=15)


@pytest.mark.nightly
def test_three_laptops_agree_whatever_the_carrier_does_in_a_thousand_schedules() -> None:
    run(schedules=1_000, steps=25)
