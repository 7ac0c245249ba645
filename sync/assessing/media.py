"""A picture, sound or film of a course: named here, its bytes kept by content elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A file of a course."""

    sha256: str
    media_type: str = "application/octet-stream"
    name: str = ""
    """What the file was called; never a path."""
    alt: str = ""
    """The words for people who cannot see or hear it."""


def media_in(value: object) -> dict[str, Media]:
    """Return every file that is named anywhere in a value made of dataclasses, by SHA-256."""
    found: dict[str, Media] = {}
    _collect(value, found)
    return found


def _collect(value: object, found: dict[str, Media]) -> None:
    if isinstance(value, Media):
        found.setdefault(value.sha256, value)
    elif isinstance(value, Mapping):
        for item in value.values():
            _collect(item, found)
    elif isinstance(value, tuple):
        for item in value:
            _collect(item, found)
    elif is_dataclass(value):
        for part in fields(value):
            _collect(getattr(value, part.name), found)
