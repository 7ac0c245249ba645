"""Ids that follow from what never changes, so that two devices which make the same thing make one row.

Only (user, SHA-256 of an imported file), shelves, preferences, progress, ratings, members of collections and what an
item has once have them; never anything from a name, an order or an ISBN. When a library gets another owner, these ids
are derived anew.
"""

from __future__ import annotations

from uuid import UUID

from sync.schema.ids import natural_id


def imported_item(user_id: UUID, edition: str) -> UUID:
    """Return the id of the item that somebody made by importing a file."""
    return natural_id("content_item", user_id, edition)


def book(content_id: UUID) -> UUID:
    """Return the id of an item's book."""
    return natural_id("book", content_id)


def course(content_id: UUID) -> UUID:
    """Return the id of an item's course."""
    return natural_id("course", content_id)


def lesson(content_id: UUID) -> UUID:
    """Return the id of an item's lesson."""
    return natural_id("lesson", content_id)


def assessment(content_id: UUID) -> UUID:
    """Return the id of an item's assessment."""
    return natural_id("assessment", content_id)


def assessment_key(assessment_id: UUID) -> UUID:
    """Return the id of the right answers of an assessment."""
    return natural_id("assessment_key", assessment_id)


def attempt_grade(attempt_id: UUID) -> UUID:
    """Return the id of what an attempt was worth."""
    return natural_id("attempt_grade", attempt_id)


def relationship(source: UUID, target: UUID, kind: str) -> UUID:
    """Return the id of how one item stands to another."""
    return natural_id("content_relationship", source, target, kind)


def content_file(content_id: UUID, edition: str) -> UUID:
    """Return the id of one file of an item."""
    return natural_id("content_file", content_id, edition)


def shelf_place(user_id: UUID, content_id: UUID) -> UUID:
    """Return the id of an item's place on a shelf."""
    return natural_id("user_library", user_id, content_id)


def collection_member(collection_id: UUID, content_id: UUID) -> UUID:
    """Return the id of an item's place in a collection."""
    return natural_id("collection_item", collection_id, content_id)


def preference(user_id: UUID, kind: str, value: str) -> UUID:
    """Return the id of one preference."""
    return natural_id("user_preference", user_id, kind, value)


def theme_preference(user_id: UUID) -> UUID:
    """Return the id of somebody's choice of themes."""
    return natural_id("theme_preference", user_id)


def lesson_progress(user_id: UUID, lesson_id: UUID) -> UUID:
    """Return the id of how far somebody is in a lesson."""
    return natural_id("student_progress", user_id, lesson_id)


def theme_rating(user_id: UUID, theme_id: UUID) -> UUID:
    """Return the id of what somebody thinks of a theme."""
    return natural_id("theme_rating", user_id, theme_id)
