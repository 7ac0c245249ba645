"""Every table once, for SQLite and Postgres."""
