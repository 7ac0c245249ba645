"""Views: what was set and what was learned, in the two shapes the specification gives user_preferences."""

from __future__ import annotations

from sqlalchemy import Connection

VIEWS = {
    "user_settings": """
        SELECT id, user_id, preferences_json, updated_at
        FROM user_preferences WHERE preference_type = 'settings' AND deleted_at IS NULL""",
    "user_learned_preferences": """
        SELECT id, user_id, preference_type, preference_value, preference_strength, learned_from, updated_at
        FROM user_preferences WHERE preference_type <> 'settings' AND deleted_at IS NULL""",
}


def create_views(connection: Connection) -> None:
    """Make the views; on Postgres they see what their reader may see."""
    invoker = " WITH (security_invoker = true)" if connection.dialect.name == "postgresql" else ""
    for name, query in VIEWS.items():
        connection.exec_driver_sql(f"CREATE VIEW {name}{invoker} AS {query}")
