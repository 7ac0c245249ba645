"""The entry of ``alexandria-server``: one process that serves, and commands for whoever looks after it.

Exit codes: 0 done, 1 it could not be done (a sentence says why), 2 the command was not understood, 3 ``doctor`` found
faults, or ``backup`` found files missing.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

COMMANDS = {
    "run": "Serve; without a database of its own, start a private one in the data folder.",
    "migrate": "Bring the database to this version.",
    "user": "Add and list accounts, change what they may do, make links for passwords.",
    "backup": "Copy database and files together into a dated folder.",
    "restore": "Bring a backup back.",
    "jobs": "List the scheduled jobs, or run one now.",
    "doctor": "Check the database and say what to do.",
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    parser = argparse.ArgumentParser(prog="alexandria-server", description="The server of Alexandria.")
    parser.add_argument("--version", action="version", version=f"alexandria-server {_version()}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    # What a command needs is imported when it is called, so that help comes at once.
    named = next((word for word in words if word in COMMANDS), None)
    for name, summary in COMMANDS.items():
        one = commands.add_parser(name, help=summary, description=summary)
        if name == named:
            module = import_module(f"sync.server.commands.{name}")
            module.add_options(one)
            one.set_defaults(run=module.run)
    given = parser.parse_args(words)
    return int(given.run(given))


def _version() -> str:
    try:
        return version("alexandria-desktop")
    except PackageNotFoundError:
        return "(not installed)"


if __name__ == "__main__":
    sys.exit(main())
