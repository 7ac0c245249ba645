"""Which form of the messages this program speaks, and which it still understands."""

from __future__ import annotations

PROTOCOL = 1
"""Counted up when a message changes its meaning; a new column or table does not."""
OLDEST_PROTOCOL = 1
