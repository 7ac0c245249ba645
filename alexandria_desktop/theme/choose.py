"""Which theme now: the reader's word first, then the book's, the hour's, and light or dark as the system has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from typing import Any

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.theme.environments import DEFAULT_DARK, DEFAULT_LIGHT
from alexandria_desktop.theme.model import Kind

DAWN, DUSK = time(7), time(20)
"""When it is dark, for a system that does not say."""


class DarkMode(StrEnum):
    """``theme_preferences.dark_mode_preference``."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Hours:
    """A theme for a time of day; ``start`` after ``end`` reaches over midnight."""

    start: time
    end: time
    theme: str

    def holds(self, now: time) -> bool:
        """Return whether ``now`` lies within; the end no longer does."""
        if self.start <= self.end:
            return self.start <= now < self.end
        return now >= self.start or now < self.end


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the reader wishes; themes are named by id, built-in or their own."""

    dark_mode: DarkMode = DarkMode.AUTO
    light: str = DEFAULT_LIGHT
    dark: str = DEFAULT_DARK
    adapt: bool = True
    """Whether books, genres and hours may change the theme at all."""
    books: Mapping[str, str] = field(default_factory=dict)
    genres: Mapping[str, str] = field(default_factory=dict)
    hours: tuple[Hours, ...] = ()
    devices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moment:
    """What is the case now: the local hour, the system's scheme if it has one, the book being read, the device."""

    now: time
    system: Kind | None = None
    book: str = ""
    genre: str = ""
    device: str = ""


def choose(preferences: Preferences, moment: Moment) -> str:
    """Return the id of the theme to use now; what is nearer to the book goes before what is more general."""
    if preferences.adapt:
        named = (
            preferences.books.get(moment.book)
            or preferences.genres.get(moment.genre.casefold())
            or _of_the_hour(preferences, moment.now)
            or preferences.devices.get(moment.device)
        )
        if named:
            return named
    return preferences.dark if wants_dark(preferences.dark_mode, moment) else preferences.light


def wants_dark(mode: DarkMode, moment: Moment) -> bool:
    """Return whether the dark theme is due: as told, else as the system has it, else by the hour."""
    if mode is not DarkMode.AUTO:
        return mode is DarkMode.DARK
    if moment.system is not None:
        return moment.system is Kind.DARK
    return not DAWN <= moment.now < DUSK


def preferences_from_row(
    *,
    dark_mode: str = "auto",
    adapt: bool = True,
    contextual: Mapping[str, Any] | None = None,
    devices: Mapping[str, Any] | None = None,
) -> Preferences:
    """Read the columns of ``theme_preferences``; a wrong value is THEME_INVALID.

    ``contextual_preferences`` is ``{"light", "dark", "books": {id: theme}, "genres": {genre: theme},
    "hours": [{"from": "21:00", "to": "06:30", "theme"}]}``, each part optional.
    """
    data = contextual or {}
    try:
        return Preferences(
            dark_mode=DarkMode(dark_mode),
            adapt=adapt,
            light=str(data.get("light") or DEFAULT_LIGHT),
            dark=str(data.get("dark") or DEFAULT_DARK),
            books=_named(data.get("books", {})),
            genres={name.casefold(): theme for name, theme in _named(data.get("genres", {})).items()},
            hours=tuple(_hours(item) for item in data.get("hours", ())),
            devices=_named(devices or {}),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ReaderError(
            Code.THEME_INVALID, "The choice of themes cannot be read; the standard one is used.", detail=repr(error)
        ) from error


def contextual_json(preferences: Preferences) -> dict[str, Any]:
    """Return what ``theme_preferences.contextual_preferences`` holds."""
    hours = [
        {"from": item.start.isoformat("minutes"), "to": item.end.isoformat("minutes"), "theme": item.theme}
        for item in preferences.hours
    ]
    data = {
        "light": preferences.light,
        "dark": preferences.dark,
        "books": dict(preferences.books),
        "genres": dict(preferences.genres),
        "hours": hours,
    }
    return {name: value for name, value in data.items() if value}


def _of_the_hour(preferences: Preferences, now: time) -> str:
    return next((item.theme for item in preferences.hours if item.holds(now)), "")


def _named(data: Mapping[str, Any]) -> dict[str, str]:
    return {str(name): str(theme) for name, theme in data.items()}


def _hours(data: Mapping[str, Any]) -> Hours:
    return Hours(time.fromisoformat(data["from"]), time.fromisoformat(data["to"]), str(data["theme"]))
