"""The places of a library that the sidebar lists: all books, what is being read, notes, collections, series."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class PlaceKind(StrEnum):
    """What a place holds."""

    ALL = "all"
    CONTINUE = "continue"
    NOTES = "notes"
    REMOVED = "removed"
    COLLECTION = "collection"
    SERIES = "series"
    ACCOUNT = "account"
    COURSES = "courses"


@dataclass(frozen=True, slots=True)
class Place:
    """One place; two are the same place whatever they are called."""

    kind: PlaceKind
    collection: UUID | None = None
    series: str = ""

    @property
    def is_shelf(self) -> bool:
        """Whether books stand here."""
        return self.kind not in (PlaceKind.NOTES, PlaceKind.ACCOUNT, PlaceKind.COURSES)


ALL_BOOKS = Place(PlaceKind.ALL)
CONTINUE = Place(PlaceKind.CONTINUE)
NOTES = Place(PlaceKind.NOTES)
COURSES = Place(PlaceKind.COURSES)
ACCOUNT = Place(PlaceKind.ACCOUNT)
REMOVED = Place(PlaceKind.REMOVED)


def of_collection(collection: UUID) -> Place:
    """Return the place of a collection."""
    return Place(PlaceKind.COLLECTION, collection=collection)


def of_series(name: str) -> Place:
    """Return the place of a series."""
    return Place(PlaceKind.SERIES, series=name)
