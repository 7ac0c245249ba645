"""``alexandria-server user``: accounts, from the machine of the server."""

from __future__ import annotations

import argparse
import json

from sync.server.auth.operator import AccountLine, Operator, Refused
from sync.server.commands.database import EXPECTED, add_database_options, opened, require_current, say

ROLES = ("user", "educator", "creator", "admin")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    add = _verb(verbs, "add", "Make an account and print the link by which its owner sets a password.")
    add.add_argument("email")
    add.add_argument("name", help="the person's name")
    add.add_argument("--role", choices=ROLES, default="user", help="what the person may do (user)")
    listing = _verb(verbs, "list", "List all accounts.")
    listing.add_argument("--json", action="store_true", help="print JSON")
    role = _verb(verbs, "role", "Change what somebody may do.")
    role.add_argument("email")
    role.add_argument("role", choices=ROLES)
    erase = _verb(verbs, "erase", "Erase an account for good, with all that only its owner could see.")
    erase.add_argument("email")
    erase.add_argument("--yes", action="store_true", help="erase it; there is no way back but a backup")
    for name, words in (
        ("invite", "Print a link with which this email may make an account."),
        ("password-link", "Print a link by which somebody sets a new password."),
        ("sign-out", "End all sessions of somebody."),
        ("disable", "Shut an account and end its sessions."),
        ("enable", "Open an account again."),
    ):
        _verb(verbs, name, words).add_argument("email")


def run(given: argparse.Namespace) -> int:
    """Do what the verb says."""
    if given.verb == "erase" and not given.yes:
        return say(f"This erases the account {given.email} for good; say --yes to do it.")
    try:
        with opened(given) as place:
            if not place.owner_url:
                return say("Name the owner's login by --owner-database-url; the gateway's may not change accounts.")
            require_current(place.owner_url)
            _do(given, Operator(place.settings))
    except (*EXPECTED, Refused) as fault:
        return say(fault)
    return 0


def _do(given: argparse.Namespace, operator: Operator) -> None:
    email: str = getattr(given, "email", "")
    match given.verb:
        case "add":
            print(operator.add_user(email, given.name, given.role))
        case "list":
            _list(operator.accounts(), as_json=given.json)
        case "role":
            operator.set_user(email, role=given.role)
            print(f"{email} is now {given.role}.")
        case "invite":
            print(operator.invite(email))
        case "password-link":
            print(operator.reset_link(email))
        case "sign-out":
            print(f"Ended {operator.revoke_sessions(email)} sessions of {email}.")
        case "erase":
            operator.erase(email)
            print(f"{email} is erased.")
        case verb:
            operator.set_user(email, disabled=verb == "disable")
            print(f"{email} is {verb}d.")


def _list(accounts: list[AccountLine], *, as_json: bool) -> None:
    if as_json:
        rows = [
            {
                "id": str(one.id), "email": one.email, "name": one.name, "role": one.role,
                "is_disabled": one.is_disabled, "created_at": one.created_at.isoformat(),
            }
            for one in accounts
        ]  # fmt: skip
        print(json.dumps(rows, ensure_ascii=False))
        return
    for one in accounts:
        print(f"{one.email:32} {one.role:9} {'disabled' if one.is_disabled else 'open':9} {one.name}")


def _verb(verbs: argparse._SubParsersAction[argparse.ArgumentParser], name: str, words: str) -> argparse.ArgumentParser:
    made = verbs.add_parser(name, help=words, description=words)
    add_database_options(made)
    return made
