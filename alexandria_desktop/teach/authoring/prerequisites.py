"""Which lessons come first: no lesson may wait for itself, however long the way round."""

from __future__ import annotations

from collections.abc import Collection, Mapping

Required = Mapping[str, Collection[str]]
"""For each lesson the lessons that come first; those that are not among the keys are not there any more."""


def circle(required: Required) -> tuple[str, ...]:
    """Return lessons that wait for each other, each for the next and the last for the first; empty where none do."""
    done: set[str] = set()
    for start in required:
        path: list[str] = []
        ways = [iter((start,))]
        while ways:
            one = next(ways[-1], None)
            if one is None:
                ways.pop()
                if path:
                    done.add(path.pop())
            elif one in path:
                return tuple(path[path.index(one) :])
            elif one in required and one not in done:
                path.append(one)
                ways.append(iter(required[one]))
    return ()


def levels(required: Required) -> dict[str, int]:
    """Return how many steps each lesson stands behind those that wait for none; lessons in a circle stand at 0."""
    found: dict[str, int] = {}
    waiting = dict(required)
    while waiting:
        ready = [one for one, first in waiting.items() if not any(other in waiting for other in first)]
        if not ready:
            return found | dict.fromkeys(waiting, 0)
        for one in ready:
            found[one] = 1 + max((found[other] for other in required[one] if other in found), default=-1)
        for one in ready:
            del waiting[one]
    return found


def open_lessons(required: Required, finished: Collection[str]) -> frozenset[str]:
    """Return the lessons that somebody may begin who has finished these."""
    return frozenset(
        one for one, first in required.items() if all(other in finished for other in first if other in required)
    )
