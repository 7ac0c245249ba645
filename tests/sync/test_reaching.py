"""A server behind a proxy of a school or an office, certificates that are in order or not, and what is said of them."""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from alexandria_desktop.base.errors import AlexandriaError, Code
from alexandria_desktop.library.library import Library
from alexandria_desktop.library.syncing import Turn
from sync.client.accounts import Device, sign_in
from sync.client.blobs import BlobClient
from sync.client.http import HttpEndpoint
from sync.client.poke import Listener
from sync.client.reaching import proxy_for
from sync.protocol.errors import ProxyFailed, Unreachable, Untrusted
from sync.schema.ids import uuid7
from tests.server.serving import PASSWORD
from tests.support.certificates import make_certificate, serves_with
from tests.support.forward_proxy import ForwardProxy
from tests.sync.conftest import NewLaptop
from tests.sync.laptops import Account, Laptop

HOST = "books.example.org"
SERVER = f"https://{HOST}"
"""Nobody but the proxy knows where this is."""
SECONDS = 20.0
_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUEST_METHOD")

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("drawer")]


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Says what is set, and nothing else is."""
    for name in _VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)

    def say(**words: object) -> None:
        for name, value in words.items():
            monkeypatch.setenv(name, str(value))

    return say


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return make_certificate(tmp_path, HOST)


@pytest.fixture
def proxy(address: str, certificate: Path) -> Iterator[ForwardProxy]:
    with ForwardProxy({HOST: address}, serves_with(certificate)) as opened:
        yield opened


@pytest.fixture
def away(new_laptop: NewLaptop) -> Laptop:
    """A laptop with a note to tell, which reaches its server by name."""
    laptop = new_laptop()
    laptop.add_note(laptop.add_book(), "written in the library of a school")
    return laptop


def through(laptop: Laptop) -> None:
    """Run a round with the server by its name."""
    endpoint = HttpEndpoint(SERVER, laptop.account.opened)
    laptop.wrap = lambda _: endpoint
    try:
        laptop.sync()
    finally:
        endpoint.close()
        laptop.wrap = None


def test_a_round_goes_through_the_proxy_that_the_surroundings_name(
    away: Laptop, new_laptop: NewLaptop, proxy: ForwardProxy, certificate: Path, surroundings: Callable[..., None]
) -> None:
    surroundings(HTTPS_PROXY=proxy.address, SSL_CERT_FILE=certificate)
    through(away)
    assert proxy.asked == [f"CONNECT {HOST}:443"], "one tunnel for all of it"
    other = new_laptop()
    other.sync()
    assert other.rows("user_notes") == away.rows("user_notes") != {}


def test_signing_in_files_and_news_go_through_the_proxy(
    account: Account, proxy: ForwardProxy, certificate: Path, surroundings: Callable[..., None], tmp_path: Path
) -> None:
    surroundings(HTTPS_PROXY=proxy.address, SSL_CERT_FILE=certificate)
    session = sign_in(SERVER, account.email, PASSWORD, Device(uuid7(), "A laptop"))
    assert session.user_id == account.user_id
    file, came = tmp_path / "book.epub", tmp_path / "came.epub"
    file.write_bytes(b"a book" * 1000)
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    files = BlobClient(SERVER, session.token)
    files.send(file, sha256, "application/epub+zip")
    files.fetch(sha256, came)
    files.close()
    assert came.read_bytes() == file.read_bytes()
    called = threading.Event()
    listener = Listener(SERVER, session.token, uuid7(), called.set)
    listener.begin()
    assert called.wait(SECONDS), "the line stands"
    listener.end()
    assert listener.join(SECONDS), "and is cut through the proxy"
    assert proxy.asked == [f"CONNECT {HOST}:443"] * 3


def test_a_library_says_what_is_in_the_way_and_goes_on_when_it_is_gone(
    account: Account, proxy: ForwardProxy, certificate: Path, surroundings: Callable[..., None], tmp_path: Path
) -> None:
    surroundings(HTTPS_PROXY=proxy.address, SSL_CERT_FILE=certificate)

    def problem(library: Library) -> tuple[Code, Turn]:
        with pytest.raises(AlexandriaError) as raised:
            library.syncing.sync()
        standing = library.syncing.status().problem
        assert standing is not None
        assert (standing.code, standing.sentence) == (raised.value.code, raised.value.message)
        return raised.value.code, standing.turn

    with Library.open(tmp_path / "library", vectors="numpy") as library:
        library.syncing.sign_in(SERVER, account.email, PASSWORD)
        library.set({"page": "x"})
        proxy.refusal = "407 Proxy Authentication Required"
        assert problem(library) == (Code.SYNC_PROXY, Turn.NETWORK)
        with pytest.raises(AlexandriaError) as files, library.syncing.files() as client:
            client.known(["0" * 64])
        assert files.value.code is Code.SYNC_PROXY
        proxy.refusal = ""
        surroundings(SSL_CERT_FILE=make_certificate(tmp_path, "other.example.org"))
        assert problem(library) == (Code.SYNC_UNTRUSTED, Turn.NETWORK)
        surroundings(SSL_CERT_FILE=certificate, HTTPS_PROXY="gopher://proxy")
        assert problem(library) == (Code.SYNC_PROXY, Turn.NETWORK)
        with pytest.raises(AlexandriaError) as files, library.syncing.files():
            pytest.fail("nothing to ask")
        assert files.value.code is Code.SYNC_PROXY
        surroundings(HTTPS_PROXY=proxy.address)
        assert library.syncing.sync().sent > 0
        assert library.syncing.status().problem is None


def test_a_proxy_that_wants_a_password_gets_the_one_of_its_address_and_else_says_so(
    away: Laptop, proxy: ForwardProxy, certificate: Path, surroundings: Callable[..., None]
) -> None:
    proxy.password = "ann:s3cret"
    surroundings(HTTPS_PROXY=proxy.address, SSL_CERT_FILE=certificate)
    with pytest.raises(ProxyFailed, match=f"The proxy {proxy.place} wants a name and a password"):
        through(away)
    assert away.waiting() != []
    surroundings(HTTPS_PROXY=f"http://ann:wrong@{proxy.place}")
    with pytest.raises(ProxyFailed) as refused:
        through(away)
    assert "wrong" not in refused.value.sentence
    surroundings(HTTPS_PROXY=f"http://ann:s3cret@{proxy.place}")
    through(away)
    assert away.waiting() == []


@pytest.mark.parametrize(
    ("refusal", "says"),
    [("403 Forbidden", "does not let this computer through"), ("502 Bad Gateway", f"does not reach {HOST}")],
)
def test_a_proxy_that_does_not_let_through_is_named(
    away: Laptop,
    proxy: ForwardProxy,
    certificate: Path,
    surroundings: Callable[..., None],
    refusal: str,
    says: str,
) -> None:
    proxy.refusal = refusal
    surroundings(HTTPS_PROXY=proxy.address, SSL_CERT_FILE=certificate)
    with pytest.raises(ProxyFailed, match=f"The proxy {proxy.place} {says}"):
        through(away)
    proxy.refusal = ""
    through(away)
    assert away.waiting() == []


def test_a_proxy_that_is_not_there_is_told_from_a_server_that_is_not(
    away: Laptop, surroundings: Callable[..., None]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closing:
        nobody = f"127.0.0.1:{closing.getsockname()[1]}"
    surroundings(HTTPS_PROXY=f"http://{nobody}")
    with pytest.raises(ProxyFailed, match=f"The proxy {nobody}.* does not answer"):
        through(away)
    surroundings(NO_PROXY=HOST)
    with pytest.raises(Unreachable, match="The server does not answer") as fault:
        through(away)
    assert type(fault.value) is Unreachable


def test_a_server_on_this_computer_is_reached_past_every_proxy(
    new_laptop: NewLaptop, surroundings: Callable[..., None]
) -> None:
    surroundings(HTTP_PROXY="http://127.0.0.1:9", HTTPS_PROXY="http://127.0.0.1:9", ALL_PROXY="socks://127.0.0.1:9")
    laptop = new_laptop()
    laptop.add_note(laptop.add_book(), "text")
    laptop.sync()
    assert laptop.waiting() == []


@pytest.mark.parametrize(
    ("set_to", "way"),
    [
        ({}, ""),
        ({"HTTPS_PROXY": "http://proxy:3128"}, "http://proxy:3128"),
        ({"HTTPS_PROXY": "proxy:3128"}, "http://proxy:3128"),
        ({"https_proxy": "http://proxy:3128", "NO_PROXY": "example.com"}, "http://proxy:3128"),
        ({"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "localhost, .example.org"}, ""),
        ({"HTTPS_PROXY": "http://proxy:3128", "no_proxy": "*"}, ""),
        ({"HTTP_PROXY": "http://proxy:3128"}, ""),
        ({"ALL_PROXY": "socks://proxy:1080/"}, "socks5://proxy:1080/"),
        ({"HTTPS_PROXY": "http://proxy:3128/", "ALL_PROXY": "socks://proxy:1080/"}, "http://proxy:3128/"),
    ],
)
def test_the_surroundings_name_a_proxy_in_many_ways(
    surroundings: Callable[..., None], set_to: dict[str, str], way: str
) -> None:
    surroundings(**set_to)
    assert proxy_for(SERVER) == way


@pytest.mark.parametrize("named", ["gopher://proxy:70", "http://", "socks5://proxy:1080"])
def test_a_proxy_that_cannot_be_used_is_said_once_and_nothing_breaks(
    away: Laptop, surroundings: Callable[..., None], named: str
) -> None:
    if named.startswith("socks") and find_spec("socksio"):
        pytest.skip("SOCKS is spoken here")
    surroundings(ALL_PROXY=named)
    with pytest.raises(ProxyFailed, match="cannot be used"):
        HttpEndpoint(SERVER, away.account.opened)
    away.sync()
    assert away.waiting() == []


@pytest.mark.parametrize(
    ("host", "days", "says"),
    [
        (HOST, -1, "Is the date right"),
        ("other.example.org", 2, "of another server"),
        (HOST, 2, "Nobody whom"),
    ],
    ids=["over", "another's", "unknown"],
)
def test_a_certificate_that_proves_nothing_ends_the_round_before_a_word_is_sent(
    away: Laptop, address: str, tmp_path: Path, surroundings: Callable[..., None], host: str, days: int, says: str
) -> None:
    wrong = make_certificate(tmp_path, host, days=days)
    with ForwardProxy({HOST: address}, serves_with(wrong)) as proxy:
        surroundings(HTTPS_PROXY=proxy.address)
        if says != "Nobody whom":
            surroundings(SSL_CERT_FILE=wrong)
        with pytest.raises(Untrusted, match=says):
            through(away)
    assert away.waiting() != []


def test_what_does_not_keep_to_https_is_said_to(account: Account, address: str) -> None:
    endpoint = HttpEndpoint(address.replace("http:", "https:"), account.opened)
    with pytest.raises(Unreachable, match="does not keep to https"):
        endpoint.push(b"{}")
    endpoint.close()
