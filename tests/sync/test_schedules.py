"""Schedules that once went wrong, in their shortest form, and the search for that form itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.server import ServerDatabase
from tests.sync.faults import Fault
from tests.sync.machine import Machine
from tests.sync.reached import Reached
from tests.sync.schedules import CALM, Round, Schedule, Step, schedule, shortest
from tests.sync.setback import ServerBackups
from tests.sync.stage import Stage, staged

pytestmark = pytest.mark.postgres

WENT_WRONG = {
    "others' items are not told again after a restore": Schedule(
        (),
        (Step("item changed", then=CALM), Step("restore_the_server")),
    ),
    "an unsent colour keeps the text that a restored server lost": Schedule(
        (),
        (Step("write_more", at=1, then=CALM), Step("restore_the_server"), Step("paint", at=1)),
    ),
    "departures of a lost feed are found though they were collected": Schedule(
        (),
        (Step("sync", at=2), Step("item made private"), Step("departures collected"), Step("sync", at=2)),
    ),
    "a listing that was lost on its way is still a whole listing": Schedule(
        (),
        (
            Step("sync", at=1),
            Step("item made private"),
            Step("departures collected"),
            Step("sync", at=1, then=Round((Fault.CUT_ANSWER, Fault.LOST_REQUEST))),
            Step("add_note", at=1, then=Round((Fault.CUT_ANSWER, Fault.LOST_REQUEST))),
        ),
    ),
    "words of two histories are both kept": Schedule(
        (),
        (
            Step("write_more", at=1, then=CALM),
            Step("restore_the_server"),
            Step("write_more", at=0, then=CALM),
            Step("write_more", at=0, then=CALM),
            Step("write_more", at=0, then=CALM),
        ),
    ),
    "a removal has seen the edits that went out before it": Schedule(
        (),
        (Step("paint", pick=11, then=Round((Fault.NONE, Fault.CUT_ANSWER))), Step("remove", pick=11)),
    ),
    "a removal that waits is not undone by another laptop that tells the note again": Schedule(
        (),
        (
            Step("add_note", at=1, pick=19, then=CALM),
            Step("add_note", at=0, pick=5, then=CALM),
            Step("sync", at=2, pick=13),
            Step("remove", at=2, pick=11),
            Step("restore_the_server", at=1, pick=6),
            Step("write_more", at=0, then=Round(killed_at=3, after_commit=True)),
            Step("paint", at=2, pick=2, then=CALM),
        ),
    ),
    "a removal knows the words that it tells again itself": Schedule(
        (),
        (
            Step("write_more", at=0, pick=7, then=CALM),
            Step("sync", at=2, then=CALM),
            Step("restore_the_server", at=2, pick=19, then=Round(killed_at=3)),
            Step("remove", at=2, pick=7),
        ),
    ),
    "a removal knows a text of two writers that another tells again": Schedule(
        (),
        (
            Step("write_more", at=0, pick=5, then=CALM),
            Step("write_more", at=1, pick=14),
            Step("access expires", at=1, pick=10, then=CALM),
            Step("sync_all", at=2, pick=20),
            Step("add_note", at=0, pick=18),
            Step("remove", at=0, pick=18),
            Step("restore_the_server", at=2, pick=15, then=CALM),
        ),
    ),
    "an edit that two laptops tell again does not undo a removal that knew it": Schedule(
        (),
        (
            Step("write_more", at=0, pick=5, then=CALM),
            Step("sync_all", at=2, pick=20),
            Step("add_note", at=0, pick=18),
            Step("remove", at=0, pick=18),
            Step("restore_the_server", at=2, pick=15, then=Round(killed_at=3, after_commit=True)),
        ),
    ),
    "a removal by a slow clock is told again": Schedule(
        (),
        (
            Step("add_note", at=1, pick=19, then=CALM),
            Step("sync", at=2),
            Step("remove", at=2, pick=11),
            Step("sync_all"),
            Step("restore_the_server"),
        ),
    ),
    "who forgot a removal with the disk may change the note": Schedule(
        (),
        (Step("remove", pick=1, then=CALM), Step("restore_a_laptop"), Step("paint", pick=4)),
    ),
    "a change of a note that was refused is refused with it": Schedule(
        ("enrolment begun",),
        (
            Step("add_note", pick=5),
            Step("restore_the_server"),
            Step("sync", then=Round(killed_at=4)),
            Step("write_more", pick=9),
        ),
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def stage(address: str, server_database: ServerDatabase) -> Iterator[Stage]:
    with staged(address, server_database) as found:
        yield found


@pytest.mark.parametrize("name", WENT_WRONG)
def test_what_once_went_wrong_goes_well(stage: Stage, name: str) -> None:
    with Machine(stage, ServerBackups(stage.database, "backup"), Reached()) as machine:
        machine.play(WENT_WRONG[name])


def test_a_schedule_follows_from_its_number_alone() -> None:
    assert schedule(17, steps=20) == schedule(17, steps=20) != schedule(18, steps=20)


def test_the_shortest_part_that_fails_is_found() -> None:
    whole = Schedule(
        ("access given",),
        (Step("paint", then=CALM), Step("remove", then=Round(killed_at=1)), Step("sync"), Step("paint", at=1)),
    )

    def fails(part: Schedule) -> bool:
        return [one.does for one in part.steps if one.does != "sync"][:2] == ["paint", "remove"]

    assert shortest(whole, fails) == Schedule((), (Step("paint"), Step("remove")))
