"""From a command line to an exit status, and what an error comes to."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path

from alexandria_desktop.base.errors import AlexandriaError, Code, SurroundingsError
from alexandria_desktop.base.log import configure_logging
from alexandria_desktop.base.paths import LibraryPaths, default_library
from alexandria_desktop.cli.families import COMMANDS, FOLDER_COMMANDS
from alexandria_desktop.cli.output import Output
from alexandria_desktop.cli.parser import build_parser
from alexandria_desktop.library.course_commands import run_course
from alexandria_desktop.teach.converting import convert

_USAGE_CODES = frozenset(
    {
        Code.USAGE,
        Code.BOOK_UNKNOWN,
        Code.BOOK_AMBIGUOUS,
        Code.THEME_UNKNOWN,
        Code.COLLECTION_UNKNOWN,
        Code.COURSE_FORMAT,
    }
)


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return the exit status."""
    options = build_parser().parse_args(arguments)
    output = Output(as_json=options.json)
    root = (options.library or default_library()).expanduser().absolute()
    try:
        wants_no_library = options.command in FOLDER_COMMANDS and not root.is_dir()
        configure_logging(None if wants_no_library else LibraryPaths(root).logs)
        if options.command in (None, "open", "show"):
            return _window(root, options)
        if options.command == "course" and options.verb == "convert":
            return convert(options, output)
        if options.command in FOLDER_COMMANDS:
            return FOLDER_COMMANDS[options.command](root, options, output)
        from alexandria_desktop.library.library import Library

        with Library.open(root) as library:
            if options.command == "course":
                return run_course(library, options, output)
            return COMMANDS[options.command](library, options, output)
    except AlexandriaError as error:
        logging.getLogger(__name__).info("%s: %s %s", error.code, error.message, error.detail)
        if options.json:
            output.item({"error": error.code.value, "message": error.message}, "")
        output.say(f"{error.message} [{error.code}]")
        return 2 if error.code in _USAGE_CODES else 1
    except BrokenPipeError:
        return 1


def _window(root: Path, options: argparse.Namespace) -> int:
    try:
        from alexandria_desktop.app import run_window

        return run_window(root, options)
    except ImportError as fault:
        if not _is_of_qt(fault):
            raise
        raise SurroundingsError(
            Code.NO_QT,
            "Qt cannot be loaded, so there is no window. `alexandria doctor` names what is missing and how to get it.",
            detail=str(fault),
        ) from fault


def _is_of_qt(fault: ImportError) -> bool:
    """Whether Qt, or a library that it needs, could not be loaded; who loads it does not always say for whom."""
    return "PySide6" in f"{fault.name} {fault.path}" or ".so" in str(fault) or "DLL" in str(fault)
