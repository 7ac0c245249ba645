"""What keeps a round from going on.

SyncError
Unreachable      the server does not answer, or the wire broke: try again later
  Untrusted      what answers cannot prove to be the server
  ProxyFailed    the proxy on the way is not there, or does not let us through
  Damaged        one file is not what it should be; of others that says nothing
Refused          the server answered with a code: it stays so until somebody acts
SignedOut      the session has ended: sign in again
"""

from __future__ import annotations


class SyncError(Exception):
    """The round could not be finished; nothing of it is lost."""

    code = "sync_failed"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Unreachable(SyncError):  # noqa: N818 - the field's word
    """The server does not answer, answers that it is busy, or the wire broke."""

    code = "unreachable"

    def __init__(self, sentence: str, *, retry_after: float | None = None) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after
        """Seconds that the server asked to wait."""


class Untrusted(Unreachable):
    """What answers has no certificate that this computer trusts; a network's sign-in page is like that for a while."""

    code = "untrusted"


class ProxyFailed(Unreachable):
    """The proxy that the surroundings name is not there, cannot be used, or does not let us through."""

    code = "proxy"


class Damaged(Unreachable):
    """The bytes of one file, here or there, are not those that are looked for; they may have yet to come."""


class Refused(SyncError):  # noqa: N818 - a refusal is an answer
    """The server answered and will not."""

    def __init__(self, status: int, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code


class SignedOut(Refused):
    """The session has ended."""

    @property
    def is_revoked(self) -> bool:
        """Whether the server itself says so; a proxy that wants a password of its own says nothing of our session."""
        return self.code in ("session_over", "sign_in_first")
