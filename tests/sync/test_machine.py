"""Laptops in every order of things that Hypothesis can think of."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.support.server import ServerDatabase
from tests.sync.laptops import make_account
from tests.sync.machine import Machine

pytestmark = pytest.mark.postgres

_SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


def run(address: str, database: ServerDatabase, schedules: int, steps: int) -> None:
    class Here(Machine):
        creator = make_account(address)

    Here.address, Here.database = address, database
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=schedules, stateful_step_count=steps, deadline=None, suppress_health_check=_SLOW,
            derandomize=True, database=None,
        ),
    )  # fmt: skip


def test_three_laptops_agree_whatever_happens(address: str, server_database: ServerDatabase) -> None:
    run(address, server_database, schedules=50, steps=15)


@pytest.mark.nightly
def test_three_laptops_agree_whatever_happens_in_three_thousand_schedules(
    address: str, server_database: ServerDatabase
) -> None:
    run(address, server_database, schedules=3_000, steps=20)
