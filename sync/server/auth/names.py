"""Emails and names as people type them, brought to one form or refused."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated

from msgspec import Meta

from sync.server.gateway.errors import invalid

EmailText = Annotated[
    str, Meta(min_length=3, max_length=254, pattern=r"^\s*[^@\s]+@[^@\s]+\s*$", description="An email address.")
]
NameText = Annotated[str, Meta(min_length=1, max_length=255, description="A name of one line.")]
PasswordText = Annotated[str, Meta(min_length=1, max_length=1024)]
TokenText = Annotated[str, Meta(min_length=1, max_length=100)]

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")


def clean_email(given: str, field: str = "email") -> str:
    """Return an email as it is stored and compared: trimmed, composed, in small letters."""
    email = unicodedata.normalize("NFC", given.strip()).lower()
    if not _EMAIL.fullmatch(email) or _has_control(email) or email.endswith("@erased.invalid"):
        raise invalid(field, "This is no email address.")
    return email


def clean_name(given: str, field: str = "name") -> str:
    """Return a name trimmed and composed; one that is empty or holds control characters is refused."""
    name = unicodedata.normalize("NFC", given.strip())
    if not name or _has_control(name):
        raise invalid(field, "A name needs at least one letter and no control characters.")
    return name


def clean_text(given: str, field: str) -> str:
    """Return text of several lines, composed; other control characters than line ends and tabs are refused."""
    words = unicodedata.normalize("NFC", given.strip())
    if _has_control(re.sub(r"[\r\n\t]", "", words)):
        raise invalid(field, "Text may hold no control characters.")
    return words


def clean_password(given: str, *, least: int, field: str = "password") -> str:
    """Return a new password composed; one that is too short is refused."""
    password = unicodedata.normalize("NFC", given)
    if len(password) < least or len(set(password)) < 4:
        raise invalid(field, f"A password has at least {least} characters, four of them different.")
    return password


def composed(password: str) -> str:
    """Return a password as it is hashed, whatever keyboard wrote it."""
    return unicodedata.normalize("NFC", password)


def _has_control(words: str) -> bool:
    # Cc control, Cf invisible formatting (direction marks), Cs surrogates, Co private, Cn unassigned; line separators.
    return any(unicodedata.category(letter) in _REFUSED and letter not in _JOINERS for letter in words)


_REFUSED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS = frozenset("‌‍")
"""Persian, Indic scripts and emoji need these two."""
