"""The server's program, called as people call it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

PROGRAM = (sys.executable, "-m", "sync.server")


def call(*words: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run([*PROGRAM, *words], check=False, capture_output=True, text=True, timeout=90)


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, str]]:
    """Run a server with its private database and yield its address and all that it printed before it listened."""
    with started("--data", str(folder)) as (process, address, said):
        yield address, said
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode == 0


@contextmanager
def started(
    *words: str, environment: Mapping[str, str] | None = None
) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """Run a server on a free port and yield it, its address and what it printed; it is gone at the end."""
    command = [*PROGRAM, "run", "--port", "0", *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})})
    try:
        said = ""
        assert process.stdout is not None
        for line in process.stdout:
            said += line
            if line.startswith("Listening on"):
                break
        yield process, said.rsplit(" ", 1)[-1].strip(), said
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=60)
