"""Named groups of questions, of each of which an attempt asks so many: pools as a teacher makes them.

A question is in one group or in none. A group without questions is gone, for a pool that names none stands for all
questions that are in no other; that one is "some of the rest" here, and has no name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sync.assessing.assessment import Pool

REST = "others"
"""The id of the pool of all questions that are in no group."""


def groups_of(pools: Iterable[Pool]) -> tuple[Pool, ...]:
    """Return the pools that name their questions."""
    return tuple(pool for pool in pools if pool.questions)


def group_of(pools: Iterable[Pool], question: str) -> Pool | None:
    """Return the group that a question is in."""
    return next((pool for pool in pools if question in pool.questions), None)


def put_into(pools: Iterable[Pool], question: str, group: str) -> tuple[Pool, ...]:
    """Return the pools with a question in a group, or with "" in none."""
    changed = []
    for pool in pools:
        inside = tuple(one for one in pool.questions if one != question)
        inside += (question,) if pool.id == group else ()
        if inside or not pool.questions:
            changed.append(replace(pool, questions=inside, draw=_drawn(pool, inside)))
    return tuple(changed)


def begun(pools: Iterable[Pool], question: str, group: str) -> tuple[Pool, ...]:
    """Return the pools with a new group of one question, named by its number."""
    pools = put_into(pools, question, "")
    names = {pool.title for pool in pools}
    title = next(name for at in range(1, len(names) + 2) if (name := f"Group {at}") not in names)
    new = Pool(id=group, title=title, questions=(question,), draw=1)
    return (*groups_of(pools), new, *_rest(pools))


def changed(
    pools: Iterable[Pool], group: str, *, title: str | None = None, draw: int | None = None
) -> tuple[Pool, ...]:
    """Return the pools with another title of a group, or another number that is asked."""
    return tuple(
        replace(pool, title=pool.title if title is None else title, draw=pool.draw if draw is None else draw)
        if pool.id == group else pool
        for pool in pools
    )  # fmt: skip


def without(pools: Iterable[Pool], group: str) -> tuple[Pool, ...]:
    """Return the pools without a group; its questions are in none."""
    return tuple(pool for pool in pools if pool.id != group)


def with_rest(pools: Iterable[Pool], draw: int) -> tuple[Pool, ...]:
    """Return the pools with so many of the questions that are in no group; 0 asks all of them."""
    pools = tuple(pools)
    rest = _rest(pools)
    kept = rest[0].id if rest else REST
    return (*groups_of(pools), Pool(id=kept, draw=draw)) if draw else groups_of(pools)


def _rest(pools: Iterable[Pool]) -> tuple[Pool, ...]:
    return tuple(pool for pool in pools if not pool.questions)[:1]


def _drawn(pool: Pool, inside: tuple[str, ...]) -> int:
    return max(1, min(pool.draw, len(inside))) if pool.questions and inside else pool.draw
