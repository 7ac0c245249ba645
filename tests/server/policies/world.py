"""A small world for the policies: ten people, an organisation, items of every visibility, and a row of every table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from sync.schema.ids import uuid7
from sync.schema.tables import table

ACTORS = (
    "anonymous", "stranger", "member", "manager", "creator", "buyer", "teacher", "student", "reader", "admin",
)  # fmt: skip
"""Who tries: nobody, an unrelated user, a member and an owner of the organisation, who made the items, who bought one,
who was given a course to teach, who is enrolled in it, whose shelf and notes these are, the platform's own admin."""

_ROLES = {"creator": "creator", "teacher": "educator", "admin": "admin"}


@dataclass
class World:
    """The rows by table and name."""

    connection: psycopg.Connection
    people: dict[str, UUID] = field(default_factory=dict)
    rows: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)

    def add(self, table_name: str, name: str, /, **values: Any) -> UUID:
        key = table(table_name).primary_key.columns.keys()[0]
        row = {key: uuid7(), **values} if key == "id" else values
        statement = sql.SQL("insert into {} ({}) values ({})").format(
            sql.Identifier(table_name),
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join([sql.Placeholder()] * len(row)),
        )
        self.connection.execute(statement, [Jsonb(v) if isinstance(v, dict) else v for v in row.values()])
        self.rows[table_name, name] = {"key": key, "value": row[key]}
        return row[key]

    def person(self, name: str) -> UUID | None:
        return self.people.get(name)


def build(connection: psycopg.Connection) -> World:
    """Make everything, past the policies."""
    world = World(connection)
    _people(world)
    _items(world)
    _course(world)
    _market(world)
    _reading(world)
    _themes(world)
    _system(world)
    return world


def _people(world: World) -> None:
    for name in ACTORS[1:]:
        world.people[name] = world.add(
            "users", name, email=f"{name}@example.org", name=name, role=_ROLES.get(name, "user")
        )
        world.add("user_profiles", name, user_id=world.people[name], display_name=name.title())
    org = world.add("organizations", "the organisation", name="A school")
    world.org = org  # type: ignore[attr-defined]
    for name, role in (("member", "member"), ("manager", "owner"), ("creator", "member")):
        world.add("user_organizations", name, user_id=world.people[name], org_id=org, role=role)
    reader = world.people["reader"]
    world.add("user_preferences", "of the reader", user_id=reader)
    device = world.add("devices", "of the reader", user_id=reader, name="A laptop")
    world.add("user_sessions", "of the reader", user_id=reader, device_id=device, token="x", expires_at="2100-01-01")


def _item(world: World, name: str, *, by: str = "creator", kind: str = "book", **values: Any) -> UUID:
    module = {"book": "library", "marketplace_item": "marketplace"}.get(kind, "lms")
    usual = {"status": "published", "visibility": "private"}
    return world.add(
        "content_items", name, title=name, content_type=kind, module_name=module, creator_id=world.people[by],
        **usual | values,
    )  # fmt: skip


ITEMS = (
    "private", "public", "public draft", "public deleted", "organisation's", "for sale", "bought once",
    "sold, withdrawn",
)  # fmt: skip


def _items(world: World) -> None:
    kinds: dict[str, dict[str, Any]] = {
        "private": {},
        "public": {"visibility": "public"},
        "public draft": {"visibility": "public", "status": "draft"},
        "public deleted": {"visibility": "public", "deleted_at": "2026-01-01"},
        "organisation's": {"visibility": "organization", "organization_id": world.org},  # type: ignore[attr-defined]
        "for sale": {"visibility": "marketplace"},
        "bought once": {"visibility": "marketplace", "status": "draft"},
        "sold, withdrawn": {"visibility": "private", "status": "draft", "deleted_at": "2026-01-01"},
    }
    for name in ITEMS:
        item = _item(world, name, **kinds[name])
        if name in ("private", "public", "organisation's", "for sale", "sold, withdrawn"):
            world.add("books", name, content_id=item)
            world.add("content_files", name, content_id=item, sha256=name)
            world.add(
                "content_embeddings", name, content_id=item, chunk_text="words", chunk_index=0, chunk_type="paragraph",
                content_type="book", module_name="library", text_length=5, visibility="public",
            )  # fmt: skip
    pairs = {"public to public draft": ("public", "public draft"), "public to for sale": ("public", "for sale")}
    for name, (source, target) in pairs.items():
        first, second = (world.rows["content_items", one]["value"] for one in (source, target))
        world.add(
            "content_relationships", name, source_content_id=first, target_content_id=second,
            relationship_type="related", relationship_strength=1, creator_id=world.people["creator"],
        )  # fmt: skip
        low, high = sorted((first, second))
        world.add(
            "content_similarities", name, content_a_id=low, content_b_id=high, similarity_type="thematic",
            similarity_score=1, calculation_method="embedding",
        )  # fmt: skip
    world.add("embedding_models", "a model", model_key="a model", dimension=2)


def _course(world: World) -> None:
    root = _item(world, "course", kind="course")
    course = world.add("courses", "the course", content_id=root)
    for name, role in (("teacher", "teacher"), ("student", "student")):
        world.add("course_enrollments", name, course_id=course, user_id=world.people[name], role=role)
    for status in ("published", "draft"):
        name = f"{status} lesson"
        item = _item(world, name, kind="lesson", root_id=root, status=status, visibility="public")
        lesson = world.add("lessons", name, content_id=item, course_id=course, root_id=root, order_index=0)
    lesson = world.rows["lessons", "published lesson"]["value"]
    student = world.people["student"]
    for mode in ("practice", "graded"):
        item = _item(world, f"{mode} assessment", kind="assessment", root_id=root)
        asked = world.add(
            "assessments", mode, content_id=item, lesson_id=lesson, root_id=root, mode=mode,
            questions_json=Jsonb([]),
        )  # fmt: skip
        world.add("assessment_keys", mode, assessment_id=asked, root_id=root)
    tried = world.add(
        "assessment_attempts", "of the student", user_id=student, assessment_id=asked, attempt_number=1,
        started_at="2026-01-01",
    )  # fmt: skip
    world.add(
        "attempt_grades", "by the teacher", attempt_id=tried, user_id=student, score=50, passed=False,
        graded_by="teacher", grader_id=world.people["teacher"],
    )  # fmt: skip
    world.add("student_progress", "of the student", user_id=student, course_id=course, lesson_id=lesson)


def _market(world: World) -> None:
    buyer = world.people["buyer"]
    paid = world.add("purchases", "of the buyer", user_id=buyer, total_amount=10)
    for name, until in (("for sale", None), ("sold, withdrawn", None), ("bought once", "2020-01-01")):
        item = world.rows["content_items", name]["value"]
        world.add("marketplace_items", name, content_id=item, price=10)
        world.add("purchase_items", name, purchase_id=paid, content_id=item, item_type="book", price=10)
        world.add(
            "user_content_access", name, user_id=buyer, content_id=item, purchase_id=paid, access_type="purchased",
            access_expires_at=until,
        )  # fmt: skip
    world.add(
        "revenue_analytics", "of the creator", date="2026-01-01", content_id=item, creator_id=world.people["creator"]
    )
    world.add("stripe_events", "one", event_id="evt", event_type="paid", payload={})


def _reading(world: World) -> None:
    reader = world.people["reader"]
    item = world.rows["content_items", "public"]["value"]
    about = {"user_id": reader, "content_id": item}
    world.add("user_libraries", "of the reader", **about)
    world.add("user_notes", "private", **about, note_text="mine alone")
    world.add("user_notes", "public", **about, note_text="for all", is_public=True)
    hidden = world.rows["content_items", "private"]["value"]
    creator = world.people["creator"]
    world.add(
        "user_notes", "public, on a private item", user_id=creator, content_id=hidden, note_text="x", is_public=True
    )
    world.add("reading_sessions", "of the reader", **about, started_at="2026-01-01")
    kept = world.add("user_collections", "of the reader", user_id=reader, name="A shelf")
    world.add("collection_items", "of the reader", **about, collection_id=kept)
    world.add("user_queries", "of the reader", **about, query_text="why?")
    world.add("user_activity", "of the reader", user_id=reader, action_type="login")
    world.add("user_content_interactions", "of the reader", **about, interaction_type="view")
    world.add("user_interactions", "of the reader", **about, interaction_type="view")
    world.add(
        "recommendation_sessions", "of the reader", user_id=reader, algorithm_used="x", recommendations_shown=Jsonb([])
    )
    world.add("requests", "undecided", user_id=reader, kind="leave")
    world.add("error_logs", "of the reader", user_id=reader, error_type="x", error_message="y")


def _themes(world: World) -> None:
    reader = world.people["reader"]
    world.add("reading_environments", "day", slug="test-day", name="Day")
    for name, public in (("private", False), ("public", True)):
        world.add("user_themes", name, user_id=reader, theme_name=name, base_theme="test-day", is_public=public)
    world.add("theme_preferences", "of the reader", user_id=reader)
    shared = world.add(
        "community_themes", "of the creator", creator_id=world.people["creator"], theme_data={}, name="x"
    )
    world.add("theme_ratings", "of the reader", user_id=reader, theme_id=shared, rating=5)
    world.add("theme_usage_analytics", "of the reader", user_id=reader, usage_duration=1)


def _system(world: World) -> None:
    world.add("usage_metrics", "one", date="2026-01-01", metric_name="x", metric_value=1)


def key_of(world: World, table_name: str, row: str) -> tuple[str, Any]:
    """Return the key column and value of a row."""
    found = world.rows[table_name, row]
    return found["key"], found["value"]


def as_json(world: World) -> str:
    """Return the rows for a failure's message."""
    return json.dumps({"/".join(name): str(row["value"]) for name, row in world.rows.items()}, indent=1)
