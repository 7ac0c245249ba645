"""Where answers go: JSON lines for scripts, or lines for people."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from alexandria_desktop.library.library import Library


class Output:
    """Where answers go."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json

    def item(self, data: dict[str, Any], words: str) -> None:
        """Give one answer: a JSON line, or a line for people."""
        if self.as_json:
            sys.stdout.write(json.dumps(data, ensure_ascii=False) + "\n")
            sys.stdout.flush()
        else:
            print(words)

    def say(self, words: str) -> None:
        """Tell people something that is no answer."""
        print(words, file=sys.stderr)


Commands = dict[str, Callable[["Library", argparse.Namespace, Output], int]]
"""What carries out each command over an open library; returns the exit status."""

FolderCommands = dict[str, Callable[[Path, argparse.Namespace, Output], int]]
"""What carries out each command that wants the folder of a library only."""
