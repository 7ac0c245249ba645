"""``alexandria-server run``: serve."""

from __future__ import annotations

import argparse
import gc
import signal
import socket
import sys
from types import FrameType

from sync.server.commands.database import EXPECTED, Place, add_database_options, opened, say
from sync.server.migrate import migrate
from sync.server.settings import Settings, read_settings

NEW_OBJECTS = 50_000
"""Lists, dictionaries and the like that are made before Python looks for cycles among them: a few megabytes."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8765, help="port to listen on, 0 for any (8765)")
    add_database_options(parser)


def run(given: argparse.Namespace) -> int:
    """Serve until told to stop."""
    # Told to stop at any moment, we leave through every `with`, so that the private database is stopped as well; the
    # web server, too, hands the signal on when it is done.
    signal.signal(signal.SIGTERM, _leave)
    try:
        listener = listening(given.host, given.port)
    except OSError as fault:
        return say(f"Cannot listen on {given.host}:{given.port}: {fault.strerror or fault}.")
    try:
        with listener:
            _open_and_serve(given, listener)
    except KeyboardInterrupt:
        return 0
    except EXPECTED as fault:
        return say(fault)
    return 0


def _open_and_serve(given: argparse.Namespace, listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    public = None if "public_url" in _named() else address
    with opened(given, alone=True, public_url=public) as place:
        if place.owner_url:
            migrate(place.owner_url)
            _invite_first_admin(place)
        print(f"Listening on {address}", flush=True)
        _serve(place.settings, listener)


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def _named() -> frozenset[str]:
    """Return the settings that differ from their defaults in the environment."""
    found, usual = read_settings(), Settings()
    return frozenset(name for name in Settings.__struct_fields__ if getattr(found, name) != getattr(usual, name))


def listening(host: str, port: int) -> socket.socket:
    """Return a listening socket, bound before anything slow so that a taken port is said at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.create_server((host, port), family=family)
    # Its protocol by name: asyncio turns Nagle's delay off only where it reads TCP there, and with the delay a body
    # waits 40 ms behind its headers.
    return socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP, fileno=made.detach())


def _invite_first_admin(place: Place) -> None:
    """Print a link that makes the first administrator, while there is none."""
    from sync.server.auth.operator import Operator

    link = Operator(place.settings).first_admin_link()
    if link is not None:
        print(f"The first administrator signs up here, once, within a day: {link}")


def _serve(settings: Settings, listener: socket.socket) -> None:
    from functools import partial

    import uvicorn

    from sync.server.auth import make_auth
    from sync.server.blobs.routes import make_blobs
    from sync.server.commands.work import OWN_WORK
    from sync.server.feeds import make_feeds
    from sync.server.gateway.app import create_app
    from sync.server.gateway.logs import configure_logging
    from sync.server.gateway.routing import MakePart
    from sync.server.jobs import make_jobs
    from sync.server.poke import make_poke
    from sync.server.poke.news import News
    from sync.server.push import make_push
    from sync.server.search import make_search

    class Server(uvicorn.Server):
        """Lets devices that wait for news go when it is told to end; else it would wait for them."""

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            news.end()
            super().handle_exit(sig, frame)

    configure_logging(settings.log_level)
    news = News(settings)
    parts: list[MakePart] = [
        make_auth,
        make_feeds,
        make_push,
        make_blobs,
        make_search,
        partial(make_poke, news=news),
        partial(make_jobs, own=OWN_WORK),
    ]
    app = create_app(settings, parts)
    # Whom to believe about a caller's address is a setting of ours (trusted_proxies), not uvicorn's.
    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, proxy_headers=False, lifespan="on"
    )
    _rarely_collect()
    Server(config).run(sockets=[listener])


def _rarely_collect() -> None:
    """Let Python's collector leave what stands for good alone, and come by once in many rows, not once in 700.

    A batch of 2,000 operations made it look through its own rows some twenty times.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, 10, 10)
