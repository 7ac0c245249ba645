"""The command line: the same library without a window.

With ``--json`` only JSON lines go to stdout; words for people always go to stderr or, without it, to stdout. Exit 0 all
done, 1 some items failed and each is named, 2 usage.

What a command is made of stands in ``families``.
"""

from alexandria_desktop.cli.parser import build_parser
from alexandria_desktop.cli.running import run

__all__ = ["build_parser", "run"]
