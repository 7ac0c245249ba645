"""Search over what a person may see: passages by words and meaning, items, notes."""

from sync.server.search.part import make_search

__all__ = ["make_search"]
