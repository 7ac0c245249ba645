"""How a device's change and the server's row become one row: pure functions, without a clock or a database."""

from sync.merge.clocks import MADE, reading_of
from sync.merge.model import Change, Conflict, Merged
from sync.merge.rows import READING, merge_row
from sync.merge.scalars import together

__all__ = ["MADE", "READING", "Change", "Conflict", "Merged", "merge_row", "reading_of", "together"]
