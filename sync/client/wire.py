"""The connection that a request is on, so that another thread can cut it: whoever quits does not wait for a server."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

_MADE = frozenset({"connection.connect_tcp.complete", "connection.start_tls.complete", "proxy.start_tls.complete"})


class Wire:
    """Knows the sockets of a client by watching it connect."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._is_cut = False

    def watch(self, event: str, facts: Mapping[str, Any]) -> None:
        """Take notice of a new connection; httpcore calls this with each step of a request."""
        if event not in _MADE:
            return
        found = facts["return_value"].get_extra_info("socket")
        with self._lock:
            self._sockets.append(found)
            if self._is_cut:
                self._end(found)

    def cut(self) -> None:
        """End every connection, and each that is made from now on."""
        with self._lock:
            self._is_cut = True
            for one in self._sockets:
                self._end(one)

    def _end(self, one: socket.socket) -> None:
        # Shut down, never closed: the thread that waits for it closes it. Past TLS, whose state is that thread's.
        with suppress(OSError):
            socket.socket.shutdown(one, socket.SHUT_RDWR)
