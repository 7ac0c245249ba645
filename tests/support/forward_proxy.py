"""A proxy as schools and offices have it, and a server behind TLS that only this proxy knows the way to."""

from __future__ import annotations

import base64
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from urllib.parse import urlsplit

from tests.support.relay import accepted, connected


@dataclass
class ForwardProxy:
    """Tunnels to ``names`` (host to the address of a plain server, which it shows behind ``context``)."""

    names: dict[str, str]
    context: ssl.SSLContext
    password: str = ""
    """What must come with each request, as NAME:PASSWORD."""
    refusal: str = ""
    """A status to answer with instead, such as "403 Forbidden"."""
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self.place = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.address = f"http://{self.place}"

    def __enter__(self) -> ForwardProxy:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        for one in (self._listener, *self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        for near in accepted(self._listener):
            self._open.add(near)
            threading.Thread(target=self._answer, args=(near,), daemon=True).start()

    def _answer(self, near: socket.socket) -> None:
        with suppress(OSError), near:
            head = b""
            while b"\r\n\r\n" not in head:
                more = near.recv(65536)
                if not more:
                    return
                head += more
            lines = head.decode("latin-1").split("\r\n")
            self.asked.append(lines[0].removesuffix(" HTTP/1.1"))
            words = [line.partition(": ")[::2] for line in lines[1:]]
            said = next((value for name, value in words if name.lower() == "proxy-authorization"), "")
            if self.refusal:
                near.sendall(f"HTTP/1.1 {self.refusal}\r\nContent-Length: 0\r\n\r\n".encode())
                return
            if self.password and said != f"Basic {base64.b64encode(self.password.encode()).decode()}":
                near.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
                return
            method, target, _ = lines[0].split(" ")
            server = self.names.get(target.rpartition(":")[0])
            if method != "CONNECT" or server is None:
                near.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
                return
            near.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            with self.context.wrap_socket(near, server_side=True) as shown:
                self._tunnel(shown, server)

    def _tunnel(self, near: ssl.SSLSocket, server: str) -> None:
        found = urlsplit(server)
        with connected((found.hostname or "", found.port or 80)) as far:
            self._open.add(far)
            back = threading.Thread(target=_hand_on, args=(far, near), daemon=True)
            back.start()
            _hand_on(near, far)
            back.join()


def _hand_on(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    for one in (source, sink):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
