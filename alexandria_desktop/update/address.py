"""Which addresses are asked: over TLS only, with nothing in them that could tell one reader from another."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def check_address(address: str) -> str:
    """Return an address that may be asked; raises ValueError for any other.

    Without TLS only this computer itself may be asked, and no address carries a name, a password or a query.
    """
    parts = urlsplit(address)
    host = parts.hostname or ""
    if not host or parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError(f"{address[:80]!r} is no plain address")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_this_computer(host)):
        raise ValueError(f"{address[:80]!r} is not encrypted")
    return address


def _is_this_computer(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
