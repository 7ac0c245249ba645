"""Versions of the program, and how they compare."""

from __future__ import annotations

import re
from functools import total_ordering

_FORM = re.compile(r"([0-9]{1,6})\.([0-9]{1,6})(?:\.([0-9]{1,6}))?(?:(a|b|rc)([0-9]{1,6}))?")
_FINAL = "z"
"""Sorts behind every stage before a release."""


@total_ordering
class Version:
    """A version such as 1.4.0 or 1.5.0rc1."""

    __slots__ = ("_order", "text")

    def __init__(self, text: str) -> None:
        """Raise ValueError for what is no version."""
        found = _FORM.fullmatch(text)
        if found is None:
            raise ValueError(f"{text[:40]!r} is no version")
        major, minor, patch, stage, number = found.groups()
        self.text = text
        self._order = (int(major), int(minor), int(patch or 0), stage or _FINAL, int(number or 0))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Version) and self._order == other._order

    def __lt__(self, other: Version) -> bool:
        return self._order < other._order

    def __hash__(self) -> int:
        return hash(self._order)

    def __repr__(self) -> str:
        return f"Version({self.text!r})"

    def __str__(self) -> str:
        return self.text
