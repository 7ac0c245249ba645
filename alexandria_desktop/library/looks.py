"""Themes: the built-in environments, the reader's own, and the one in use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.library.core import Core
from alexandria_desktop.store import themes
from alexandria_desktop.store.themes import ThemeChoice
from alexandria_desktop.theme.customise import built_in, from_json, make_theme, to_json
from alexandria_desktop.theme.environments import environment, environments
from alexandria_desktop.theme.model import Theme

DEFAULT = "paper"


class Looks:
    """Which theme pages and windows are drawn in."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def themes(self) -> list[Theme]:
        """Return the built-in themes, then the reader's own."""
        return [built_in(one.id) for one in environments()] + self._own()

    def choice(self) -> ThemeChoice:
        """Return what the reader chose."""
        with self._core.reading() as connection:
            return themes.theme_choice(connection, self._core.identity.user_id)

    def current(self) -> Theme:
        """Return the theme in use; the default where the chosen one is gone."""
        choice = self.choice()
        if choice.theme_id is not None:
            for theme in self._own():
                if theme.id == str(choice.theme_id):
                    return theme
        try:
            return built_in(choice.environment or DEFAULT)
        except ReaderError:
            return built_in(DEFAULT)

    def named(self, name: str) -> Theme:
        """Return a theme by its id or name; raises theme.unknown."""
        known = self.themes()
        for theme in known:
            if name in (theme.id, theme.name) or name.lower() == theme.name.lower():
                return theme
        listed = ", ".join(theme.id for theme in known)
        raise ReaderError(Code.THEME_UNKNOWN, f"There is no theme called “{name}”.", detail=f"Known: {listed}")

    def use(self, theme: Theme) -> None:
        """Make a theme the one in use; one that was changed is kept first."""
        own = {one.id for one in self._own()}
        choice = self.choice()
        if theme.id in own:
            chosen = replace(choice, theme_id=UUID(theme.id), environment=None)
        else:
            chosen = replace(choice, theme_id=None, environment=theme.environment.id)
        self._core.write(themes.choose_theme, self._core.identity.user_id, chosen)

    def save(self, theme: Theme, *, name: str | None = None) -> Theme:
        """Keep a theme that the reader made or changed; returns it under its own id."""
        own = {one.id for one in self._own()}
        theme_id = self._core.write(
            themes.save_theme,
            self._core.identity.user_id,
            name=name or theme.name,
            base_theme=theme.environment.id,
            customizations=to_json(theme.customizations),
            theme_id=UUID(theme.id) if theme.id in own else None,
        )
        return replace(theme, id=str(theme_id), name=name or theme.name)

    def remove(self, theme: Theme) -> None:
        """Remove a theme of the reader's; ``bring_back`` undoes it."""
        self._core.write(themes.remove_theme, UUID(theme.id))

    def _own(self) -> list[Theme]:
        with self._core.reading() as connection:
            rows: Sequence[themes.OwnTheme] = themes.list_themes(connection, self._core.identity.user_id)
        return [
            make_theme(environment(row.base_theme), from_json(row.customizations), id=str(row.id), name=row.name)
            for row in rows
        ]
