"""A whole listing: the server names everything anew, and what it does not name in the end is dealt with.

A listing begins because the server no longer knows how far this library is (``reset``), or because its history was
rewritten by a restore (``epoch``). After a reset, what was not named is out of sight. After a restore the server may
have lost what this library still has: what the person wrote is told to it again instead of being taken away here.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete

from sync.client.departing import depart, unlisted, unlisted_appended
from sync.client.facts import recall
from sync.client.incoming import Arrivals, Touched
from sync.client.retelling import TELLS, tell_lost, written_by_me
from sync.client.rows import raw_id
from sync.client.waiting import parents_first, waiting
from sync.protocol.version import NOTHING, Unknown
from sync.schema.policy import TableClass, policy_of, tables_of
from sync.schema.tables import library_tables, table

SEEN = table("sync_seen")
APPENDED = frozenset(name for name in tables_of(TableClass.APPEND) if policy_of(name).goes_out)
"""What a person wrote once. No feed lists most of it, so after a restore all of it is told again."""


def begin(connection: Connection) -> None:
    """Forget what an earlier listing named."""
    connection.execute(delete(SEEN))


def tick_off(connection: Connection, arrivals: Arrivals) -> None:
    """Note which rows a page names."""
    named = [(name, raw_id(one)) for name, blocks in arrivals.rows.items() for block in blocks for one in block.ids()]
    if named:
        connection.exec_driver_sql("INSERT OR IGNORE INTO sync_seen (table_name, row_id) VALUES (?, ?)", named)


def finish(connection: Connection, *, is_restore: bool, now: datetime, unknown: Unknown = NOTHING) -> Touched:
    """Deal with what was not named, and end the listing.

    Of a table that is ``unknown`` to the server, nothing could be named.
    """
    touched: Touched = {}
    own = waiting(connection)
    for target in library_tables():
        name = target.name
        missing = unlisted(connection, name, SEEN)
        if is_restore and name in TELLS:
            lost = written_by_me(connection, name, missing)
            # A change that waits for such a row could only be refused; the row is told whole, change and all.
            tell_lost(connection, name, sorted(lost), now)
            missing = [one for one in missing if one not in lost]
        if is_restore and name in APPENDED:
            # The server takes what it still has without a word, and what it lost anew.
            me = UUID(str(recall(connection, "user_id")))
            tell_lost(connection, name, unlisted_appended(connection, name, me, SEEN), now)
        if not unknown.has_table(name):
            touched[name] = depart(connection, name, [one for one in missing if (name, one.bytes) not in own])
    if is_restore:
        parents_first(connection)
    connection.execute(delete(SEEN))
    return touched
