"""Themes: the built-in environments, the reader's own, and the one that is due."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, time
from uuid import UUID

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.library.core import Core
from alexandria_desktop.store import themes
from alexandria_desktop.store.themes import ThemeChoice
from alexandria_desktop.theme.choose import (
    DarkMode,
    Moment,
    Preferences,
    choose,
    contextual_json,
    preferences_from_row,
)
from alexandria_desktop.theme.customise import built_in, from_json, make_theme, to_json
from alexandria_desktop.theme.environments import DEFAULT_DARK, DEFAULT_LIGHT, environment, environments
from alexandria_desktop.theme.model import Kind, Theme


def local_time() -> time:
    """Return the hour where the reader is."""
    return datetime.now().time()


class Looks:
    """Which theme pages and windows are drawn in."""

    def __init__(self, core: Core, *, hour: Callable[[], time] = local_time) -> None:
        self._core = core
        self._hour = hour

    def themes(self) -> list[Theme]:
        """Return the built-in themes, then the reader's own."""
        return [built_in(one.id) for one in environments()] + self._own()

    def mode(self) -> DarkMode:
        """Return whether light, dark or what the system says is wanted."""
        return self._preferences().dark_mode

    def set_mode(self, mode: DarkMode) -> None:
        """Want light, dark, or what the system says."""
        self._write(replace(self._preferences(), dark_mode=mode))

    def current(self, *, system: Kind | None = None, book: UUID | None = None) -> Theme:
        """Return the theme that is due; the default of its kind where the chosen one is gone."""
        preferences = self._preferences()
        chosen = choose(preferences, self._moment(system, book))
        for theme in self._own():
            if theme.id == chosen:
                return theme
        try:
            return built_in(chosen)
        except ReaderError:
            return built_in(DEFAULT_DARK if chosen == preferences.dark else DEFAULT_LIGHT)

    def named(self, name: str) -> Theme:
        """Return a theme by its id or name; raises theme.unknown."""
        known = self.themes()
        for theme in known:
            if name in (theme.id, theme.name) or name.lower() == theme.name.lower():
                return theme
        listed = ", ".join(theme.id for theme in known)
        raise ReaderError(Code.THEME_UNKNOWN, f"There is no theme called “{name}”.", detail=f"Known: {listed}")

    def use(self, theme: Theme, *, system: Kind | None = None) -> Theme:
        """Make a theme the one that is read in from now on; returns it as it is kept.

        A built-in theme that was changed is kept as one of the reader's own. Where light and dark follow the system
        and a theme of the other kind is chosen, they stop following it.
        """
        kept = self._keep(theme)
        preferences = self._preferences()
        of_kind = {"dark": kept.id} if kept.kind is Kind.DARK else {"light": kept.id}
        chosen = replace(preferences, **of_kind)  # type: ignore[arg-type]
        if choose(chosen, self._moment(system, None)) != kept.id:
            chosen = replace(chosen, dark_mode=DarkMode(str(kept.kind)))
        self._write(chosen)
        return kept

    def save(self, theme: Theme, *, name: str) -> Theme:
        """Keep a theme under a name of the reader's."""
        own = {one.id for one in self._own()}
        theme_id = self._core.write(
            themes.save_theme,
            self._core.identity.user_id,
            name=name,
            base_theme=theme.environment.id,
            customizations=to_json(theme.customizations),
            theme_id=UUID(theme.id) if theme.id in own else None,
        )
        return replace(theme, id=str(theme_id), name=name)

    def remove(self, theme: Theme) -> None:
        """Remove a theme of the reader's; ``bring_back`` undoes it."""
        self._core.write(themes.remove_theme, UUID(theme.id))

    def bring_back(self, theme: Theme) -> None:
        """Undo the removal of a theme."""
        self._core.write(themes.bring_back_theme, UUID(theme.id))

    def _keep(self, theme: Theme) -> Theme:
        own = self._own()
        if any(one.id == theme.id for one in own):
            return self.save(theme, name=theme.name)
        if not theme.customizations:
            return built_in(theme.environment.id)
        name = f"My {theme.environment.name}"
        known = next((one for one in own if one.name == name and one.environment.id == theme.environment.id), None)
        return self.save(replace(theme, id=known.id) if known else theme, name=name)

    def _moment(self, system: Kind | None, book: UUID | None) -> Moment:
        return Moment(now=self._hour(), system=system, book=str(book or ""))

    def _preferences(self) -> Preferences:
        with self._core.reading() as connection:
            row = themes.theme_choice(connection, self._core.identity.user_id)
        try:
            return preferences_from_row(
                dark_mode=row.dark_mode, adapt=row.adapts, contextual=row.by_context, devices=row.by_device
            )
        except ReaderError:
            return Preferences()

    def _write(self, preferences: Preferences) -> None:
        wanted = preferences.dark if preferences.dark_mode is DarkMode.DARK else preferences.light
        own = {one.id for one in self._own()}
        choice = ThemeChoice(
            theme_id=UUID(wanted) if wanted in own else None,
            environment=None if wanted in own else wanted,
            dark_mode=preferences.dark_mode.value,
            by_device=dict(preferences.devices),
            by_context=contextual_json(preferences),
            adapts=preferences.adapt,
        )
        self._core.write(themes.choose_theme, self._core.identity.user_id, choice)

    def _own(self) -> list[Theme]:
        with self._core.reading() as connection:
            rows: Sequence[themes.OwnTheme] = themes.list_themes(connection, self._core.identity.user_id)
        return [
            make_theme(environment(row.base_theme), from_json(row.customizations), id=str(row.id), name=row.name)
            for row in rows
        ]
