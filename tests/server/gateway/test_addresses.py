"""Where a request comes from, seen past trusted proxies only."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from sync.server.gateway.addresses import attempt_network, client_address, is_loopback, parse_networks, truncated

PROXIES = parse_networks(("10.0.0.0/8", "::1"))


def request(peer: str | None, *forwarded: str) -> Request:
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    return Request({"type": "http", "headers": headers, "client": (peer, 1) if peer else None})


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("192.0.2.1", (), "192.0.2.1"),
        ("192.0.2.1", ("203.0.113.5",), "192.0.2.1"),
        ("10.0.0.1", ("203.0.113.5",), "203.0.113.5"),
        ("10.0.0.1", ("6.6.6.6, 203.0.113.5",), "203.0.113.5"),
        ("10.0.0.1", ("6.6.6.6", "203.0.113.5, 10.0.0.2"), "203.0.113.5"),
        ("10.0.0.1", ("nonsense",), "unknown"),
        ("10.0.0.1", (), "10.0.0.1"),
        ("::1", ("2001:db8::7",), "2001:db8::7"),
        ("::ffff:10.0.0.1", ("203.0.113.5",), "203.0.113.5"),
        (None, ("203.0.113.5",), "203.0.113.5"),
        (None, (), "unknown"),
    ],
)
def test_forwarded_addresses_are_believed_from_trusted_proxies_only(
    peer: str | None, forwarded: tuple[str, ...], expected: str
) -> None:
    assert client_address(request(peer, *forwarded), PROXIES) == expected


def test_nobody_is_trusted_unless_named() -> None:
    assert client_address(request("127.0.0.1", "203.0.113.5"), ()) == "127.0.0.1"
    assert client_address(request(None, "203.0.113.5"), ()) == "unknown"


def test_addresses_are_widened_for_logs_and_for_counting() -> None:
    assert truncated("203.0.113.77") == "203.0.113.0"
    assert truncated("2001:db8:1:2:3::4") == "2001:db8:1::"
    assert attempt_network("203.0.113.77") == "203.0.113.77"
    assert attempt_network("2001:db8:1:2:3::4") == "2001:db8:1:2::"
    assert truncated("unknown") == "unknown"
    assert is_loopback("::ffff:127.0.0.1")
