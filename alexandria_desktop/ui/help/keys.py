"""How key combinations are written for people, on the sheet of keys and in the guide."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from alexandria_desktop.ui.commands import COMMANDS, Area, Command

AREAS = {
    Area.EVERYWHERE: "Everywhere",
    Area.LIBRARY: "In the library",
    Area.READER: "While reading",
    Area.BUILDER: "In the builder of courses",
}
"""What each area is called, in the order in which it is shown."""

_NAMES = {
    "Right": "→", "Left": "←", "Up": "↑", "Down": "↓", "PgDown": "Page Down", "PgUp": "Page Up", "Return": "Enter",
    "Escape": "Esc",
}  # fmt: skip
_MAC = {"Ctrl": "⌘", "Shift": "⇧", "Alt": "⌥"}


def caps(key: str, *, mac: bool = sys.platform == "darwin") -> tuple[str, ...]:
    """Return the keys of a combination as Qt writes it, in the words that stand on them."""
    head, plus = (key[:-2], ["+"]) if key.endswith("++") else (key, [])
    parts = ["+"] if key == "+" else [*head.split("+"), *plus]
    return tuple((_MAC if mac else {}).get(part, _NAMES.get(part, part)) for part in parts)


def combinations(command: Command) -> tuple[tuple[str, ...], ...]:
    """Return every combination of a command as it is shown, each once."""
    return tuple(dict.fromkeys(caps(key) for key in command.keys))


def by_area() -> Iterator[tuple[str, list[Command]]]:
    """Yield each area's name and its commands that have keys."""
    for area, title in AREAS.items():
        yield title, [one for one in COMMANDS if one.area is area and one.keys]


def as_markdown() -> str:
    """Return the tables of keys for the guide, the same on every system."""
    parts = []
    for title, commands in by_area():
        rows = [f"| {', '.join(_written(one))} | {one.words} |" for one in commands]
        parts.append("\n".join((f"## {title}", "", "| keys | what they do |", "|---|---|", *rows)))
    return "\n\n".join(parts)


def _written(command: Command) -> list[str]:
    return list(dict.fromkeys("+".join(caps(key, mac=False)) for key in command.keys))
