"""The socket that a server listens on."""

from __future__ import annotations

import asyncio
import socket

import pytest

from sync.server.commands.run import listening


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_an_answer_never_waits_for_the_one_before_to_be_acknowledged(host: str) -> None:
    async def serve() -> int:
        seen: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def taken(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            accepted = writer.get_extra_info("socket")
            seen.set_result(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        listener = listening(host, 0)
        async with await asyncio.start_server(taken, sock=listener):
            _, writer = await asyncio.open_connection(*listener.getsockname()[:2])
            found = await seen
            writer.close()
            return found

    try:
        assert asyncio.run(serve()) != 0
    except OSError as fault:
        if host == "::1":
            pytest.skip(f"no IPv6 here: {fault}")
        raise
