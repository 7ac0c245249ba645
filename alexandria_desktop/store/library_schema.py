"""What library.db looks like: the whole schema but its derived tables, and the two views on preferences."""

from __future__ import annotations

from sqlalchemy import Connection

from alexandria_desktop.store.migrations import FileSchema, Migration

APPLICATION_ID = 0x414C5842  # "ALXB"


def create(connection: Connection) -> None:
    """Make every table, index and view in an empty file."""
    # Imported here, because opening a library that exists needs none of it.
    from sync.schema.tables import METADATA, library_tables
    from sync.schema.views import create_views

    METADATA.create_all(connection, tables=library_tables(), checkfirst=False)
    create_views(connection)


def _add_sync_tables(connection: Connection) -> None:
    from sync.schema.tables import table

    for name in ("sync_conflicts", "sync_seen"):
        table(name).create(connection)


def _add_open_attempts(connection: Connection) -> None:
    from sync.schema.tables import table

    for name in ("open_attempts", "attempt_journal"):
        table(name).create(connection)


def _let_grades_travel(connection: Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE attempt_grades ADD COLUMN deleted_at BIGINT")
    connection.exec_driver_sql("ALTER TABLE attempt_grades ADD COLUMN field_clocks TEXT DEFAULT '{}' NOT NULL")


def _add_course_versions(connection: Connection) -> None:
    from sync.schema.tables import table

    table("course_versions").create(connection)


def _add_packs(connection: Connection) -> None:
    from sync.schema.tables import table

    for name in ("taken_packs", "carried_attempts"):
        table(name).create(connection)


LIBRARY_SCHEMA = FileSchema(
    APPLICATION_ID,
    create,
    (
        Migration(2, "what sync must remember of conflicts and listings", _add_sync_tables),
        Migration(3, "attempts that are not handed in yet", _add_open_attempts),
        Migration(4, "grades that teachers write", _let_grades_travel),
        Migration(5, "versions of courses", _add_course_versions),
        Migration(6, "courses and answers that come in files", _add_packs),
    ),
)
