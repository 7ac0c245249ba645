"""Where a request comes from, seen past the proxies that are trusted and no others."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.requests import HTTPConnection

Networks = tuple[IPv4Network | IPv6Network, ...]
Address = IPv4Address | IPv6Address

UNKNOWN = "unknown"


def parse_networks(words: Sequence[str]) -> Networks:
    """Return networks from their text; raises ValueError for one that is none."""
    return tuple(ip_network(word, strict=False) for word in words)


def peer_address(request: HTTPConnection) -> str:
    """Return who is at the other end of the connection itself."""
    return request.client.host if request.client else UNKNOWN


def client_address(request: HTTPConnection, trusted: Networks) -> str:
    """Return the nearest address that is no trusted proxy, or ``unknown``."""
    peer = peer_address(request)
    hops = [hop.strip() for value in request.headers.getlist("x-forwarded-for") for hop in value.split(",")]
    found = peer
    # A connection by socket has no address, so only this machine's proxy can be behind it.
    while hops and (_is_in(found, trusted) or (found == UNKNOWN and trusted)):
        found = hops.pop()
    return str(parsed) if (parsed := parse_address(found)) else UNKNOWN


def truncated(address: str) -> str:
    """Return the network of an address, too wide to point to one person: /24, or /48 of the newer kind."""
    return _network(address, 24, 48)


def attempt_network(address: str) -> str:
    """Return what counts as one place when attempts are counted: one address, or a /64 of the newer kind."""
    return _network(address, 32, 64)


def is_loopback(address: str) -> bool:
    """Whether an address is this machine."""
    parsed = parse_address(address)
    return parsed is not None and parsed.is_loopback


@lru_cache(maxsize=4096)
def parse_address(words: str) -> Address | None:
    """Return an address from its text, or None; a mapped one counts as what it maps."""
    try:
        parsed = ip_address(words)
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return mapped or parsed


def _network(address: str, bits: int, bits6: int) -> str:
    parsed = parse_address(address)
    if parsed is None:
        return UNKNOWN
    return str(ip_network((parsed, bits if parsed.version == 4 else bits6), strict=False).network_address)


def _is_in(words: str, networks: Networks) -> bool:
    parsed = parse_address(words)
    return parsed is not None and any(parsed in network for network in networks if network.version == parsed.version)
