"""``alexandria-server doctor``: whether all is as it must be, one sentence a fault."""

from __future__ import annotations

import argparse
import json

from sync.server.commands.database import EXPECTED, add_database_options, opened, say
from sync.server.commands.faults import find_faults


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_database_options(parser)


def run(given: argparse.Namespace) -> int:
    """Print the faults; 3 if there are any."""
    try:
        with opened(given) as place:
            if not place.owner_url:
                return say("Name the owner's login by --owner-database-url; the gateway's may not look everywhere.")
            faults = list(find_faults(place))
    except EXPECTED as fault:
        return say(fault)
    if given.json:
        print(json.dumps({"faults": faults}, ensure_ascii=False))
    else:
        print("\n".join(faults) or "All is well.")
    return 3 if faults else 0
