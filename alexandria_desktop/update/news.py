"""What is new in a version, in one line, from the changelog that is shipped."""

from __future__ import annotations

from contextlib import suppress

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.base.resources import resources_root

_LONGEST = 180


def changelog() -> str:
    """Return the changelog; empty where it was not shipped."""
    with suppress(AlexandriaError, OSError):
        root = resources_root()
        for file in (root / "CHANGELOG.md", root.parent / "CHANGELOG.md"):
            if file.is_file():
                return file.read_text(encoding="utf-8")
    return ""


def section_of(version: str, words: str) -> str:
    """Return what a changelog says of a version: the lines below its heading; empty where it has none."""
    lines: list[str] = []
    inside = False
    for line in words.splitlines():
        if line.startswith("## "):
            inside = line.removeprefix("## ").strip().split(" ")[0].strip("[]") == version
        elif inside:
            lines.append(line)
    return "\n".join(lines).strip()


def line_of(version: str, words: str) -> str:
    """Return one line about a version: the first paragraph below its heading, or its first point, not too long."""
    section = section_of(version, words)
    first = section.split("\n\n")[0].split("\n- ")[0].removeprefix("- ").replace("\n", " ").strip()
    if len(first) > _LONGEST:
        end = max(first.rfind(". ", 0, _LONGEST), first.rfind("; ", 0, _LONGEST))
        first = first[: end + 1] if end > 40 else first[: first.rfind(" ", 0, _LONGEST)] + "…"
    return first


def whats_new(before: str, now: str, words: str) -> str:
    """Return the line to say after an update from one version to another; empty where there was none."""
    if not before or before == now:
        return ""
    line = line_of(now, words)
    return f"Alexandria is now {now}. {line}" if line else f"Alexandria is now {now}."
