"""What devices hand in: one batch, one transaction, one receipt; each operation as the person, through the policies."""

from sync.server.push.part import make_push

__all__ = ["make_push"]
