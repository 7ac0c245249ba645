"""A line between a laptop and its server that can be cut and mended, as on a train."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from types import TracebackType
from urllib.parse import urlsplit


def accepted(listener: socket.socket) -> Iterator[socket.socket]:
    """Yield each connection to a listening socket until that is shut down."""
    with suppress(OSError):
        while True:
            yield _at_once(listener.accept()[0])


def connected(address: tuple[str, int]) -> socket.socket:
    """Return a connection to an address."""
    return _at_once(socket.create_connection(address))


def _at_once(one: socket.socket) -> socket.socket:
    """Have small pieces handed on as they come: else the second of two waits 40 ms for a word on the first."""
    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return one


class Relay:
    """Hands bytes on between its own address and a server's."""

    def __init__(self, server: str) -> None:
        found = urlsplit(server)
        self._target = (found.hostname or "", found.port or 80)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._is_cut = False
        self._is_silent = False
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def cut(self) -> None:
        """End what is under way, and answer nobody."""
        with self._lock:
            self._is_cut = True
            for one in self._open:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def hush(self) -> None:
        """Take what is said, and hand nothing on: a server that is there and does not answer."""
        self._is_silent = True

    def mend(self) -> None:
        """Hand on again."""
        with self._lock:
            self._is_cut = self._is_silent = False

    def __enter__(self) -> Relay:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.cut()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        for near in accepted(self._listener):
            if self._is_cut:
                near.close()
                continue
            far = connected(self._target)
            with self._lock:
                self._open |= {near, far}
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._hand_on, args=(source, sink), daemon=True).start()

    def _hand_on(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if not self._is_silent:
                    sink.sendall(data)
        for one in (source, sink):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        with self._lock:
            self._open.discard(source)
        source.close()
