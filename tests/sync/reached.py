"""Which situations schedules came to: a machine that never gets anywhere proves nothing."""

from __future__ import annotations

from collections import Counter


class Reached:
    """Counts situations over all schedules of a run."""

    def __init__(self) -> None:
        self._found: Counter[str] = Counter()
        self._schedules: dict[str, int] = {}
        self._schedule = 0

    def begin_schedule(self) -> None:
        """Count one more schedule."""
        self._schedule += 1

    def note(self, situation: str, count: int = 1) -> None:
        """Count a situation."""
        if count:
            self._found[situation] += count
            if self._schedules.get(f"\0{situation}") != self._schedule:
                self._schedules[f"\0{situation}"] = self._schedule
                self._schedules[situation] = self._schedules.get(situation, 0) + 1

    def lacks(self, situations: frozenset[str]) -> set[str]:
        """Return those that no schedule came to."""
        return {one for one in situations if not self._found[one]}

    @property
    def schedules(self) -> int:
        """How many schedules ran, those that Hypothesis threw away included."""
        return self._schedule

    def __getitem__(self, situation: str) -> int:
        return self._found[situation]

    def table(self) -> str:
        """Return a line a situation: how often, and in how many schedules."""
        lines = [f"{count:7}  {self._schedules[name]:6}  {name}" for name, count in sorted(self._found.items())]
        return "\n".join([f"{self._schedule} schedules", "  times  sched.  situation", *lines])
