"""Telling devices that there is something to pull, as it happens."""

from sync.server.poke.part import make_poke

__all__ = ["make_poke"]
