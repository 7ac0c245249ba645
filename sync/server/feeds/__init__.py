"""What a device does not have yet: the plan by the feeds, the rows through row-level security."""

from sync.server.feeds.part import make_feeds

__all__ = ["make_feeds"]
