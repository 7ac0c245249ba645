"""What index.db looks like: passages, full text of passages, titles and notes, and the schema's derived tables.

Everything here can be computed again from library.db and the book files.
"""

from __future__ import annotations

from sqlalchemy import Connection

from alexandria_desktop.store.migrations import FileSchema

APPLICATION_ID = 0x414C5849  # "ALXI"

WORDS = "porter unicode61 remove_diacritics 2"

DDL = (
    "CREATE TABLE index_state (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID",
    """CREATE TABLE indexed_books (
        content_id BLOB PRIMARY KEY, edition TEXT NOT NULL, text_version INTEGER NOT NULL, language TEXT,
        script TEXT NOT NULL, first_id INTEGER NOT NULL, last_id INTEGER NOT NULL, indexed_at INTEGER NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE indexed_sections (
        content_id BLOB NOT NULL, section INTEGER NOT NULL, href TEXT NOT NULL, length INTEGER NOT NULL, label TEXT,
        PRIMARY KEY (content_id, section)
    ) WITHOUT ROWID""",
    """CREATE TABLE passages (
        id INTEGER PRIMARY KEY, content_id BLOB NOT NULL, section INTEGER NOT NULL, start INTEGER NOT NULL,
        "end" INTEGER NOT NULL, heading TEXT, chapter TEXT, text TEXT NOT NULL, chunk_type TEXT NOT NULL, language TEXT
    )""",
    "CREATE INDEX idx_passages_place ON passages(content_id, section, start)",
    f"""CREATE VIRTUAL TABLE passages_fts USING fts5(
        heading, text, content='passages', content_rowid='id', tokenize='{WORDS}')""",
    "CREATE VIRTUAL TABLE passages_vocab USING fts5vocab('passages_fts', 'row')",
    # Chinese, Japanese and Korean: words cut into pairs of characters before they come here.
    "CREATE VIRTUAL TABLE passages_bigrams USING fts5(text, tokenize='unicode61 remove_diacritics 0')",
    # Thai writes no spaces either, and does best with any three letters in a row.
    "CREATE VIRTUAL TABLE passages_trigrams USING fts5(text, content='passages', content_rowid='id', "
    "tokenize='trigram')",
    """CREATE TABLE title_index (
        id INTEGER PRIMARY KEY, content_id BLOB NOT NULL UNIQUE, title TEXT NOT NULL, authors TEXT NOT NULL,
        series TEXT NOT NULL, stamp INTEGER NOT NULL)""",
    f"""CREATE VIRTUAL TABLE titles_fts USING fts5(
        title, authors, series, content='title_index', content_rowid='id', prefix='1 2 3', tokenize='{WORDS}')""",
    """CREATE TABLE note_index (
        id INTEGER PRIMARY KEY, note_id BLOB NOT NULL UNIQUE, quote TEXT NOT NULL, text TEXT NOT NULL,
        stamp INTEGER NOT NULL)""",
    f"""CREATE VIRTUAL TABLE notes_fts USING fts5(
        quote, text, content='note_index', content_rowid='id', tokenize='{WORDS}')""",
)


def create(connection: Connection) -> None:
    """Make every table and index in an empty file."""
    # Imported here, because opening a library that exists needs none of it.
    from sync.schema.tables import METADATA, index_tables

    METADATA.create_all(connection, tables=index_tables(), checkfirst=False)
    for statement in DDL:
        connection.exec_driver_sql(statement)


INDEX_SCHEMA = FileSchema(APPLICATION_ID, create)
