"""The look that a teacher offers for the lessons of a course; the reader's own word wins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from alexandria_desktop.teach.document import CourseDocument
from alexandria_desktop.theme.customise import built_in
from alexandria_desktop.theme.environments import environment_ids
from alexandria_desktop.theme.model import Theme

THEME = "theme"
"""The name of the course's setting."""
_OWN = "own-look-of-course-"
"""The beginning of the reader's settings that say which courses they read in their own look."""
_FOR_EYES = frozenset({"contrast-light", "contrast-dark", "e-ink", "black"})
"""Looks that are chosen because of eyes or a screen, not of taste."""


def offered(course: CourseDocument) -> Theme | None:
    """Return the look that the teacher offers; only what ships with the program can be offered."""
    name = course.settings.get(THEME)
    return built_in(name) if isinstance(name, str) and name in environment_ids() else None


def can_be_shown(theme: Theme, present: Theme) -> bool:
    """Whether an offered look may take the place of the reader's.

    Never light where the reader has it dark or the other way, never over a look for eyes or for a screen, and never
    over colours that the reader has mixed.
    """
    return (
        theme.kind is present.kind
        and theme.environment.id != present.environment.id
        and present.environment.id not in _FOR_EYES
        and not present.customizations.tokens
    )


def reads_in_own(settings: Mapping[str, Any], course_id: str) -> bool:
    """Whether the reader has said to read a course in their own look."""
    return settings.get(f"{_OWN}{course_id}") is True


def own_look(course_id: str, *, wanted: bool) -> dict[str, Any]:
    """Return the change of settings that says so, or no longer."""
    return {f"{_OWN}{course_id}": True if wanted else None}
