"""How a server is reached: through the proxy of the surroundings, trusting whom the computer trusts.

And what is said where it is not: a proxy or a certificate in the way is told apart from a server that is silent.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from sync.protocol.errors import ProxyFailed, Unreachable, Untrusted

TIMEOUT = httpx.Timeout(60.0, connect=10.0)
_SPOKEN = frozenset({"http", "https", "socks5", "socks5h"})
_BY_DATE, _BY_NAME = frozenset({9, 10}), frozenset({62, 64})
"""OpenSSL's reasons, X509_V_ERR_: CERT_NOT_YET_VALID, CERT_HAS_EXPIRED; HOSTNAME_MISMATCH, IP_ADDRESS_MISMATCH."""
_REACHES_NOT = frozenset({"502", "503", "504"})


class ServerClient(httpx.Client):
    """Asks one server. Raises ProxyFailed where the surroundings name a proxy that cannot be used."""

    def __init__(
        self, address: str, *, timeout: httpx.Timeout = TIMEOUT, headers: Mapping[str, str] | None = None
    ) -> None:
        proxy = proxy_for(address)
        self.via = _place(proxy)
        """Host and port of the proxy; empty where there is none."""
        try:
            # Of the surroundings all is looked up here: httpx knows no exceptions of Windows and macOS, and is stopped
            # by any proxy that it cannot speak with, were it for addresses that are never asked.
            super().__init__(
                base_url=address, timeout=timeout, headers=headers, proxy=proxy or None, verify=trust(), trust_env=False
            )
        except (ValueError, ImportError, httpx.InvalidURL) as fault:
            raise _unusable(self.via) from fault


def proxy_for(address: str) -> str:
    """Return the proxy on the way to a server by the surroundings (variables, or the system's settings), or nothing."""
    found = urlsplit(address)
    host = found.hostname or ""
    if is_this_machine(host) or proxy_bypass(found.netloc.rpartition("@")[2]):
        return ""
    named = getproxies()
    proxy = named.get(found.scheme) or named.get("all") or ""
    if not proxy:
        return ""
    spoken = proxy_address(proxy)
    if not spoken:
        raise _unusable(_place(proxy))
    return spoken


def proxy_address(named: str) -> str:
    """Return a proxy's address in full from what the surroundings name, or nothing where that is none."""
    full = named if "://" in named else f"http://{named}"
    # GNOME and KDE write socks://, and mean SOCKS 5.
    full = f"socks5://{full.removeprefix('socks://')}" if full.startswith("socks://") else full
    try:
        parts = urlsplit(full)
        is_one = parts.scheme in _SPOKEN and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_one = False
    return full if is_one else ""


def is_this_machine(host: str) -> bool:
    """Whether a name or an address is this computer's own."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def trust() -> ssl.SSLContext:
    """Return what vouches for servers: the usual authorities, those of this computer, and those that it is told of."""
    return _trust(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@lru_cache(maxsize=1)  # reading them takes longer than a round with nothing new
def _trust(*_named: str | None) -> ssl.SSLContext:
    context = httpx.create_ssl_context(trust_env=False)
    with suppress(ssl.SSLError):  # one broken certificate in the store of Windows
        context.load_default_certs()
    return context


def unreached(fault: httpx.HTTPError, client: httpx.Client) -> Unreachable:
    """Return why there was no answer, in words for whom it concerns."""
    host = client.base_url.host
    via = getattr(client, "via", "")
    broken = _tls_fault(fault)
    if isinstance(broken, ssl.SSLCertVerificationError):
        return Untrusted(_why_untrusted(broken, host))
    if isinstance(fault, httpx.ProxyError):
        return ProxyFailed(_why_not_through(str(fault)[:3], via, host))
    if broken is not None:
        return Unreachable(f"What answers at {host} does not keep to https.")
    if via and isinstance(fault, (httpx.ConnectError, httpx.ConnectTimeout)):
        return ProxyFailed(f"The proxy {via}, which this computer is set to use, does not answer.")
    return Unreachable("The server does not answer.")


def _tls_fault(fault: BaseException) -> ssl.SSLError | None:
    at: BaseException | None = fault
    while at is not None and not isinstance(at, ssl.SSLError):
        at = at.__cause__ or at.__context__
    return at


def _why_untrusted(broken: ssl.SSLCertVerificationError, host: str) -> str:
    if broken.verify_code in _BY_DATE:
        return (
            f"By this computer's date, the certificate of {host} is not valid. Is the date right? Else whoever runs the"
            " server has to renew it."
        )
    if broken.verify_code in _BY_NAME:
        return f"What answers there shows the certificate of another server than {host}, so nothing was sent."
    return (
        f"Nobody whom this computer trusts vouches for {host}, so nothing was sent. Networks that want you to sign in"
        " on a page first do this; else the server has a certificate that this computer was not told of."
    )


def _why_not_through(status: str, via: str, host: str) -> str:
    if status == "407":
        return f"The proxy {via} wants a name and a password; they belong in its address, http://NAME:PASSWORD@{via}."
    if status in _REACHES_NOT:
        return f"The proxy {via} does not reach {host}."
    return f"The proxy {via} does not let this computer through to {host}."


def _unusable(place: str) -> ProxyFailed:
    named = f"The proxy {place}" if place else "The proxy"
    return ProxyFailed(f"{named} that this computer is set to use cannot be used; alexandria doctor says more.")


def _place(proxy: str) -> str:
    """Return host and port; an address may hold a password, which is not repeated."""
    return proxy.rpartition("@")[2].rpartition("://")[2].partition("/")[0]
