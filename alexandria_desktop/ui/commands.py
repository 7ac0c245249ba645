"""Every command once: its id, its words, its keys, and where it may be given.

Menus, the palette, key handling, the help and the tests all read this list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence


class Area(StrEnum):
    """Where a command may be given."""

    EVERYWHERE = "everywhere"
    LIBRARY = "library"
    READER = "reader"
    BUILDER = "builder"


@dataclass(frozen=True, slots=True)
class Command:
    """Something that can be done."""

    id: str
    words: str
    keys: tuple[str, ...] = ()
    """As Qt writes them, the first is the one that is shown."""
    area: Area = Area.EVERYWHERE
    icon: str = ""

    @property
    def shown_keys(self) -> str:
        """The first key combination as this system writes it."""
        return QKeySequence(self.keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if self.keys else ""


COMMANDS = (
    Command("finder", "Search books, text and notes", ("Ctrl+K",), icon="find"),
    Command("import", "Import books", ("Ctrl+O",), icon="import"),
    Command("import-folder", "Import a folder", ("Ctrl+Shift+O",), icon="folder"),
    Command("find-books", "Find books on this computer", icon="folder"),
    Command("library", "Go to the library", ("Ctrl+L",), icon="library"),
    Command("continue", "Continue reading", ("Ctrl+Return",), icon="reading"),
    Command("all-notes", "Show all notes", ("Ctrl+Shift+N",), icon="notes"),
    Command("courses", "Show all courses", ("Ctrl+Shift+C",), icon="course"),
    Command("new-course", "New course", icon="course"),
    Command("join-course", "Join a course", icon="course"),
    Command("open-pack", "Open a course pack", icon="import"),
    Command("guide", "Open the guide", ("F1",), icon="help"),
    Command("search-guide", "Search the guide", ("Shift+F1",), icon="help"),
    Command("shortcuts", "Keyboard shortcuts", ("Ctrl+/", "?"), icon="keyboard"),
    Command("sample", "Open the sample book", icon="reading"),
    Command("take-tour", "Take the tour", icon="info"),
    Command("about", "About Alexandria", icon="info"),
    Command("check-updates", "Look for a newer version", icon="refresh"),
    Command("diagnostics", "Copy diagnostics", icon="copy"),
    Command("licences", "Show licences", icon="file"),
    Command("sync", "Sync now", ("Ctrl+Shift+S",), icon="sync"),
    Command("account", "Account", icon="account"),
    Command("differences", "Differences between devices", icon="conflict"),
    Command("backup", "Back up the library", icon="backup"),
    Command("full-screen", "Full screen", ("F11",), icon="full-screen"),
    Command("next-theme", "Next theme", ("Ctrl+Shift+T",), icon="theme"),
    Command("quit", "Quit", ("Ctrl+Q",), icon="close"),
    Command("open-book", "Open the book", ("Return", "Enter"), Area.LIBRARY, "reading"),
    Command("edit-book", "Edit title and authors", ("F2",), Area.LIBRARY, "edit"),
    Command("remove-book", "Remove from the library", ("Delete",), Area.LIBRARY, "delete"),
    Command("grid", "Show covers", ("Ctrl+1",), Area.LIBRARY, "grid"),
    Command("list", "Show a list", ("Ctrl+2",), Area.LIBRARY, "list"),
    Command("filter", "Filter the shelf", ("/", "Ctrl+F"), Area.LIBRARY, "filter"),
    Command("all-books", "Show all books", ("Ctrl+Shift+A",), Area.LIBRARY, "library"),
    Command("reading-now", "Show books being read", area=Area.LIBRARY, icon="reading"),
    Command("removed-books", "Show removed books", area=Area.LIBRARY, icon="archive"),
    Command("new-collection", "New collection", ("Ctrl+N",), Area.LIBRARY, "add"),
    Command("sidebar", "Go to the sidebar", ("Ctrl+B",), Area.LIBRARY, "sidebar"),
    Command("forward", "Next page", ("Space", "Right", "PgDown", "Down"), Area.READER, "next"),
    Command("backward", "Previous page", ("Shift+Space", "Left", "PgUp", "Up", "Backspace"), Area.READER, "previous"),
    Command("beginning", "Go to the beginning", ("Home",), Area.READER, "up"),
    Command("end", "Go to the end", ("End",), Area.READER, "down"),
    Command("contents", "Contents", ("T",), Area.READER, "contents"),
    Command("notes", "Notes on this book", ("Shift+N",), Area.READER, "notes"),
    Command("highlight", "Highlight the selected words", ("H",), Area.READER, "highlight"),
    Command("note", "Write a note on the selected words", ("N",), Area.READER, "note"),
    Command("bookmark", "Bookmark this page", ("B",), Area.READER, "bookmark"),
    Command("give-notes", "Give notes to a course", (), Area.READER, "course"),
    Command("copy", "Copy the selected words", ("Ctrl+C",), Area.READER, "copy"),
    Command("find", "Find in this book", ("/", "Ctrl+F"), Area.READER, "find"),
    Command("find-next", "Next find", ("F3", "Ctrl+G"), Area.READER, "down"),
    Command("find-previous", "Previous find", ("Shift+F3", "Ctrl+Shift+G"), Area.READER, "up"),
    Command("select-forward", "Select the next word", ("Shift+Right",), Area.READER, "forward"),
    Command("select-backward", "Select the word before", ("Shift+Left",), Area.READER, "back"),
    Command("select-down", "Select the next line", ("Shift+Down",), Area.READER, "down"),
    Command("select-up", "Select the line before", ("Shift+Up",), Area.READER, "up"),
    Command("larger", "Larger type", ("Ctrl++", "Ctrl+=", "+"), Area.READER, "zoom-in"),
    Command("smaller", "Smaller type", ("Ctrl+-", "-"), Area.READER, "zoom-out"),
    Command("look", "Theme and type", ("A",), Area.READER, "text"),
    Command("scrolled", "Pages or one scroll", ("S",), Area.READER, "scroll"),
    Command("next-of-lesson", "Next passage of the lesson", ("Ctrl+Return",), Area.READER, "course"),
    Command("go-back", "Back to where the link was", ("Alt+Left",), Area.READER, "undo"),
    Command("new-lesson", "New lesson", ("Ctrl+N",), Area.BUILDER, "add"),
    Command("new-quiz", "New quiz", ("Ctrl+Shift+Q",), Area.BUILDER, "quiz"),
    Command("add-text", "Add words to the lesson", ("Ctrl+T",), Area.BUILDER, "text"),
    Command("propose", "Propose lessons from books", ("Ctrl+Shift+P",), Area.BUILDER, "answer"),
    Command("lessons", "Go to the lessons", ("F6",), Area.BUILDER, "contents"),
    Command("beside", "Go to the book beside", ("Ctrl+J",), Area.BUILDER, "reading"),
    Command("search-beside", "Search in the book beside", ("Ctrl+F",), Area.BUILDER, "find"),
    Command("preview", "See the course as a student", ("Ctrl+P",), Area.BUILDER, "eye"),
    Command("versions", "Versions of the course", ("Ctrl+H",), Area.BUILDER, "recent"),
    Command("save-pack", "Save the course as a pack", ("Ctrl+Shift+E",), Area.BUILDER, "save"),
    Command("undo-change", "Undo the last change to the course", ("Ctrl+Z",), Area.BUILDER, "undo"),
    Command("redo-change", "Do the change again", ("Ctrl+Shift+Z", "Ctrl+Y"), Area.BUILDER, "redo"),
    Command("leave-builder", "Back to the courses", ("Alt+Left", "Escape"), Area.BUILDER, "back"),
    Command("step-back", "Step back once", ("Escape",), Area.READER, "back"),
)
"""In the order in which the palette shows them."""


def command(command_id: str) -> Command:
    """Return a command by its id."""
    return _by_id()[command_id]


def commands_of(area: Area) -> Iterator[Command]:
    """Yield the commands that may be given in an area, those of everywhere too."""
    return (one for one in COMMANDS if one.area in (area, Area.EVERYWHERE))


def command_for(event: QKeyEvent, area: Area) -> Command | None:
    """Return the command of an area that a key asks for."""
    pressed = event.keyCombination().toCombined()
    keypad = int(Qt.KeyboardModifier.KeypadModifier.value)
    return _by_key(area).get(pressed & ~keypad)


@cache
def _by_id() -> dict[str, Command]:
    return {one.id: one for one in COMMANDS}


@cache
def _by_key(area: Area) -> dict[int, Command]:
    found: dict[int, Command] = {}
    for one in COMMANDS:
        if one.area is not area:
            continue
        for key in one.keys:
            combination: QKeyCombination = QKeySequence(key)[0]  # type: ignore[index]  # the stub lacks it
            found.setdefault(combination.toCombined(), one)
    return found
