"""Where the worker process begins. It imports the engine itself, so that the program that starts it need not."""

from __future__ import annotations

import os
import signal
import sys
from multiprocessing.connection import Connection


def run(connection: Connection, memory_limit: int) -> None:
    """Serve requests until the other end goes away."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt at the terminal is for the program, not for its worker
    _limit_memory(memory_limit)
    if sys.stdout is not None:
        # MuPDF's complaints about damaged files belong nowhere near the program's own output
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    from alexandria_desktop.pdf.worker import serve

    serve(connection)


def _limit_memory(limit: int) -> None:
    """Bound the address space where the system honours it (Linux); elsewhere the time limits must do."""
    if sys.platform != "linux" or limit <= 0:
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
