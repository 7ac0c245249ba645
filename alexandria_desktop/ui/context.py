"""What every screen is handed: the library, the door off the Qt thread, the look, and the way to other screens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.library.library import Library
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.tasks import Tasks
from sync.places.locator import Locator


class Navigator(Protocol):
    """The way from one screen to another; the main window is one."""

    def open_book(self, book_id: UUID, locator: Locator | None = None) -> None:
        """Open a book where the reader was, or at a place, which is lit."""

    def take_course(self, course_id: UUID) -> None:
        """Show a course as one who takes it."""

    def build_course(self, course_id: UUID, *, is_new: bool = False) -> None:
        """Open a course of the reader's own in the builder; the title of a new one is ready to be typed."""

    def teach_course(self, course_id: UUID) -> None:
        """Show the class of a course as one who teaches it."""

    def save_pack(self, course_id: UUID) -> None:
        """Let the reader save a course of theirs as a pack."""

    def save_answers(self, course_id: UUID) -> None:
        """Let the reader save what they handed in of a course, for their teacher."""

    def choose_answers(self) -> None:
        """Ask for students' answers to bring in."""

    def show_library(self) -> None:
        """Go back to the shelf."""

    def import_files(self, paths: list[str]) -> None:
        """Bring files and folders into the library, with progress at the foot of the window."""

    def fetch_files(self, books: Sequence[UUID]) -> None:
        """Bring the files of books here, with progress at the foot of the window."""

    def choose_files(self) -> None:
        """Ask for files to import."""

    def show_finder(self, words: str = "", book_id: UUID | None = None) -> None:
        """Open the finder, with something typed already, over the library or inside one book."""

    def say(self, sentence: str, undo: Callable[[], None] | None = None) -> None:
        """Show a toast, with Undo where there is something to undo."""

    def do(self, command_id: str) -> None:
        """Carry out a command by its id, wherever it belongs."""

    def report(self, error: AlexandriaError) -> None:
        """Show what went wrong: the sentence and its code."""


@dataclass(frozen=True, slots=True)
class Context:
    """Handed to each screen when it is made."""

    library: Library
    tasks: Tasks
    appearance: Appearance
    navigator: Navigator
