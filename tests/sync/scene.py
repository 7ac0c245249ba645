"""What happens on the server while laptops are elsewhere: people share and withdraw, groups are joined and left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sync.schema.ids import uuid7
from tests.support.server import ServerDatabase

_ITEM = (
    "insert into content_items (id, title, content_type, module_name, creator_id, root_id, visibility, organization_id,"
    " status) values (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
)


@dataclass
class Scene:
    """Somebody else's items that a person's laptops come to hold and lose, changed past every policy."""

    database: ServerDatabase
    creator: UUID
    me: UUID
    book: UUID = field(default_factory=uuid7)
    """Public at first, on the person's shelf."""
    org: UUID = field(default_factory=uuid7)
    org_book: UUID = field(default_factory=uuid7)
    """The organisation's, on the person's shelf before they join."""
    lent: UUID = field(default_factory=uuid7)
    """Private, and the person's for a time."""
    course_item: UUID = field(default_factory=uuid7)
    course: UUID = field(default_factory=uuid7)
    lesson: UUID = field(default_factory=uuid7)
    draft: UUID = field(default_factory=uuid7)
    """The item of the second lesson, which comes and goes with its status."""
    tables: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """Make everything; the person is in no organisation, takes no course and has nothing lent."""
        with self.database.as_superuser() as connection, connection.pipeline():
            connection.execute("insert into organizations (id, name) values (%s, 'A school')", (self.org,))
            connection.execute(
                "insert into user_organizations (user_id, org_id, role) values (%s, %s, 'owner')",
                (self.creator, self.org),
            )
            for item, title, visibility in (
                (self.book, "shared", "public"),
                (self.org_book, "the school's", "organization"),
                (self.lent, "lent", "private"),
            ):
                of = self.org if visibility == "organization" else None
                connection.execute(
                    _ITEM, (item, title, "book", "library", self.creator, None, visibility, of, "published")
                )
                connection.execute("insert into books (content_id, author) values (%s, 'A')", (item,))
                if item != self.lent:
                    connection.execute(
                        "insert into user_libraries (user_id, content_id) values (%s, %s)", (self.me, item)
                    )
            root = self.course_item
            connection.execute(
                _ITEM, (root, "a course", "course", "lms", self.creator, None, "private", None, "published")
            )
            connection.execute("insert into courses (id, content_id) values (%s, %s)", (self.course, root))
            for item, lesson, status in ((uuid7(), self.lesson, "published"), (self.draft, uuid7(), "draft")):
                connection.execute(
                    _ITEM, (item, "a lesson", "lesson", "lms", self.creator, root, "private", None, status)
                )
                connection.execute(
                    "insert into lessons (id, content_id, course_id, root_id, order_index) values (%s, %s, %s, %s, 0)",
                    (lesson, item, self.course, root),
                )

    def does(self, what: str) -> None:
        """Let one of ``EVENTS`` happen."""
        statement, values = EVENTS[what]
        with self.database.as_superuser() as connection:
            if what == "access expires":
                # Time passes; nobody writes anything, and so no trigger may tell of it.
                connection.execute("set local session_replication_role = replica")
            connection.execute(statement, values(self))


Event = tuple[str, Callable[[Scene], tuple[Any, ...]]]


def _visible(visibility: str) -> Event:
    statement = f"update content_items set visibility = '{visibility}', organization_id = null where id = %s"
    return statement, lambda scene: (scene.book,)


def _enrolled(status: str) -> Event:
    statement = (
        f"insert into course_enrollments (user_id, course_id, status) values (%s, %s, '{status}')"
        f" on conflict (user_id, course_id) do update set status = '{status}'"
    )
    return statement, lambda scene: (scene.me, scene.course)


EVENTS: dict[str, Event] = {
    "item made public": _visible("public"),
    "item made private": _visible("private"),
    "item put up for sale": _visible("marketplace"),
    "item moved to the organisation": (
        "update content_items set visibility = 'organization', organization_id = %s where id = %s",
        lambda scene: (scene.org, scene.book),
    ),
    "item changed": (
        "update content_items set title = title || '.' where id = any(%s)",
        lambda scene: ([scene.book, scene.org_book, scene.lent, scene.course_item],),
    ),
    "organisation joined": (
        "insert into user_organizations (user_id, org_id) values (%s, %s) on conflict do nothing",
        lambda scene: (scene.me, scene.org),
    ),
    "organisation left": (
        "delete from user_organizations where user_id = %s and org_id = %s",
        lambda scene: (scene.me, scene.org),
    ),
    "enrolment begun": _enrolled("active"),
    "enrolment ended": _enrolled("left"),
    "lesson published": (
        "update content_items set status = 'published' where id = %s",
        lambda scene: (scene.draft,),
    ),
    "lesson withdrawn": ("update content_items set status = 'draft' where id = %s", lambda scene: (scene.draft,)),
    "access given": (
        "insert into user_content_access (user_id, content_id, access_type) values (%s, %s, 'purchased')"
        " on conflict (user_id, content_id, access_type) do update set access_expires_at = null",
        lambda scene: (scene.me, scene.lent),
    ),
    "access expires": (
        "update user_content_access set access_expires_at = now() - interval '1 second' where user_id = %s",
        lambda scene: (scene.me,),
    ),
    "departures collected": ("select ops.collect_feeds(interval '0')", lambda _: ()),
}
"""What may happen on the server, by name."""
