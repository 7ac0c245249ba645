"""Looking for a newer version over real TLS: who is believed to be the place, and where the way may lead from there."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from alexandria_desktop.base.errors import AlexandriaError, Code
from alexandria_desktop.library.updating import Updates
from tests.support.certificates import make_certificate, serves_with
from tests.support.library import StillClock
from tests.support.mirror import PROGRAM, Mirror, mirror


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return make_certificate(tmp_path)


@pytest.fixture
def place(certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    monkeypatch.setenv("ALEXANDRIA_STATE", str(tmp_path / "state"))
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with mirror(serves_with(certificate)) as opened:
        yield opened


@pytest.fixture
def updates(place: Mirror, tmp_path: Path) -> Updates:
    return Updates(channel_of=lambda: place.channel, version="0.1.0", clock=StillClock(), place=tmp_path / "program")


def refusal(updates: Updates) -> AlexandriaError:
    with pytest.raises(AlexandriaError) as raised:
        updates.look()
    assert raised.value.code is Code.UPDATE_UNREACHABLE
    return raised.value


def redirected(place: Mirror, address: str) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> bool:
        handler.send_response(302)
        handler.send_header("Location", address)
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        return True

    place.behave = answer


def test_a_certificate_is_believed_where_it_is_trusted_and_nowhere_else(
    updates: Updates, place: Mirror, certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "could not prove" in refusal(updates).message
    assert place.asked == [], "nothing was said to a stranger"
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert updates.fetch(updates.look(), tmp_path / "downloads").read_bytes() == PROGRAM


def test_a_certificate_that_is_over_or_of_another_host_is_refused_though_it_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALEXANDRIA_STATE", str(tmp_path / "state"))
    for host, days in (("127.0.0.1", -1), ("127.0.0.2", 2)):
        wrong = make_certificate(tmp_path, host, days=days)
        monkeypatch.setenv("SSL_CERT_FILE", str(wrong))
        with mirror(serves_with(wrong)) as place:
            updates = Updates(channel_of=lambda place=place: place.channel, version="0.1.0", clock=StillClock())  # type: ignore[misc]
            assert "could not prove" in refusal(updates).message
            assert place.asked == []


def test_the_way_never_leads_out_of_tls(
    updates: Updates, place: Mirror, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with mirror() as plain:
        plain.secret = place.secret
        plain.say()
        redirected(place, plain.channel.address)  # this computer itself may be asked in plain words, but not from there
        assert "not encrypted" in refusal(updates).detail
        assert plain.asked == []


def test_the_way_may_lead_to_another_encrypted_place(
    updates: Updates, place: Mirror, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with mirror(serves_with(certificate)) as other:
        other.secret = place.secret
        other.say()
        redirected(place, other.channel.address)
        assert str(updates.look().manifest.version) == "9.1.0"
