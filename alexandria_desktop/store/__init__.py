"""The local SQLite: drivers, one writer, many readers, migrations, repositories, vectors."""
