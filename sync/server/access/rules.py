"""For each table and command: which rows a request may touch, as SQL conditions.

A command that is not named is not allowed to anybody. What a class of tables shares comes from ``policy.py``: rows of
one's own, columns that only the server writes, columns that never change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from sync.schema.policy import POLICIES, TableClass

ME = "(select auth.uid())"
MINE = f"user_id = {ME}"


@dataclass(frozen=True, slots=True)
class Rule:
    """The conditions of one table; None where a command is not allowed."""

    select: str | None = None
    insert: str | None = None
    update: str | None = None
    """Which rows may be changed."""
    check: str | None = None
    """What a changed row must satisfy; the same as for an insert unless it is given."""
    delete: str | None = None
    anonymous: bool = False
    """Whether somebody who is not signed in may select, under the same condition."""

    @property
    def update_check(self) -> str | None:
        """What a row must satisfy after an update."""
        return self.check or self.insert or self.update


def _sees(item: str) -> str:
    """Return the condition that an item's card is visible; its own policies decide."""
    return f"exists (select from content_items seen where seen.id = {item})"


def _own(select: str = MINE, insert: str = MINE) -> Rule:
    return Rule(select=select, insert=insert, update=MINE, check=MINE, delete=MINE)


def _part(read: str, write: str, *, anonymous: bool = True) -> Rule:
    """Return the rule of a table whose rows belong to an item."""
    return Rule(select=read, insert=write, update=write, delete=write, anonymous=anonymous)


# Whose item it is shows in it; a call for each of two thousand notes takes five times as long.
_ATTACHED = f"""
    {MINE} and (
        exists (select from content_items own where own.id = content_id and own.creator_id = {ME})
        or app.can_attach(content_id))"""
_ITEM_OPEN = "app.can_open(content_id)"
_ITEM_MINE = "app.owns_item(content_id)"
_ADMIN = "(select app.is_admin())"
_TAUGHT = "course_id in (select app.my_taught_course_ids())"
_MY_ORGANIZATIONS = "select app.my_org_ids()"
_BOTH_ENDS = f"{_sees('source_content_id')} and {_sees('target_content_id')}"

# `is not null` before the call: a NULL in `root_id <> id` would not keep Postgres from calling the function.
_CARD = f"""
    creator_id = {ME}
    or id in (select app.my_granted_ids())
    or (coalesce(root_id, id) = id and deleted_at is null and status in ('published', 'archived') and (
        visibility in ('public', 'marketplace')
        or (visibility = 'organization' and organization_id in ({_MY_ORGANIZATIONS}))))
    or (root_id is not null and root_id <> id and app.can_open(id))"""
_ITEM_WRITTEN = f"""
    creator_id = {ME} and app.may_show(visibility, organization_id)
    and (root_id is null or root_id = id or app.owns_item(root_id))"""

_SPECIAL: Mapping[str, Rule] = {
    # people
    "users": Rule(select=f"id = {ME} or {_ADMIN}", update=f"id = {ME}"),
    "user_profiles": Rule(
        select="user_id in (select app.my_acquaintances()) or app.is_publisher(user_id)",
        insert=MINE,
        update=MINE,
        anonymous=True,
    ),
    "organizations": Rule(select=f"id in ({_MY_ORGANIZATIONS}) or {_ADMIN}"),
    "user_organizations": Rule(select=f"{MINE} or org_id in ({_MY_ORGANIZATIONS}) or {_ADMIN}"),
    "user_sessions": Rule(),
    # content
    "content_items": Rule(
        select=_CARD,
        insert=_ITEM_WRITTEN,
        update=f"creator_id = {ME}",
        # Shared content is only hidden: others' notes and purchases stand on it.
        delete=f"creator_id = {ME} and visibility = 'private'",
        anonymous=True,
    ),
    "books": _part(_sees("content_id"), _ITEM_MINE),
    "courses": _part(_sees("content_id"), _ITEM_MINE),
    "content_files": _part(_ITEM_OPEN, _ITEM_MINE),
    "lessons": _part(_ITEM_OPEN, f"{_ITEM_MINE} and app.owns_course(course_id)"),
    "assessments": _part(_ITEM_OPEN, _ITEM_MINE),
    "assessment_keys": _part(
        "app.teaches_assessment(assessment_id) or exists ("
        "select from assessments asked where asked.id = assessment_id and asked.mode = 'practice')",
        "app.owns_assessment(assessment_id)",
        anonymous=False,
    ),
    "content_relationships": Rule(
        select=_BOTH_ENDS,
        insert=f"creator_id = {ME} and app.owns_item(source_content_id) and {_sees('target_content_id')}",
        update=f"creator_id = {ME}",
        delete=f"creator_id = {ME}",
        anonymous=True,
    ),
    "content_similarities": Rule(select=f"{_sees('content_a_id')} and {_sees('content_b_id')}", anonymous=True),
    "content_embeddings": Rule(select=_ITEM_OPEN, insert=_ITEM_MINE, delete=_ITEM_MINE, anonymous=True),
    "embedding_models": Rule(select="true", anonymous=True),
    # what readers do
    "user_libraries": _own(insert=_ATTACHED),
    "user_notes": replace(
        _own(select=f"{MINE} or (is_public and deleted_at is null and {_ITEM_OPEN})", insert=_ATTACHED), anonymous=True
    ),
    "reading_sessions": _own(insert=_ATTACHED),
    "collection_items": _own(
        insert=f"{_ATTACHED} and exists (select from user_collections kept where kept.id = collection_id)"
    ),
    "user_queries": _own(insert=f"{MINE} and (content_id is null or app.can_attach(content_id))"),
    "user_content_interactions": Rule(select=MINE, insert=_ATTACHED),
    "user_interactions": Rule(select=MINE, insert=_ATTACHED),
    # teaching
    "student_progress": Rule(
        select=f"{MINE} or {_TAUGHT}",
        insert=f"{MINE} and exists ("
        "select from lessons taken where taken.id = lesson_id and taken.course_id = student_progress.course_id)",
        update=MINE,
        check=MINE,
        delete=MINE,
    ),
    "course_enrollments": Rule(select=f"{MINE} or {_TAUGHT}"),
    "assessment_attempts": Rule(
        select=f"{MINE} or app.teaches_assessment(assessment_id)",
        insert=f"{MINE} and app.can_attempt(assessment_id)",
    ),
    "attempt_grades": Rule(
        select=f"{MINE} or exists (select from assessment_attempts tried where tried.id = attempt_id"
        " and app.teaches_assessment(tried.assessment_id))",
        insert=f"graded_by = 'teacher' and grader_id = {ME} and exists ("
        "select from assessment_attempts tried where tried.id = attempt_id and tried.user_id = attempt_grades.user_id"
        " and app.teaches_assessment(tried.assessment_id))",
        update="exists (select from assessment_attempts tried where tried.id = attempt_id"
        " and app.teaches_assessment(tried.assessment_id))",
    ),
    # the market
    "marketplace_items": Rule(select=f"{_sees('content_id')} and deleted_at is null", anonymous=True),
    "purchases": Rule(select=f"{MINE} or {_ADMIN}"),
    "purchase_items": Rule(select="exists (select from purchases paid where paid.id = purchase_id)"),
    "user_content_access": Rule(select=MINE),
    "revenue_analytics": Rule(select=f"creator_id = {ME} or {_ADMIN}"),
    "stripe_events": Rule(),
    # themes
    "user_themes": replace(_own(select=f"{MINE} or (is_public and deleted_at is null)"), anonymous=True),
    "community_themes": Rule(
        select=f"deleted_at is null or creator_id = {ME}",
        insert=f"creator_id = {ME}",
        update=f"creator_id = {ME}",
        delete=f"creator_id = {ME}",
        anonymous=True,
    ),
    "theme_ratings": _own(insert=f"{MINE} and exists (select from community_themes rated where rated.id = theme_id)"),
    "reading_environments": Rule(select="true", anonymous=True),
    # the system
    "usage_metrics": Rule(select=_ADMIN),
    "error_logs": Rule(select=f"{MINE} or {_ADMIN}", insert=MINE),
    "recommendation_sessions": Rule(select=MINE, insert=MINE, update=MINE),
    "requests": Rule(select=MINE, insert=MINE, update=MINE),
}

_BY_CLASS: Mapping[TableClass, Rule] = {
    TableClass.MINE: _own(),
    TableClass.APPEND: Rule(select=MINE, insert=MINE),
}


def _all_rules() -> Mapping[str, Rule]:
    on_server = (name for name, policy in POLICIES.items() if policy.kind is not TableClass.DEVICE_ONLY)
    return MappingProxyType({name: _SPECIAL.get(name) or _BY_CLASS[POLICIES[name].kind] for name in on_server})


RULES: Mapping[str, Rule] = _all_rules()
"""Every table of the server."""

COLUMNS: Mapping[str, Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        # Where a table that the server keeps lets a person write, it names the columns.
        "users": {"update": frozenset({"name"})},
        "user_profiles": {
            "insert": frozenset({"id", "user_id", "display_name", "biography", "avatar_sha256"}),
            "update": frozenset({"display_name", "biography", "avatar_sha256"}),
        },
        "attempt_grades": {
            "insert": frozenset(
                {
                    "id", "attempt_id", "user_id", "grader_id", "graded_by", "score", "passed", "feedback_json",
                    "created_at", "updated_at", "deleted_at", "field_clocks",
                }
            ),
            "update": frozenset(
                {"grader_id", "score", "passed", "feedback_json", "updated_at", "deleted_at", "field_clocks"}
            ),
        },
        # The server embeds; a creator hands in passages only.
        "content_embeddings": {
            "insert": frozenset(
                {
                    "id", "content_id", "root_id", "chunk_text", "chunk_index", "chunk_type", "content_hash",
                    "content_type", "module_name", "source_location", "module_metadata", "semantic_tags", "text_length",
                    "language", "reading_level", "difficulty_level",
                }
            )
        },
    }
)  # fmt: skip
"""Columns that a command may set, where the merge rules do not say it."""
