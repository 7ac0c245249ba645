"""Opening and ending a session on a server, before and after there is anything to keep in step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sync.client.http import as_the_server_writes, request
from sync.client.reaching import ServerClient, is_this_machine
from sync.client.wire import Wire
from sync.protocol.errors import Refused


@dataclass(frozen=True, slots=True)
class Device:
    """The installation that signs in."""

    id: UUID
    name: str
    platform: str = ""
    app_version: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the device as it is sent."""
        return {"id": str(self.id), "name": self.name, "platform": self.platform, "app_version": self.app_version}


@dataclass(frozen=True, slots=True)
class Session:
    """An open session."""

    server: str
    token: str
    user_id: UUID
    email: str
    name: str

    def __repr__(self) -> str:
        return f"Session({self.server}, {self.email})"


def server_address(typed: str) -> str:
    """Return a server's address as it is kept, from what somebody typed. Raises Refused(invalid.server).

    A name alone means https; plain http is taken only for this machine, for a password would be read on the way.
    """
    words = typed.strip()
    if any(character.isspace() for character in words):
        raise _no_address()
    if words and "://" not in words:
        host = words.partition("/")[0].rpartition(":")[0] or words.partition("/")[0]
        words = f"{'http' if is_this_machine(host) else 'https'}://{words}"
    try:
        found = urlsplit(words.removesuffix("/"))
        port = found.port
    except ValueError:
        raise _no_address() from None
    if found.scheme not in ("http", "https") or not found.hostname or found.query or found.fragment or found.username:
        raise _no_address()
    if found.scheme == "http" and not is_this_machine(found.hostname or ""):
        raise Refused(0, "server.not-private", "This address is not encrypted (http). Use one that begins with https.")
    host = f"[{found.hostname}]" if ":" in found.hostname else found.hostname
    return f"{found.scheme}://{host}{f':{port}' if port else ''}{found.path}"


def sign_in(server: str, email: str, password: str, device: Device, *, wire: Wire | None = None) -> Session:
    """Open a session; ``wire`` is for who wants to cut it off. Raises SyncError."""
    return _open(server, "/v1/sign-in", {"email": email, "password": password, "device": device.as_json()}, wire)


def sign_up(
    server: str,
    email: str,
    password: str,
    name: str,
    device: Device,
    *,
    invitation: str | None = None,
    wire: Wire | None = None,
) -> Session:
    """Make an account and open a session. Raises SyncError."""
    words: dict[str, Any] = {"email": email, "password": password, "name": name, "device": device.as_json()}
    if invitation:
        words["invitation"] = invitation
    return _open(server, "/v1/sign-up", words, wire)


def sign_out(server: str, token: str, *, wire: Wire | None = None) -> None:
    """End a session. Raises SyncError."""
    with ServerClient(server) as client:
        request(client, "POST", "/v1/sign-out", headers={"Authorization": f"Bearer {token}"}, extensions=_watched(wire))


def _open(server: str, path: str, words: dict[str, Any], wire: Wire | None) -> Session:
    with ServerClient(server) as client:
        answer = request(client, "POST", path, json=words, extensions=_watched(wire))
    with as_the_server_writes():
        body = answer.json()
        user = body["user"]
        return Session(server, body["token"], UUID(user["id"]), user["email"], user["name"])


def _watched(wire: Wire | None) -> dict[str, Any]:
    return {} if wire is None else {"trace": wire.watch}


def _no_address() -> Refused:
    return Refused(0, "server.no-address", "This is not the address of a server, such as https://books.example.org.")
