"""Every command and option is in the guide, nothing else is, and every command that is shown is understood."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

import pytest

from alexandria_desktop.cli import build_parser
from sync.server.__main__ import COMMANDS as OF_THE_SERVER
from tests.support.guide import HELP, Row, Shown, name_of, pages_with_commands, prose_spans, rows, shown_commands

HELP_OPTIONS = frozenset({"-h", "--help"})
SWITCHES = frozenset({"on", "off"})


@dataclass(slots=True)
class Known:
    """A command as its parser knows it."""

    options: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    """What may be chosen: of options, and of what stands without one."""
    verbs: set[str] = field(default_factory=set)
    """What may stand first after the command."""


def known_commands(
    parser: argparse.ArgumentParser, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Known]]:
    """Yield each command by its words; the program itself by none."""
    known = Known()
    below: dict[str, argparse.ArgumentParser] = {}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            below |= action.choices
            continue
        known.options |= {one for one in action.option_strings if one.startswith("--")}
        known.words |= {str(one) for one in action.choices or ()}
        if not action.option_strings and action.choices:
            known.verbs |= set(map(str, action.choices))
    if not below or not path:
        yield path, known
    for name, one in below.items():
        yield from known_commands(one, (*path, name))


def server_parser() -> argparse.ArgumentParser:
    """Return the server's parser with the options of every command."""
    parser = argparse.ArgumentParser(prog="alexandria-server")
    parser.add_argument("--version", action="version", version="")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in OF_THE_SERVER:
        import_module(f"sync.server.commands.{name}").add_options(commands.add_parser(name))
    return parser


PROGRAMS = {
    "alexandria": (HELP / "readers" / "command-line.md", build_parser()),
    "alexandria-server": (HELP / "administrators" / "command-line.md", server_parser()),
}


def commands_of(row: Row, known: dict[tuple[str, ...], Known]) -> list[tuple[str, ...]]:
    """Return the commands that a row of a page is about."""
    found = []
    for span in row.first:
        words = span.split()
        path = next((tuple(words[:count]) for count in (2, 1) if tuple(words[:count]) in known), None)
        if path is not None:
            found.append(path)
    return found


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_command_and_option_is_on_the_page_of_the_command_line(program: str) -> None:
    page, parser = PROGRAMS[program]
    known = dict(known_commands(parser))
    spans: dict[tuple[str, ...], list[str]] = {path: [] for path in known}
    for row in rows(page):
        for path in commands_of(row, known):
            spans[path] += row.all
        if row.first and row.first[0].startswith("-"):
            spans[()] += row.all
    everywhere = {word for span in prose_spans(page) for word in span.split()}
    missing = []
    for path, one in known.items():
        said = {word for span in spans[path] for word in span.split()} | everywhere
        name = " ".join((program, *path))
        if path and not spans[path]:
            missing.append(name)
        wanted = one.options - HELP_OPTIONS | (one.words - SWITCHES)
        missing += [f"{name} {word}" for word in sorted(wanted - said)]
    assert not missing, f"write these on {page}: {', '.join(missing)}"


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_page_of_the_command_line_names_nothing_that_does_not_exist(program: str) -> None:
    page, parser = PROGRAMS[program]
    known = dict(known_commands(parser))
    everywhere = {option for one in known.values() for option in one.options} | HELP_OPTIONS
    strange = [
        word for span in prose_spans(page) for word in span.split() if word.startswith("--") and word not in everywhere
    ]
    for row in rows(page):
        if not row.first or row.first[0][0] == "-":
            continue
        paths = commands_of(row, known)
        strange += row.first if not paths else []
        options = {option for path in paths for option in known[path].options}
        strange += [word for span in row.all for word in span.split() if word.startswith("--") and word not in options]
        for span in row.first:
            words = span.split()
            verbs = known[(words[0],)].verbs if (words[0],) in known else set()
            if len(words) > 1 and verbs and words[1].islower() and words[1] not in verbs | SWITCHES:
                strange.append(span)
    assert not strange, f"{page} names what {program} does not have: {strange}"


@pytest.mark.parametrize("page", pages_with_commands(), ids=name_of)
def test_every_command_that_is_shown_is_understood(page: Path) -> None:
    for shown in shown_commands(page):
        assert is_understood(shown), f"{page.name} shows `{shown}`, which the program does not understand"


@pytest.mark.parametrize("words", ["alexandria lsit", "alexandria list --jsno", "alexandria-server usr list"])
def test_a_slip_in_a_command_that_is_shown_is_noticed(words: str) -> None:
    program, *rest = words.split()
    assert not is_understood(Shown(program, tuple(rest)))


def is_understood(shown: Shown) -> bool:
    """Whether a program takes a command line."""
    if not shown.words:
        return True
    if shown.program not in PROGRAMS:
        from steps.commands import _COMMANDS

        return shown.words[0] in _COMMANDS
    try:
        PROGRAMS[shown.program][1].parse_args(shown.words)
    except SystemExit as end:
        return end.code == 0
    return True
