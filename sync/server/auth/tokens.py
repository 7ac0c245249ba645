"""Opaque tokens of 256 random bits; the server keeps only their SHA-256."""

from __future__ import annotations

import hashlib
import re
import secrets
from enum import StrEnum

from sync.server.gateway.errors import Refused

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LENGTH = 43
"""Digits that 256 bits need to base 62."""
_SHAPE = re.compile(rf"(al[xki])_[0-9A-Za-z]{{{_LENGTH}}}")


class TokenKind(StrEnum):
    """What a token opens; the letters that it begins with, so that one found somewhere can be told."""

    SESSION = "alx"
    LINK = "alk"
    INVITATION = "ali"


def new_token(kind: TokenKind) -> str:
    """Return a token that nobody can guess."""
    number = int.from_bytes(secrets.token_bytes(32))
    digits = []
    for _ in range(_LENGTH):
        number, digit = divmod(number, len(_DIGITS))
        digits.append(_DIGITS[digit])
    return f"{kind}_{''.join(digits)}"


def is_token(words: str, kind: TokenKind) -> bool:
    """Whether words have the shape of a token of this kind."""
    found = _SHAPE.fullmatch(words)
    return found is not None and found[1] == kind


def digest(token: str) -> str:
    """Return what the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_refused() -> Refused:
    """Return the one answer to every token that opens nothing."""
    return Refused(
        401,
        "session_over",
        "This session has ended or never was one; sign in again.",
        {"WWW-Authenticate": 'Bearer error="invalid_token"'},
    )
