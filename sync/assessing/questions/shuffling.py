"""The order in which things are shown: chosen by a seed, the same on every machine and in every release.

The seed of an attempt is its id, so a student who comes back finds the same paper, and whoever grades can rebuild it.
Nothing here uses ``random``: its sequences may change from one Python to the next.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from sync.assessing.questions.model import Choice, Matching, MultipleAnswer, MultipleChoice, Ordering, Question

T = TypeVar("T")


def shuffled(things: Iterable[T], seed: str, identity: Callable[[T], str]) -> tuple[T, ...]:
    """Return things in the order that the seed makes of their identities."""
    return tuple(sorted(things, key=lambda thing: _rank(seed, identity(thing))))


def scattered(choices: Iterable[Choice]) -> tuple[Choice, ...]:
    """Return choices in an order that says nothing of the right one: by the digest of their ids.

    This holds only for ids that were drawn at random; ids that count up would tell.
    """
    return shuffled(choices, "", lambda choice: choice.id)


def shown(question: Question, seed: str) -> Question:
    """Return a question with its choices as one attempt shows them."""
    seed = f"{seed}/{question.id}"
    match question:
        case MultipleChoice(is_shuffled=True) | MultipleAnswer(is_shuffled=True):
            return replace(question, choices=shuffled(question.choices, seed, _id))
        case Matching():
            return replace(question, responses=shuffled(question.responses, seed, _id))
        case Ordering():
            return replace(question, items=shuffled(question.items, seed, _id))
    return question


def _id(choice: Choice) -> str:
    return choice.id


def _rank(seed: str, identity: str) -> tuple[bytes, str]:
    return hashlib.sha256(f"{seed}\x00{identity}".encode("utf-8", "surrogatepass")).digest(), identity
