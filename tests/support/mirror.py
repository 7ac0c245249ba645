"""A place on a free port that tells of new versions and gives their files, well or badly as a test asks."""

from __future__ import annotations

import hashlib
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from alexandria_desktop.base.version import Version
from alexandria_desktop.update.channel import Channel
from alexandria_desktop.update.manifest import Manifest, UpdateFile, signed
from alexandria_desktop.update.this_computer import platform_name

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
KIND = {"linux": "appimage", "windows": "msi", "macos": "dmg"}[platform_name().partition("-")[0]]
PROGRAM = bytes(range(256)) * 4_000


def new_secret() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes_raw()


def public(secret: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


def manifest(base: str = "https://books.example.org", **changes: Any) -> Manifest:
    """Return what is said of a made-up version."""
    file = UpdateFile(
        platform=platform_name(), kind=KIND, name=f"Alexandria-9.1.0.{KIND}", size=len(PROGRAM),
        sha256=hashlib.sha256(PROGRAM).hexdigest(), address=f"{base}/Alexandria-9.1.0.{KIND}",
    )  # fmt: skip
    said: dict[str, Any] = {
        "version": Version("9.1.0"), "date": NOW - timedelta(days=1), "expires": NOW + timedelta(days=30),
        "notes": "Maps of the sea.", "page": f"{base}/page", "files": (file,),
    }  # fmt: skip
    return Manifest(**{**said, **changes})


class Mirror:
    """What is served, and what was asked."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.secret = new_secret()
        self.files: dict[str, bytes] = {f"/Alexandria-9.1.0.{KIND}": PROGRAM}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.behave: Callable[[BaseHTTPRequestHandler], bool] = lambda _handler: False
        """Called first; True where it has answered in its own way."""
        self.say()

    @property
    def channel(self) -> Channel:
        return Channel(f"{self.address}/update.json", (public(self.secret),))

    def say(self, **changes: Any) -> None:
        """Tell of a version, signed."""
        self.files["/update.json"] = signed(manifest(self.address, **changes), [self.secret])


@contextmanager
def mirror(encrypted: ssl.SSLContext | None = None) -> Iterator[Mirror]:
    """Give a place that answers until the end of the block, over TLS where it is handed what that needs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            place.asked.append((self.path, dict(self.headers.items())))
            if place.behave(self):
                return
            data = place.files.get(self.path)
            if data is None:
                self.send_response(404)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            begin = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").rstrip("-"))
            self.send_response(206 if begin else 200)
            if begin:
                self.send_header("Content-Range", f"bytes {begin}-{len(data) - 1}/{len(data)}")
            self.send_header("Content-Length", str(len(data) - begin))
            self.end_headers()
            self.wfile.write(data[begin:])

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def handle(self) -> None:
            """Take it well when somebody hangs up."""
            try:
                super().handle()
            except OSError:
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if encrypted:
        server.socket = encrypted.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    place = Mirror(f"http{'s' if encrypted else ''}://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield place
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
