"""Who a request comes from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

import orjson


@dataclass(frozen=True)
class Identity:
    """A person with an account, in one of their sessions."""

    user_id: UUID
    role: str = "user"
    """What the platform lets them do: user, educator, creator or admin."""
    session_id: UUID | None = None
    """None where an outside issuer vouches for them."""

    @property
    def is_admin(self) -> bool:
        """Whether they administer the platform."""
        return self.role == "admin"

    @cached_property
    def claims(self) -> str:
        """What auth.uid() and its companions read, as JSON."""
        found: dict[str, Any] = {"sub": str(self.user_id), "role": "authenticated"}
        if self.session_id is not None:
            found["session_id"] = str(self.session_id)
        return orjson.dumps(found).decode()


ANONYMOUS_CLAIMS = '{"role":"anon"}'
