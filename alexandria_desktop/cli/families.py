"""Every family of commands, and what carries out each of theirs.

A family is a module with ``add_commands`` and ``COMMANDS``, what works on an open library; one whose commands work on
the folder alone, which may not open, has ``FOLDER_COMMANDS`` as well.
"""

from __future__ import annotations

from alexandria_desktop.cli import books, care, files, marks, program, syncing
from alexandria_desktop.cli.output import Commands, FolderCommands

FAMILIES = (books, marks, syncing, files, care, program)
"""In the order in which the help shows them."""

COMMANDS: Commands = {name: call for family in FAMILIES for name, call in family.COMMANDS.items()}
FOLDER_COMMANDS: FolderCommands = {**care.FOLDER_COMMANDS, **program.FOLDER_COMMANDS}
