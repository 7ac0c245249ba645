"""How each table travels: who may write it, which feed carries it, and how two versions of a row are merged.

This is plain data, read by the outbox, the sync engine and the server alike; a test sees to it that no table and no
JSON column is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class TableClass(StrEnum):
    """Whose word counts for a table."""

    MINE = "mine"
    AUTHORED = "authored"
    DERIVED = "derived"
    SERVER = "server"
    APPEND = "append"
    REQUEST = "request"
    SERVER_ONLY = "server-only"
    DEVICE_ONLY = "device-only"


class Direction(StrEnum):
    """Which way rows travel."""

    BOTH = "both"
    PULL = "pull"
    PUSH = "push"
    NONE = "none"


class Feed(StrEnum):
    """The kind of feed that carries a row; a row may be in several feeds of its kind."""

    USER = "user"
    ORGANIZATION = "org"
    CONTENT = "content"
    TEACHING = "teach"
    CATALOGUE = "catalogue"
    NONE = "none"


class Merge(StrEnum):
    """How a column's two versions become one."""

    CLOCK = "clock"
    """The later hybrid logical clock."""
    MAXIMUM = "maximum"
    LAST_READING = "last-reading"
    """The version whose row has the later ``position_at``; these columns move together."""
    FURTHEST = "furthest"
    """The version whose row has the greater ``furthest_progress``; these columns move together."""
    TEXT = "text"
    """Word by word against the base; a true conflict keeps both."""
    SERVER = "server"
    """The server counts it; nobody else may write it."""
    FIXED = "fixed"
    """Never changes once the row is made."""
    LEAVES = "leaves"
    """JSON: a clock for each leaf."""
    SET = "set"
    """JSON list or string array: added and removed members are joined."""
    KEYED = "keyed"
    """JSON list of objects, matched by the member named in ``keys``."""
    ATOMIC = "atomic"
    """JSON: one value, the later clock."""


@dataclass(frozen=True, slots=True)
class TablePolicy:
    """How one table travels."""

    table: str
    kind: TableClass
    direction: Direction
    feed: Feed
    merge: Mapping[str, Merge] = field(default_factory=dict)
    """Columns that are not merged by their clock, or that are JSON."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """For KEYED columns: the member that names an object."""
    private: frozenset[str] = frozenset()
    """Columns that are never sent."""
    retention_days: int | None = None
    has_origin: bool = False
    """Whether rows say in ``origin`` who computed them; those of a device are never pushed."""
    needs_consent: bool = False
    """Whether rows leave the device only if the reader agreed to it."""

    @property
    def goes_out(self) -> bool:
        """Whether a change made here must be told to the server, as far as the table goes."""
        return self.direction in (Direction.BOTH, Direction.PUSH) and not self.needs_consent

    def merge_of(self, column: str) -> Merge:
        """Return how a column is merged; what is appended stays as it was unless it says otherwise."""
        return self.merge.get(column, Merge.FIXED if self.kind is TableClass.APPEND else Merge.CLOCK)


BOOKKEEPING = frozenset({"revision", "field_clocks", "updated_at"})
"""Columns that the program and the server keep for themselves; a change to them alone is no change."""

_FIXED = dict.fromkeys(("id", "user_id", "content_id", "created_at", "root_id", "creator_id"), Merge.FIXED)


def _policy(
    table: str,
    kind: TableClass,
    direction: Direction,
    feed: Feed,
    merge: Mapping[str, Merge],
    *,
    keys: Mapping[str, str] | None = None,
    private: frozenset[str] = frozenset(),
    retention_days: int | None = None,
    has_origin: bool = False,
    needs_consent: bool = False,
) -> TablePolicy:
    rules = MappingProxyType({**_FIXED, **merge})
    return TablePolicy(
        table,
        kind,
        direction,
        feed,
        rules,
        MappingProxyType(keys or {}),
        private,
        retention_days,
        has_origin,
        needs_consent,
    )


def _mine(table: str, feed: Feed = Feed.USER, keys: Mapping[str, str] | None = None, **merge: Merge) -> TablePolicy:
    return _policy(table, TableClass.MINE, Direction.BOTH, feed, merge, keys=keys)


def _authored(
    table: str, feed: Feed = Feed.CONTENT, keys: Mapping[str, str] | None = None, **merge: Merge
) -> TablePolicy:
    return _policy(table, TableClass.AUTHORED, Direction.BOTH, feed, merge, keys=keys)


def _server(table: str, feed: Feed, **merge: Merge) -> TablePolicy:
    return _policy(table, TableClass.SERVER, Direction.PULL, feed, merge)


def _append(table: str, feed: Feed = Feed.USER, retention_days: int | None = None, **merge: Merge) -> TablePolicy:
    # An account's history may be wanted on another laptop, but nothing is lost if only the server has it.
    return _policy(table, TableClass.APPEND, Direction.PUSH, feed, merge, retention_days=retention_days)


def _derived(table: str, feed: Feed = Feed.CONTENT, **merge: Merge) -> TablePolicy:
    return _policy(table, TableClass.DERIVED, Direction.PULL, feed, merge)


def _server_only(table: str, retention_days: int | None = None, **merge: Merge) -> TablePolicy:
    return _policy(table, TableClass.SERVER_ONLY, Direction.NONE, Feed.NONE, merge, retention_days=retention_days)


def _device_only(table: str, **merge: Merge) -> TablePolicy:
    return _policy(table, TableClass.DEVICE_ONLY, Direction.NONE, Feed.NONE, merge)


_ATOMIC, _LEAVES, _SET, _KEYED, _TEXT = Merge.ATOMIC, Merge.LEAVES, Merge.SET, Merge.KEYED, Merge.TEXT
_BY_ID = "id"
_TWO_YEARS = 730

_ALL = (
    # mine, both ways
    _mine("user_preferences", preferences_json=_LEAVES, preference_type=Merge.FIXED, preference_value=Merge.FIXED),
    _mine(
        "user_libraries",
        progress=Merge.LAST_READING,
        current_position=Merge.LAST_READING,
        position_at=Merge.LAST_READING,
        last_accessed=Merge.MAXIMUM,
        furthest_position=Merge.FURTHEST,
        furthest_progress=Merge.FURTHEST,
        added_at=Merge.FIXED,
        notes=_TEXT,
    ),
    _mine("user_notes", note_text=_TEXT, location_data=_ATOMIC, attributes_json=_LEAVES),
    _mine("user_themes", customizations=_LEAVES),
    _mine("theme_preferences", device_preferences=_LEAVES, contextual_preferences=_LEAVES),
    _mine(
        "student_progress",
        Feed.TEACHING,
        score=Merge.SERVER,
        time_spent=Merge.MAXIMUM,
        course_id=Merge.FIXED,
        lesson_id=Merge.FIXED,
    ),
    _mine("reading_sessions", seconds_read=Merge.MAXIMUM, pages_turned=Merge.MAXIMUM, ended_at=Merge.MAXIMUM),
    _mine("user_collections", attributes_json=_LEAVES),
    _mine("collection_items", collection_id=Merge.FIXED),
    _mine("theme_ratings", theme_id=Merge.FIXED),
    _mine("devices", revoked_at=Merge.SERVER),
    # written by their creator, read by others
    _authored("content_items", metadata_json=_LEAVES, tags=_SET, access_permissions=_LEAVES, description=_TEXT),
    _authored("books", authors=_ATOMIC),
    _authored("content_files", sha256=Merge.FIXED, uploaded_at=Merge.SERVER),
    _authored("courses", prerequisites=_SET, learning_objectives=_ATOMIC),
    _authored("lessons", prerequisites=_SET, order_index=Merge.SERVER, course_id=Merge.FIXED),
    _authored("assessments", questions_json=_KEYED, keys={"questions_json": _BY_ID}),
    _authored("assessment_keys", Feed.TEACHING, answers_json=_LEAVES, rubric_json=_LEAVES, assessment_id=Merge.FIXED),
    # Written by who teaches, read by the student; the last grade counts.
    _policy(
        "attempt_grades",
        TableClass.AUTHORED,
        Direction.BOTH,
        Feed.TEACHING,
        {"feedback_json": _ATOMIC, "attempt_id": Merge.FIXED, "user_id": Merge.FIXED, "graded_by": Merge.FIXED},
    ),
    # Made by hand, or computed; what a device computed stays there.
    _policy(
        "content_relationships",
        TableClass.AUTHORED,
        Direction.BOTH,
        Feed.CONTENT,
        {
            "relationship_context": _LEAVES,
            "origin": Merge.FIXED,
            "source_content_id": Merge.FIXED,
            "target_content_id": Merge.FIXED,
        },
        has_origin=True,
    ),
    _authored(
        "community_themes",
        Feed.CATALOGUE,
        theme_data=_LEAVES,
        tags=_SET,
        downloads_count=Merge.SERVER,
        rating_average=Merge.SERVER,
        rating_count=Merge.SERVER,
        is_featured=Merge.SERVER,
    ),
    # computed from the rest
    _derived(
        "content_embeddings",
        source_location=_ATOMIC,
        module_metadata=_ATOMIC,
        semantic_tags=_ATOMIC,
        access_permissions=_ATOMIC,
        embedding=_ATOMIC,
    ),
    _derived("content_similarities"),
    _policy(
        "recommendation_sessions",
        TableClass.DERIVED,
        Direction.BOTH,
        Feed.USER,
        {"session_context": _ATOMIC, "recommendations_shown": Merge.FIXED, "user_feedback": _LEAVES},
        has_origin=True,
    ),
    # the server's word
    _server("users", Feed.USER),
    _server("user_profiles", Feed.ORGANIZATION),
    _server("organizations", Feed.ORGANIZATION),
    _server("user_organizations", Feed.ORGANIZATION, permissions=_ATOMIC),
    _server("marketplace_items", Feed.CATALOGUE),
    _server("purchases", Feed.USER, buyer_snapshot=_ATOMIC, billing_address=_ATOMIC),
    _server("purchase_items", Feed.USER, item_snapshot=_ATOMIC),
    _server("user_content_access", Feed.USER),
    _server("revenue_analytics", Feed.USER),
    _server("course_enrollments", Feed.TEACHING),
    _server("reading_environments", Feed.CATALOGUE, theme_data=_ATOMIC),
    _server("embedding_models", Feed.CATALOGUE),
    # written once
    # The rating of an answer is the one thing in a question that may change.
    _append("user_queries", context_used=_ATOMIC, response_quality=Merge.CLOCK, deleted_at=Merge.CLOCK),
    _policy(
        "user_activity",
        TableClass.APPEND,
        Direction.PUSH,
        Feed.USER,
        {"metadata_json": _ATOMIC},
        private=frozenset({"ip_address", "user_agent"}),
        retention_days=_TWO_YEARS,
    ),
    _append("user_content_interactions", retention_days=_TWO_YEARS, interaction_data=_ATOMIC),
    _append("user_interactions", retention_days=_TWO_YEARS, interaction_data=_ATOMIC, context_data=_ATOMIC),
    _append("theme_usage_analytics", retention_days=_TWO_YEARS, context_data=_ATOMIC),
    _append("assessment_attempts", Feed.TEACHING, answers_json=_ATOMIC),
    _policy(
        "error_logs",
        TableClass.APPEND,
        Direction.PUSH,
        Feed.USER,
        {"request_data": _ATOMIC, "context_data": _ATOMIC},
        retention_days=180,
        needs_consent=True,
    ),
    # asked for
    _policy(
        "requests",
        TableClass.REQUEST,
        Direction.BOTH,
        Feed.USER,
        {
            "kind": Merge.FIXED,
            "subject_id": Merge.FIXED,
            "payload_json": Merge.FIXED,
            "verdict": Merge.SERVER,
            "verdict_code": Merge.SERVER,
            "decided_at": Merge.SERVER,
        },
    ),
    # never leaves the server
    _server_only("user_sessions", retention_days=90),
    _server_only("usage_metrics", retention_days=_TWO_YEARS, metadata_json=_ATOMIC),
    _server_only("stripe_events", payload=_ATOMIC),
    # never leaves the device
    _device_only("outbox", base_json=_ATOMIC, clocks_json=_ATOMIC, payload_json=_ATOMIC),
    _device_only("sync_conflicts", mine_json=_ATOMIC, theirs_json=_ATOMIC, kept_json=_ATOMIC),
    _device_only("sync_seen"),
    _device_only("local_state", value=_ATOMIC),
    _device_only("local_files"),
    _device_only("note_placements", locator_json=_ATOMIC),
    _device_only("open_attempts"),
    _device_only("attempt_journal", answer_json=_ATOMIC),
    _device_only("course_versions", document_json=_ATOMIC),
    _device_only("taken_packs"),
    _device_only("carried_attempts"),
)

POLICIES: Mapping[str, TablePolicy] = MappingProxyType({policy.table: policy for policy in _ALL})
"""Every table's policy by its name."""

INDEX_TABLES = frozenset({"content_embeddings", "content_similarities"})
"""Tables that a laptop keeps in the file that can be computed again."""


def policy_of(table: str) -> TablePolicy:
    """Return a table's policy."""
    return POLICIES[table]


def tables_of(*kinds: TableClass) -> frozenset[str]:
    """Return the names of all tables of these classes."""
    return frozenset(policy.table for policy in _ALL if policy.kind in kinds)
