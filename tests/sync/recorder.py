"""A line that keeps every byte that reaches somebody, and reads what is in them."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import zstandard

from tests.support.relay import accepted, connected

_NO_BODY = frozenset({204, 304})


@dataclass
class Line:
    """One connection: what went out, and what came back."""

    out: bytearray = field(default_factory=bytearray)
    back: bytearray = field(default_factory=bytearray)
    bytes_told: int = 0
    bodies_told: int = 0


class Recorder:
    """Hands bytes on between its own address and a server's, and keeps them."""

    def __init__(self, server: str) -> None:
        found = urlsplit(server)
        self._target = (found.hostname or "", found.port or 80)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._lines: list[Line] = []
        self._sockets: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._serve, daemon=True)]
        self._threads[0].start()

    def heard(self) -> bytes:
        """Return everything that came back since it was asked last, as it came and as it reads without compression."""
        parts: list[bytes] = []
        for line in self._lines:
            out, back = bytes(line.out), bytes(line.back)
            bodies = list(answers(out, back))
            parts += [back[line.bytes_told :], *bodies[line.bodies_told :]]
            line.bytes_told, line.bodies_told = len(back), len(bodies)
        return b"\n".join(parts)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for one in self._sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for one in self._sockets:
            one.close()

    def _serve(self) -> None:
        for near in accepted(self._listener):
            far = connected(self._target)
            line = Line()
            self._lines.append(line)
            self._sockets += [near, far]
            for source, sink, kept in ((near, far, line.out), (far, near, line.back)):
                thread = threading.Thread(target=_hand_on, args=(source, sink, kept), daemon=True)
                self._threads.append(thread)
                thread.start()


def _hand_on(source: socket.socket, sink: socket.socket, kept: bytearray) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            kept += data  # before it is handed on: who has heard it finds it here
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


def answers(out: bytes | bytearray, back: bytes | bytearray) -> Iterator[bytes]:
    """Yield the bodies of a connection's answers, read out of their pieces and their compression, packs as well."""
    methods = [head.split(b" ", 1)[0] for head, _, _ in _messages(bytes(out), iter(()))]
    for head, headers, body in _messages(bytes(back), iter(methods)):
        assert head.startswith(b"HTTP/1.1 "), head
        match headers.get(b"content-encoding") if body else None:
            case b"zstd":
                yield zstandard.ZstdDecompressor().decompressobj().decompress(body)
            case b"gzip":
                yield gzip.decompress(body)
            case None if body.startswith(zstandard.FRAME_HEADER):  # a pack is compressed in itself, wherever it lies
                yield zstandard.ZstdDecompressor().decompressobj().decompress(body)
            case None:
                yield body
            case other:
                raise AssertionError(f"bodies in {other!r} cannot be read here")


Message = tuple[bytes, dict[bytes, bytes], bytes]


def _messages(data: bytes, methods: Iterator[bytes]) -> Iterator[Message]:
    """Yield first lines, headers and bodies; ``methods`` are those of the requests that are answered, if any."""
    place = 0
    while place < len(data):
        end = data.index(b"\r\n\r\n", place)
        first, *lines = data[place:end].split(b"\r\n")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}
        place = end + 4
        status = int(first.split(b" ")[1]) if first.startswith(b"HTTP/") else 0
        method = next(methods, b"") if status >= 200 else b""
        if status and (status < 200 or status in _NO_BODY or method == b"HEAD"):
            body = b""
        elif headers.get(b"transfer-encoding") == b"chunked":
            body, place = _pieces(data, place)
        else:
            size = int(headers.get(b"content-length", b"0"))
            body, place = data[place : place + size], place + size
        yield first, headers, body


def _pieces(data: bytes, place: int) -> tuple[bytes, int]:
    found = []
    while True:
        end = data.index(b"\r\n", place)
        size = int(data[place:end].split(b";")[0], 16)
        found.append(data[end + 2 : end + 2 + size])
        place = end + 2 + size + 2
        if not size:
            return b"".join(found), place
