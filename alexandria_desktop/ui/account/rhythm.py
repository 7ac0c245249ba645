"""When a round begins by itself, and how long one waits after it failed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rhythm:
    """All in milliseconds."""

    after_change: int = 3_000
    """Since the last of several changes: who types is not interrupted."""
    after_call: int = 300
    """Since the server called: what else moves just then comes along."""
    regular: int = 300_000
    first_pause: int = 10_000
    longest_pause: int = 900_000

    def pause(self, failures: int, chance: float) -> int:
        """Return how long to wait after so many failures in a row; ``chance`` (0 to 1) spreads it by a fifth each way.

        Many laptops that lost one server must not all come back in the same second.
        """
        doubled = self.first_pause << min(max(failures, 1) - 1, 16)
        return round(min(doubled, self.longest_pause) * (0.8 + 0.4 * chance))
