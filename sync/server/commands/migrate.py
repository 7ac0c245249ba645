"""``alexandria-server migrate``: bring the database to this version."""

from __future__ import annotations

import argparse

from sync.server.commands.database import EXPECTED, add_database_options, opened, say
from sync.server.migrate import migrate
from sync.server.migrate.roles import roles_sql


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_database_options(parser)
    parser.add_argument(
        "--print-roles", metavar="OWNER", help="print the SQL that an administrator runs once, for the login OWNER"
    )


def run(given: argparse.Namespace) -> int:
    """Migrate and say how far the database is."""
    try:
        if given.print_roles:
            print(roles_sql(given.print_roles), end="")
            return 0
        with opened(given) as place:
            if not place.owner_url:
                return say("Name the owner's login by --owner-database-url; the gateway's may not change tables.")
            state = migrate(place.owner_url)
    except (*EXPECTED, ValueError) as fault:
        return say(fault)
    print(f"The database is at version {state.version}.")
    return 0
