"""Keeping in step: the account, the folder, rounds."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alexandria_desktop import asking
from alexandria_desktop.cli.output import Commands, Output

if TYPE_CHECKING:
    from alexandria_desktop.library.library import Library
    from alexandria_desktop.library.syncing import SyncStatus


def add_commands(commands: Any) -> None:
    """Add the commands to the parser."""
    sign_in = commands.add_parser("sign-in", help="sign in to a server and make this library the account's")
    sign_in.add_argument("server", metavar="SERVER", help="its address, such as https://books.example.org")
    sign_in.add_argument("email", metavar="EMAIL")
    sign_in.add_argument("--new", metavar="NAME", help="make an account under this name")
    sign_in.add_argument("--invitation", metavar="CODE", help="the invitation that a new account needs")
    sign_in.add_argument(
        "--keep-with-passphrase",
        action="store_true",
        help="stay signed in without a keyring (or ALEXANDRIA_PASSPHRASE)",
    )
    commands.add_parser("sign-out", help="end the session; the library stays the account's")
    join = commands.add_parser("join-folder", help="keep in step through a folder instead of a server")
    join.add_argument("folder", type=Path, metavar="DIR", help="on a stick, a share, or kept alike by a sync tool")
    commands.add_parser("leave-folder", help="use the folder no longer; the library stays as it is")
    sync = commands.add_parser("sync", help="keep in step with the server or folder, once")
    sync.add_argument("verb", nargs="?", choices=("now", "status", "verify", "files"), default="now")
    sync.add_argument("state", nargs="?", choices=("on", "off"), help="with `files`: keep book files there too")


def _sign_in(library: Library, options: argparse.Namespace, output: Output) -> int:
    passphrase = asking.new_passphrase() if options.keep_with_passphrase else None
    password = asking.password_of(options.email)
    if options.new:
        status = library.syncing.sign_up(
            options.server, options.email, password, options.new, invitation=options.invitation
        )
    else:
        status = library.syncing.sign_in(options.server, options.email, password)
    if passphrase is not None:
        library.syncing.keep_with_passphrase(passphrase)
    output.item({"server": status.server, "email": status.email}, f"Signed in to {status.server} as {status.email}.")
    if library.syncing.kept_in == "memory":
        output.say("There is no keyring here, so the session ends with this command. See --keep-with-passphrase.")
    return 0


def _sign_out(library: Library, _options: argparse.Namespace, output: Output) -> int:
    asking.unlock_if_possible(library)
    status = library.syncing.sign_out()
    output.item({"server": status.server, "waiting": status.waiting}, "Signed out. What waits is kept.")
    return 0


def _join_folder(library: Library, options: argparse.Namespace, output: Output) -> int:
    status = library.syncing.join_folder(options.folder)
    output.item({"folder": status.folder}, f"Keeping in step through {status.folder}.")
    return 0


def _leave_folder(library: Library, _options: argparse.Namespace, output: Output) -> int:
    status = library.syncing.leave_folder()
    output.item({"waiting": status.waiting}, "The folder is used no longer. What waits is kept.")
    return 0


def _sync(library: Library, options: argparse.Namespace, output: Output) -> int:
    from alexandria_desktop.library.traveling import FILES_TRAVEL

    if options.verb == "files":
        library.set({FILES_TRAVEL: options.state == "on" or None})
        words = "Book files are kept on the server too." if options.state == "on" else "Book files stay where they are."
        output.item({"files": options.state == "on"}, words)
        return 0
    if options.verb != "status":
        asking.unlock(library)
    if options.verb == "verify":
        differed = library.syncing.verify()
        if differed is None:
            words = "Nothing was compared: a folder cannot say what should be here, and a server only between changes."
            output.item({"compared": False, "differed": []}, words)
            return 1
        words = "All that should be here is here, and nothing else."
        output.item(
            {"compared": True, "differed": differed}, f"Put right: {', '.join(differed)}." if differed else words
        )
        return 0
    if options.verb == "now":
        report = library.syncing.sync()
        carried = library.carry_files(anyhow=True)
        brought = carried.fetched + carried.attachments
        if carried.sent or brought:
            output.say(f"Sent {carried.sent} files, brought {brought}.")
        data = {"sent": report.sent, "received": report.received, "left": report.left}
        output.item(
            {**data, "conflicts": report.conflicts, "refused": report.rejected},
            f"Sent {report.sent}, received {report.received} rows.",
        )
    status = library.syncing.status()
    if options.verb == "status":
        last = status.last_round.isoformat() if status.last_round else None
        problem = {"code": status.problem.code, "message": status.problem.sentence} if status.problem else None
        output.item(
            {
                "server": status.server, "email": status.email, "folder": status.folder,
                "signed_in": status.is_signed_in, "locked": status.is_locked, "last_round": last,
                "waiting": status.waiting, "conflicts": status.conflicts, "refused": status.refused, "problem": problem,
            },
            _words_of(status),
        )  # fmt: skip
    if status.conflicts or status.refused:
        output.say(f"{status.conflicts} differences and {status.refused} refused changes want your eye in the window.")
    return 1 if status.problem else 0


def _words_of(status: SyncStatus) -> str:
    if not status.has_account:
        return "This library has no account. `alexandria sign-in` gives it one, `alexandria join-folder` uses a folder."
    last = f"last in step {status.last_round:%Y-%m-%d %H:%M}" if status.last_round else "never in step yet"
    waits = f"{status.waiting} changes wait" if status.waiting else "nothing waits"
    problem = f"\n{status.problem.sentence} [{status.problem.code}]" if status.problem else ""
    home = status.folder or f"{status.email} on {status.server}"
    locked = "\nThe session is locked; `alexandria sync` asks for its passphrase." if status.is_locked else ""
    return f"{home}: {last}, {waits}.{locked}{problem}"


COMMANDS: Commands = {
    "sign-in": _sign_in,
    "sign-out": _sign_out,
    "join-folder": _join_folder,
    "leave-folder": _leave_folder,
    "sync": _sync,
}
