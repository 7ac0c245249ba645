"""The question for new versions over the network: bounded, over TLS, and with nothing that tells who asks."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from alexandria_desktop.base.errors import Code, SurroundingsError
from alexandria_desktop.update.address import check_address
from alexandria_desktop.update.manifest import LARGEST
from sync.client.reaching import proxy_for, trust
from sync.protocol.errors import ProxyFailed

SECONDS = 30.0
"""All that an answer may take."""
HEADERS = {"User-Agent": "Alexandria", "Accept": "*/*", "Accept-Encoding": "identity"}
ON_THE_WAY = (httpx.HTTPError, httpx.InvalidURL, ValueError, ImportError, ProxyFailed)
"""What may go wrong with an answer; the last two where the proxy that is set cannot be used."""
_MOST_HOPS = 5
_WAIT = 10.0


class Unencrypted(ValueError):  # noqa: N818 - what it says of the address
    """The way leads to an address that is not asked."""


@contextmanager
def client(address: str) -> Iterator[httpx.Client]:
    """Give what asks: no cookies, the same plain headers from everybody, each hop looked at before it is taken."""
    taken: list[str] = []

    def look(request: httpx.Request) -> None:
        taken.append(request.url.scheme)
        try:
            check_address(str(request.url.copy_with(query=None)))
        except ValueError as fault:
            raise Unencrypted(str(fault)) from None
        if taken[-1] == "http" and "https" in taken:
            raise Unencrypted("the way leads from an encrypted address to one that is not encrypted")

    with httpx.Client(
        headers=HEADERS,
        timeout=_WAIT,
        follow_redirects=True,
        max_redirects=_MOST_HOPS,
        event_hooks={"request": [look]},
        proxy=proxy_for(address) or None,
        verify=trust(),
        trust_env=False,
    ) as opened:
        yield opened


def ask(address: str) -> bytes:
    """Return what is said at an address. Raises SurroundingsError(update.unreachable, update.damaged)."""
    began = time.monotonic()
    data = bytearray()
    try:
        with client(address) as opened, opened.stream("GET", check_address(address)) as answer:
            if answer.status_code != 200:
                raise unreachable(f"status {answer.status_code}")
            for block in answer.iter_raw():  # as they come: with a size, a block is waited for until it is full
                data += block
                if len(data) > LARGEST:
                    raise SurroundingsError(
                        Code.UPDATE_DAMAGED,
                        "What is said of new versions is longer than any, so it was not read. Nothing was changed.",
                    )
                if time.monotonic() - began > SECONDS:
                    raise unreachable("it takes too long")
    except ON_THE_WAY as fault:
        raise unreached(fault) from fault
    return bytes(data)


def unreached(fault: Exception) -> SurroundingsError:
    """Return the error for what went wrong on the way; a certificate that is not believed has a sentence of its own."""
    if not _is_of_a_certificate(fault):
        return unreachable(repr(fault))
    return SurroundingsError(
        Code.UPDATE_UNREACHABLE,
        "The place where new versions are told of could not prove who it is, so nothing was asked of it. See that this "
        "computer's clock is right, and whether a proxy looks into what is encrypted.",
        detail=repr(fault),
    )


def unreachable(detail: str) -> SurroundingsError:
    """Return the error for an address that does not answer as it should."""
    return SurroundingsError(
        Code.UPDATE_UNREACHABLE,
        "The place where new versions are told of does not answer. Nothing was changed; try again later.",
        detail=detail,
    )


def _is_of_a_certificate(fault: BaseException | None) -> bool:
    while fault is not None:
        if isinstance(fault, ssl.SSLCertVerificationError):
            return True
        fault = fault.__cause__ or fault.__context__
    return False
