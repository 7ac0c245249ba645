"""The parser of every command; each family of commands adds its own."""

from __future__ import annotations

import argparse
from pathlib import Path

from alexandria_desktop import __version__
from alexandria_desktop.cli.families import FAMILIES
from alexandria_desktop.library.course_commands import add_verbs
from alexandria_desktop.teach.converting import add_convert


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of every command."""
    parser = argparse.ArgumentParser(
        prog="alexandria", description="Read, mark and find, offline. Without a command the window opens."
    )
    parser.add_argument("--library", type=Path, metavar="DIR", help="the library folder (or ALEXANDRIA_LIBRARY)")
    parser.add_argument("--json", action="store_true", help="answers as JSON lines on stdout, nothing else there")
    parser.add_argument("--version", action="version", version=f"Alexandria {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for family in FAMILIES:
        family.add_commands(commands)
    course = commands.add_parser("course", help="courses and their formats").add_subparsers(dest="verb", required=True)
    add_convert(course)
    add_verbs(course)
    return parser
