"""What stands where books would stand: nothing found, a wait, something wrong."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.widgets.empty_state import EmptyState


class Wrong(EmptyState):
    """What went wrong, its code, and a way to try again."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(
            appearance,
            icon="error",
            title="The library could not be read",
            sentence="",
            action="Try again",
            parent=parent,
        )

    def show_error(self, error: AlexandriaError) -> None:
        """Show the sentence and the code of an error."""
        self.say(f"{error.message} ({error.code})")


def nothing_found(appearance: Appearance) -> EmptyState:
    """Return what is shown when the filter lets nothing through."""
    return EmptyState(appearance, icon="filter", sentence="No book here matches the filter.", action="Clear the filter")


def empty_place(appearance: Appearance) -> EmptyState:
    """Return what is shown in a collection without books, and the like."""
    return EmptyState(appearance, icon="collection", sentence="")


def waiting(appearance: Appearance) -> EmptyState:
    """Return what is shown while the library is read for the first time."""
    return EmptyState(appearance, icon="library", sentence="Reading the shelf…")
