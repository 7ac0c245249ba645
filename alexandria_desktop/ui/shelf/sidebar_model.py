"""The lines of the sidebar: places with counts, collections, series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from PySide6.QtCore import QAbstractListModel, QMimeData, QObject, Qt, Signal

from alexandria_desktop.store.collections import Collection
from alexandria_desktop.ui.shelf.book_model import MIME, Index, books_from_mime
from alexandria_desktop.ui.shelf.places import (
    ALL_BOOKS,
    CONTINUE,
    COURSES,
    NOTES,
    Place,
    PlaceKind,
    of_collection,
    of_series,
)
from alexandria_desktop.ui.shelf.wording import counted


class LineKind(StrEnum):
    """What a line is."""

    PLACE = "place"
    HEADING = "heading"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class SidebarLine:
    """One line."""

    kind: LineKind
    name: str
    place: Place | None = None
    count: int | None = None
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many books, notes and courses the library has; None before it was read."""

    books: int | None = None
    reading: int = 0
    notes: int = 0
    courses: int = 0


class SidebarModel(QAbstractListModel):
    """Places first, then collections, then series."""

    renamed = Signal(object, str)
    """(UUID, name): a collection was given another name."""
    dropped = Signal(object, object)
    """(Place, list of UUID): books were dropped on a collection, or on the line that begins one."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: tuple[SidebarLine, ...] = ()
        self._counts = Counts()
        self._collections: tuple[Collection, ...] = ()
        self._series: tuple[tuple[str, int], ...] = ()
        self.series_open = True
        self._build()

    @property
    def collections(self) -> Sequence[Collection]:
        """The collections, by name."""
        return self._collections

    def set_counts(self, counts: Counts) -> None:
        """Show how many there are of everything."""
        self._counts = counts
        self._build()

    def set_collections(self, collections: Sequence[Collection]) -> None:
        """Show these collections."""
        self._collections = tuple(collections)
        self._build()

    def set_series(self, series: Sequence[tuple[str, int]]) -> None:
        """Show these series, each with the number of its books."""
        self._series = tuple(series)
        self._build()

    def fold_series(self, *, is_open: bool) -> None:
        """Show or hide the series below their heading."""
        self.series_open = is_open
        self._build()

    def collection(self, collection: UUID | None) -> Collection | None:
        """Return a collection by its id."""
        return next((one for one in self._collections if one.id == collection), None)

    def line_of(self, place: Place) -> int:
        """Return the line of a place, or -1."""
        return next((number for number, line in enumerate(self.lines) if line.place == place), -1)

    def name_of(self, place: Place) -> str:
        """Return what a place is called."""
        match place.kind:
            case PlaceKind.SERIES:
                return place.series
            case PlaceKind.COLLECTION:
                found = self.collection(place.collection)
                return found.name if found is not None else ""
        return "Library" if place.kind is PlaceKind.ALL else _NAMES[place.kind]

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many lines there are."""
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a line, its name, or what is read out."""
        line = self.lines[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return line.name
        if role == Qt.ItemDataRole.UserRole:
            return line
        if role == Qt.ItemDataRole.AccessibleTextRole:
            if line.count is None:
                return line.name
            noun = _NOUNS.get(line.place, ("book", "books"))
            return f"{line.name}, {counted(line.count, *noun)}"
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return what can be done with a line."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        line = self.lines[index.row()]
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
        if line.kind is not LineKind.HEADING:
            flags |= Qt.ItemFlag.ItemIsSelectable
        if line.kind is LineKind.NEW:
            flags |= Qt.ItemFlag.ItemIsDropEnabled
        if line.place is not None and line.place.kind is PlaceKind.COLLECTION:
            flags |= Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsDropEnabled
        return flags

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Tell the name that was typed; it is shown at once and kept by whoever listens."""
        line = self.lines[index.row()]
        name = " ".join(str(value).split())
        if role != Qt.ItemDataRole.EditRole or not name or line.place is None or line.place.collection is None:
            return False
        if name == line.name:
            return True
        chosen = line.place.collection
        self._collections = tuple(replace(one, name=name) if one.id == chosen else one for one in self._collections)
        self.lines = tuple(replace(one, name=name) if one is line else one for one in self.lines)
        self.dataChanged.emit(index, index)
        self.renamed.emit(chosen, name)
        return True

    def supportedDropActions(self) -> Qt.DropAction:
        """Return that books are copied: a book may be in many collections."""
        return Qt.DropAction.CopyAction

    def mimeTypes(self) -> list[str]:
        """Return the kind of what can be dropped."""
        return [MIME]

    def canDropMimeData(self, data: QMimeData, _action: Qt.DropAction, _row: int, _column: int, parent: Index) -> bool:
        """Return whether books can be dropped on this line."""
        return data.hasFormat(MIME) and bool(self.flags(parent) & Qt.ItemFlag.ItemIsDropEnabled)

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:
        """Tell which books were dropped where."""
        if not self.canDropMimeData(data, action, row, column, parent):
            return False
        self.dropped.emit(self.lines[parent.row()].place, books_from_mime(data))
        return True

    def _build(self) -> None:
        lines = list(_places(self._counts))
        lines.append(SidebarLine(LineKind.HEADING, "Collections"))
        lines.extend(
            SidebarLine(LineKind.PLACE, one.name, of_collection(one.id), one.books, "collection")
            for one in self._collections
        )
        lines.append(SidebarLine(LineKind.NEW, "New collection", icon="add"))
        if self._series:
            # Its heading folds, so it says how many there are.
            heading = SidebarLine(LineKind.HEADING, "Series", count=len(self._series))
            lines.append(replace(heading, icon="collapse" if self.series_open else "expand"))
            if self.series_open:
                lines.extend(
                    SidebarLine(LineKind.PLACE, name, of_series(name), count, "series") for name, count in self._series
                )
        self._show(tuple(lines))

    def _show(self, lines: tuple[SidebarLine, ...]) -> None:
        if [line.place for line in lines] == [line.place for line in self.lines] and lines:
            # Only names and counts: an editor that is open stays open.
            self.lines = lines
            self.dataChanged.emit(self.index(0), self.index(len(lines) - 1))
            return
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()


_NAMES = {
    PlaceKind.ALL: "All books",
    PlaceKind.CONTINUE: "Continue",
    PlaceKind.NOTES: "Notes",
    PlaceKind.REMOVED: "Removed books",
    PlaceKind.ACCOUNT: "Account",
    PlaceKind.COURSES: "Courses",
}
_NOUNS: dict[Place | None, tuple[str, str]] = {NOTES: ("note", "notes"), COURSES: ("course", "courses")}


def _places(counts: Counts) -> Sequence[SidebarLine]:
    return (
        SidebarLine(LineKind.PLACE, _NAMES[PlaceKind.CONTINUE], CONTINUE, counts.reading or None, "reading"),
        SidebarLine(LineKind.PLACE, _NAMES[PlaceKind.ALL], ALL_BOOKS, counts.books, "library"),
        SidebarLine(LineKind.PLACE, _NAMES[PlaceKind.NOTES], NOTES, counts.notes or None, "notes"),
        SidebarLine(LineKind.PLACE, _NAMES[PlaceKind.COURSES], COURSES, counts.courses or None, "course"),
    )
