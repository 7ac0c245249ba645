"""What stands on rows that the server has not told of: it waits until the server has, since it could only be refused.

A course may come to a laptop in a file, with its teacher's ids, and so may a student's attempts to a teacher. Progress
and attempts in such a course, and grades of such attempts, are this person's own and go out like everything else, but
not before their server knows what they are about. A folder refuses nothing, so nothing waits there.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, text

from sync.client.facts import recall

_WAITS = """
    SELECT waits.sequence FROM outbox waits
    WHERE waits.state = 'pending' AND (
        (waits.table_name = 'student_progress' AND EXISTS (
            SELECT 1 FROM student_progress mine
            JOIN courses course ON course.id = mine.course_id
            JOIN content_items item ON item.id = course.content_id
            WHERE mine.id = waits.row_id AND course.revision = 0 AND item.creator_id <> :me))
        OR (waits.table_name = 'assessment_attempts' AND EXISTS (
            SELECT 1 FROM assessment_attempts mine
            JOIN assessments asked ON asked.id = mine.assessment_id
            JOIN content_items item ON item.id = asked.content_id
            WHERE mine.id = waits.row_id AND asked.revision = 0 AND item.creator_id <> :me))
        OR (waits.table_name = 'attempt_grades' AND EXISTS (
            SELECT 1 FROM attempt_grades mine
            JOIN assessment_attempts tried ON tried.id = mine.attempt_id
            JOIN carried_attempts carried ON carried.attempt_id = tried.id
            WHERE mine.id = waits.row_id
              AND (carried.taken_at = tried.created_at OR mine.user_id <> tried.user_id))))"""
_TABLES = ("student_progress", "assessment_attempts", "attempt_grades")


def unheard(connection: Connection) -> frozenset[int]:
    """Return the entries of the outbox that must wait."""
    marks = ", ".join("?" * len(_TABLES))
    some = f"SELECT 1 FROM outbox WHERE state = 'pending' AND table_name IN ({marks}) LIMIT 1"
    if connection.exec_driver_sql(some, _TABLES).first() is None:
        return frozenset()  # nearly always
    me = UUID(str(recall(connection, "user_id")))
    return frozenset(connection.execute(text(_WAITS), {"me": me.bytes}).scalars())
