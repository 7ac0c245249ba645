"""Addresses that words of a course may lead to: pages of the web and people's mail, and nothing that poses as one."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

SCHEMES = frozenset({"http", "https", "mailto"})
LONGEST = 2_000
"""Letters; nobody reads a longer one before opening it."""

_WHITE = re.compile(r"[ \t\n\r\f]+")
_MAIL = re.compile(r"[^@\s:/?#<>\"]+@[^@\s:/?#<>\"]+\.[^@\s:/?#<>\"]+")
_HOST = re.compile(r"([^\W_]([^\W_]|-)*\.)+[^\W\d_]{2,}(:\d+)?(/\S*)?", re.UNICODE)
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
"""Categories of letters that cannot be seen."""
_SAID_IN_MAIL = ("subject", "body")
"""What a mail address may bring along; others could attach a file or write to somebody else too."""


def safe_address(address: str) -> str:
    """Return an address as it may stand in a course, or nothing where it may not.

    Refused are other schemes, addresses without a host, names and passwords before the host (which make a strange host
    look like a known one), and letters that cannot be seen or turn the direction of reading.
    """
    address = _WHITE.sub("", address)
    if len(address) > LONGEST or any(unicodedata.category(one) in _UNSEEN for one in address):
        return ""
    try:
        parts = urlsplit(address)
        scheme, host = parts.scheme.lower(), parts.hostname
        _ = parts.port  # raises where it is no number
    except ValueError:
        return ""
    if scheme not in SCHEMES:
        return ""
    if scheme == "mailto":
        return _mail(parts.path, parts.query)
    if not host or "@" in parts.netloc or "\\" in parts.netloc:
        return ""
    return re.sub(r"[<>\"'`\\]", lambda found: quote(found[0], safe=""), address)


def typed_address(typed: str) -> str:
    """Return the address that somebody means who types or pastes it, ``https://`` added; nothing where it is none."""
    typed = typed.strip()
    if re.search(r"\s", typed):
        return ""
    if _MAIL.fullmatch(typed):
        return safe_address(f"mailto:{typed}")
    if _HOST.fullmatch(typed):
        return safe_address(f"https://{typed}")
    return safe_address(typed)


def _mail(people: str, query: str) -> str:
    if "@" not in people or re.search(r"[<>\"\\]|%0[ad]", people, re.IGNORECASE):
        return ""
    said = [(name, value) for name, value in parse_qsl(query) if name.lower() in _SAID_IN_MAIL]
    return f"mailto:{people}?{urlencode(said, quote_via=quote)}" if said else f"mailto:{people}"
