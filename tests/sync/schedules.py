"""Schedules of things that happen, each following from its number alone, and the shortest part of one that still fails.

Hypothesis is not asked: its first fifty schedules mostly repeat each other, and many situations never came up in them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from tests.sync.faults import Fault
from tests.sync.scene import EVENTS


@dataclass(frozen=True)
class Round:
    """One round of a laptop: what the wire does to it, and at which of its commits the program is killed."""

    faults: tuple[Fault, ...] = ()
    killed_at: int = 0
    after_commit: bool = False

    def __repr__(self) -> str:
        if not self.faults and not self.killed_at:
            return "CALM"
        if self.killed_at:
            return f"Round(killed_at={self.killed_at}, after_commit={self.after_commit})"
        return f"Round(({', '.join(map(str, map(fault_name, self.faults)))},))"


def fault_name(fault: Fault) -> str:
    """Return a fault as Python writes it."""
    return f"Fault.{fault.name}"


CALM = Round()


@dataclass(frozen=True)
class Step:
    """Something that happens, at a laptop if it happens at one, and the round that this laptop then runs."""

    does: str
    at: int = 0
    pick: int = 0
    """Which of several notes, items or moments."""
    then: Round | None = None


@dataclass(frozen=True)
class Schedule:
    """What happens, in its order, after what had happened before."""

    before: tuple[str, ...]
    steps: tuple[Step, ...]

    def __repr__(self) -> str:
        return "\n".join([f"Schedule({self.before}, (", *(f"    {step}," for step in self.steps), "))"])


_BEFORE = ("organisation joined", "enrolment begun", "access given", "lesson published")
_OFTEN = {"add_note": 7, "add_book": 4, "write_more": 9, "paint": 5, "remove": 3, "study": 3, "sync": 3, "sync_all": 3}
_SELDOM = (
    "bring_back", "set_clock", "back_up_the_server", "restore_the_server", "back_up_a_laptop", "restore_a_laptop",
    "half_a_year",
)  # fmt: skip
_KINDS = [kind for kind, times in _OFTEN.items() for _ in range(times)] + [*_SELDOM, *sorted(EVENTS)]


def schedule(number: int, *, steps: int) -> Schedule:
    """Return the schedule of a number, of up to so many steps and of at least half as many."""
    chance = Random(number)
    before = tuple(event for event in _BEFORE if chance.random() < 0.5)
    return Schedule(before, tuple(_step(chance) for _ in range(chance.randint(steps // 2, steps))))


def _step(chance: Random) -> Step:
    does = chance.choice(_KINDS)
    # Of an import several batches go out, each standing on the one before: that is where to be cut off.
    return Step(
        does, chance.randrange(3), chance.randrange(21), _then(chance, calm=0.3 if does == "add_book" else 0.65)
    )


def _then(chance: Random, *, calm: float) -> Round | None:
    kind = chance.random()
    if kind < calm - 0.2:
        return None
    if kind < calm:
        return CALM
    if kind < (1 + calm) / 2 + 0.025:
        return Round(tuple(chance.choice(list(Fault)) for _ in range(chance.randint(1, 4))))
    return Round(killed_at=chance.randint(1, 6), after_commit=chance.random() < 0.5)


def shortest(found: Schedule, fails: Callable[[Schedule], bool]) -> Schedule:
    """Return a part of a schedule that fails, of which nothing can be left out."""
    while True:
        for shorter in _shorter(found):
            if fails(shorter):
                found = shorter
                break
        else:
            return found


def _shorter(found: Schedule) -> list[Schedule]:
    """Return what a schedule is without one of its parts, or with a calmer round."""
    steps, made = found.steps, []
    for place in reversed(range(len(steps))):
        rest = (steps[:place], steps[place + 1 :])
        made.append(Schedule(found.before, rest[0] + rest[1]))
        if steps[place].then is not None:
            made.append(Schedule(found.before, (*rest[0], replace(steps[place], then=None), *rest[1])))
            if steps[place].then != CALM:
                made.append(Schedule(found.before, (*rest[0], replace(steps[place], then=CALM), *rest[1])))
    return made + [Schedule(tuple(one for one in found.before if one != left), steps) for left in found.before]
