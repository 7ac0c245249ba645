"""What Alembic runs; the connection and its transaction are the migrator's."""

from __future__ import annotations

from alembic import context

from sync.schema.tables import METADATA
from sync.server.migrate.versioning import VERSION_SCHEMA, VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
    version_table_schema=VERSION_SCHEMA,
    transaction_per_migration=False,
)
context.run_migrations()
