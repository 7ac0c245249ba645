"""A gateway in a process of its own, which says where it listens: ``python -m ... <settings as JSON>``."""

from __future__ import annotations

import json
import socket
import sys

import uvicorn

from sync.server.auth import make_auth
from sync.server.blobs.routes import make_blobs
from sync.server.gateway.app import create_app
from sync.server.settings import Settings


def main() -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    app = create_app(Settings(**json.loads(sys.argv[1])), [make_auth, make_blobs])
    print(listening.getsockname()[1], flush=True)
    uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False)).run(sockets=[listening])


if __name__ == "__main__":
    main()
