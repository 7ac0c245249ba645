"""The server's program, called as people call it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

PROGRAM = (sys.executable, "-m", "sync.server")


def call(*words: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run([*PROGRAM, *words], check=False, capture_output=True, text=True, timeout=90)


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, str]]:
    """Run a server with its private database and yield its address and all that it printed before it listened."""
    process = launch("--data", str(folder))
    try:
        said = until_it_listens(process)
        yield address_in(said), said
    finally:
        stop(process)
    assert process.returncode == 0


def launch(*words: str, environment: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """Start a server on a free port."""
    command = [*PROGRAM, "run", "--port", "0", *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})})


def until_it_listens(process: subprocess.Popen[str]) -> str:
    """Return what a server prints until it listens."""
    said = ""
    assert process.stdout is not None
    for line in process.stdout:
        said += line
        if line.startswith("Listening on"):
            return said
    raise AssertionError(f"the server ended and said: {said}")


def address_in(said: str) -> str:
    """Return where a server listens by its own words."""
    return said.rsplit(" ", 1)[-1].strip()


def stop(process: subprocess.Popen[str]) -> None:
    """Tell a server to stop, as systems do, and wait until it has."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until something is true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come true"
