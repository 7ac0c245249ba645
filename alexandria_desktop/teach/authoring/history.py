"""What was done to a course in this window, and the way back and forth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Call = Callable[[], object]
MOST = 200


@dataclass(frozen=True, slots=True)
class Step:
    """A change that was made."""

    words: str
    undo: Call
    redo: Call
    joins: str = ""
    """Steps in a row of one such name are one step: the letters of a sentence."""


class History:
    """Steps that can be taken back, the last first."""

    def __init__(self) -> None:
        self._done: list[Step] = []
        self._undone: list[Step] = []

    def clear(self) -> None:
        """Forget everything, as when another course is opened."""
        self._done.clear()
        self._undone.clear()

    def add(self, step: Step) -> None:
        """Take note of a change; what was undone before cannot be done again."""
        self._undone.clear()
        last = self._done[-1] if self._done else None
        if last is not None and step.joins and last.joins == step.joins:
            self._done[-1] = Step(last.words, last.undo, step.redo, step.joins)
        else:
            self._done.append(step)
        del self._done[:-MOST]

    def close_step(self) -> None:
        """Let the next change be a step of its own."""
        if self._done and self._done[-1].joins:
            last = self._done[-1]
            self._done[-1] = Step(last.words, last.undo, last.redo)

    def back(self) -> Step | None:
        """Return the step to undo, None where there is none."""
        if not self._done:
            return None
        self._undone.append(self._done.pop())
        return self._undone[-1]

    def forth(self) -> Step | None:
        """Return the step to do again, None where there is none."""
        if not self._undone:
            return None
        self._done.append(self._undone.pop())
        return self._done[-1]
