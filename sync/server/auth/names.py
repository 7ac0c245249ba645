"""Emails, names and passwords as people type them, brought to one form or refused.

What is checked stands in the OpenAPI document in the same words: both come from the expressions below.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated

from msgspec import Meta

from sync.server.gateway.errors import invalid
from sync.server.gateway.openapi import LEAST_BY

_UNSEEN = (
    r"\x00-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b\u200e\u200f\u2028-\u202e"
    r"\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001"
    "\U000e0020-\U000e007f"
)
"""The inside of a character class: control, invisible formatting, no characters, line separators.

Not the two joiners, which Persian, Indic scripts and emoji need, and not what Unicode has yet to assign: a name may
hold an emoji that is younger than this program. Written so that Python and ECMA 262 read it alike; lone surrogates
never come in a JSON body and are looked for besides.
"""
NAME_PATTERN = rf"^[^{_UNSEEN}]*[^\s{_UNSEEN}][^{_UNSEEN}]*$"
LINE_PATTERN = rf"^[^{_UNSEEN}]*$"
TEXT_PATTERN = LINE_PATTERN.replace(r"\x00-\x1f", r"\x00-\x08\x0b\x0c\x0e-\x1f")
EMAIL_PATTERN = rf"^\s*[^@\s{_UNSEEN}]{{1,64}}@[^@\s{_UNSEEN}]{{1,189}}\s*$"
FOUR_DIFFERENT = r"^([\s\S])\1*(?!\1)([\s\S])(?:\1|\2)*(?!\1|\2)([\s\S])(?:\1|\2|\3)*(?!\1|\2|\3)[\s\S]"

EmailText = Annotated[
    str,
    Meta(min_length=3, max_length=254, description="An email.", extra_json_schema={"pattern": EMAIL_PATTERN}),
]
NameText = Annotated[
    str,
    Meta(min_length=1, max_length=255, description="A name of one line.", extra_json_schema={"pattern": NAME_PATTERN}),
]
LineText = Annotated[str, Meta(pattern=LINE_PATTERN)]
"""One line that may be empty; its length is for whoever takes it."""
LongText = Annotated[str, Meta(max_length=10_000, extra_json_schema={"pattern": TEXT_PATTERN})]
PasswordText = Annotated[str, Meta(min_length=1, max_length=1024)]
NewPasswordText = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=1024,
        description="A password with four different characters or more.",
        extra_json_schema={"pattern": FOUR_DIFFERENT, LEAST_BY: "password_min_length"},
    ),
]
TokenText = Annotated[str, Meta(min_length=1, max_length=100)]

_EMAIL, _NAME, _LINE, _TEXT = (
    re.compile(pattern) for pattern in (EMAIL_PATTERN, NAME_PATTERN, LINE_PATTERN, TEXT_PATTERN)
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_LONGEST = 255
"""Letters that the database takes; composing may have made some more."""


def clean_email(given: str, field: str = "email") -> str:
    """Return an email as it is stored and compared: trimmed, composed, in small letters."""
    email = unicodedata.normalize("NFC", given.strip()).lower()
    if not _fits(_EMAIL, given) or len(email) > _LONGEST or email.endswith("@erased.invalid"):
        raise invalid(field, "This is no email address.")
    return email


def clean_name(given: str, field: str = "name") -> str:
    """Return a name trimmed and composed; one that is empty or holds control characters is refused."""
    name = unicodedata.normalize("NFC", given.strip())
    if not _fits(_NAME, given.strip()) or len(name) > _LONGEST:
        raise invalid(field, "A name needs at least one letter and no control characters.")
    return name


def clean_line(given: str, field: str) -> str:
    """Return a line trimmed and composed, which may be empty; control characters are refused."""
    if not _fits(_LINE, given):
        raise invalid(field, "A line may hold no control characters.")
    return unicodedata.normalize("NFC", given.strip())


def clean_text(given: str, field: str) -> str:
    """Return text of several lines, composed; other control characters than line ends and tabs are refused."""
    if not _fits(_TEXT, given):
        raise invalid(field, "Text may hold no control characters.")
    return unicodedata.normalize("NFC", given.strip())


def clean_password(given: str, *, least: int, field: str = "password") -> str:
    """Return a new password composed; one that is too short is refused."""
    if len(given) < least or len(set(given)) < 4:
        raise invalid(field, f"A password has at least {least} characters, four of them different.")
    return composed(given)


def composed(password: str) -> str:
    """Return a password as it is hashed, whatever keyboard wrote it."""
    return unicodedata.normalize("NFC", password)


def _fits(form: re.Pattern[str], words: str) -> bool:
    return form.search(words) is not None and _SURROGATE.search(words) is None
