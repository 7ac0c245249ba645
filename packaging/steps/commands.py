"""The commands of the bootstrap: what each needs, and what it starts."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from steps.bundling import bundle
from steps.checking import run_checks
from steps.environment import Profile, ensure_environment, packages_to_make_it
from steps.installing import make_installer
from steps.places import PACKAGING, ROOT, TOUR, SetupError, say
from steps.system_libraries import ensure_libraries, is_root

COMMANDS = (
    "import", "list", "search", "show", "note", "theme", "backup", "restore", "sign-in", "sign-out", "sync",
    "fetch", "give-back", "keep", "join-folder", "leave-folder", "course", "doctor", "update", "licences",
)  # fmt: skip
"""Commands of the program that need no screen; ``open`` does."""

MOST_PROCESSES = 4
"""Of the tests; each starts a Postgres and browsers of its own, and a process takes about 1 GB."""


def run_command(arguments: Sequence[str]) -> int:
    """Run one command line and return the exit status."""
    parser = argparse.ArgumentParser(prog="bootstrap.py", description="Set up, run and test the program.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("setup", help="make .venv and install everything that is needed")
    for name, words in (
        ("run", "start the reader; without a display, take the headless tour"),
        ("test", "run the tests; arguments go to pytest"),
        ("check", "format, lint, types, layers, page scripts"),
        ("bench", "measure, and print each figure beside its aim"),
        ("site", "write the guide as a site into site/"),
        ("pictures", "take the pictures of the guide anew; --check compares them"),
        ("bundle", "make dist/alexandria: one folder with the program and all it needs"),
        ("installer", "make the installer of this system from that folder"),
    ):
        commands.add_parser(name, help=words, add_help=False)
    known, rest = parser.parse_known_args(arguments[:1])
    rest = [*rest, *arguments[1:]]
    try:
        return _COMMANDS[known.command](rest)
    except SetupError as stop:
        say(str(stop))
        return 1
    except KeyboardInterrupt:
        return 130


def set_up(_rest: Sequence[str]) -> int:
    """Install everything, for the program and for work on it."""
    ensure_libraries(besides=packages_to_make_it(), window=True)
    python = ensure_environment(Profile.DEV)
    say(f"Ready. The program is {python.with_name('alexandria')}, its Python {python}.")
    return 0


def run(rest: Sequence[str]) -> int:
    """Start the program with ``rest``; files and folders given without a command are imported."""
    screen = has_display()
    ensure_libraries(besides=packages_to_make_it(), window=screen)
    python = ensure_environment(Profile.APP)
    program = [str(python), "-m", "alexandria_desktop"]
    options, words = split_options(rest)
    if (words and words[0] in COMMANDS) or "-h" in rest or "--help" in rest:
        return _start([*program, *rest])
    if words[:1] == ["open"]:
        words = words[1:]
    if not screen:
        return _take_tour(python, options, words)
    imported, opened = part_words(words)
    if imported:
        _start([*program, *options, "import", *imported])
    return _start([*program, *options, *(["open", *opened] if opened else [])])


def _take_tour(python: Path, options: Sequence[str], words: Sequence[str]) -> int:
    say(
        "There is no display here, so no window can be shown. Instead this is the headless tour: it imports the guide"
        f"{' and what you named' if words else ''}, opens each book, searches, and leaves pictures in {TOUR}."
    )
    surroundings = {"QT_QPA_PLATFORM": "offscreen"}
    if is_root():
        say("WebEngine's sandbox refuses to work for root, so it is switched off for this tour alone.")
        surroundings["QTWEBENGINE_DISABLE_SANDBOX"] = "1"
    script = PACKAGING / "headless_tour.py"
    paths = [str(Path(word).absolute()) for word in words]
    TOUR.mkdir(exist_ok=True)
    with (TOUR / "messages.log").open("w+", encoding="utf-8") as messages:  # what Qt says of the absent screen
        status = _start([str(python), str(script), "--out", str(TOUR), *options, *paths], surroundings, messages)
        if status != 0:
            messages.seek(0)
            say(f"The last words of {messages.name}:\n{messages.read()[-2000:]}")
    return status


def test(rest: Sequence[str]) -> int:
    """Run the tests; without a screen of its own Qt draws into memory."""
    ensure_libraries(besides=packages_to_make_it(), window=False)
    python = ensure_environment(Profile.DEV)
    return _start([str(python), "-m", "pytest", *processes(rest), *rest], offscreen())


def check(_rest: Sequence[str]) -> int:
    """Run every check that is no test."""
    ensure_libraries(besides=packages_to_make_it(), window=False)
    return run_checks(ensure_environment(Profile.DEV), offscreen())


def bench(rest: Sequence[str]) -> int:
    """Measure."""
    ensure_libraries(besides=packages_to_make_it(), window=False)
    python = ensure_environment(Profile.DEV)
    return _start([str(python), "-m", "tests.performance", *rest], offscreen())


def site(rest: Sequence[str]) -> int:
    """Write the guide as a site, and the table of keys in it."""
    return _start([str(ensure_environment(Profile.APP)), str(PACKAGING / "make_site.py"), *rest], offscreen())


def pictures(rest: Sequence[str]) -> int:
    """Take the pictures of the guide; without a screen, so that they are the same everywhere."""
    ensure_libraries(besides=packages_to_make_it(), window=False)
    python = ensure_environment(Profile.APP)
    return _start(
        [str(python), str(PACKAGING / "take_pictures.py"), *rest], {**offscreen(), "QT_QPA_PLATFORM": "offscreen"}
    )


def processes(rest: Sequence[str], cores: int | None = None) -> list[str]:
    """Return what shares the whole suite out among processes, a file each; a part that is named runs in one."""
    is_a_part = any(not word.startswith("-") for word in rest)
    cores = cores or os.cpu_count() or 1
    if is_a_part or cores < 2 or any(word.startswith(("-n", "-p", "--pdb", "--dist")) for word in rest):
        return []
    # One more than cores, since each waits for its Postgres and its pages; and in the order of the folders: by the
    # number of their tests, the few that take a minute each would come last, and the others would wait for them.
    return ["-n", str(min(cores + 1, MOST_PROCESSES)), "--dist", "loadfile", "--no-loadscope-reorder"]


def has_display() -> bool:
    """Tell whether a window could be shown."""
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def split_options(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Part the program's own options (``--library DIR``, ``--json``) from what follows them."""
    options: list[str] = []
    words = list(arguments)
    while words and words[0].startswith("-"):
        option = words.pop(0)
        options.append(option)
        if option == "--library" and words:
            options.append(words.pop(0))
    return options, words


def part_words(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Part what was named into what is imported before the window opens, and the one book that it opens at."""
    if len(words) == 1 and not Path(words[0]).is_dir():
        return [], list(words)
    return list(words), []


def offscreen() -> dict[str, str]:
    """Return what tests and measurements set: no screen, and no sandbox, which root and many containers lack."""
    surroundings = {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM") or "offscreen"}
    if sys.platform.startswith("linux"):
        surroundings["QTWEBENGINE_DISABLE_SANDBOX"] = "1"
    return surroundings


def _start(command: Sequence[str], surroundings: dict[str, str] | None = None, messages: IO[str] | None = None) -> int:
    folder = None if command[2:3] == ["alexandria_desktop"] else ROOT
    return subprocess.call(command, cwd=folder, env=os.environ | (surroundings or {}), stderr=messages)


_COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "setup": set_up,
    "run": run,
    "test": test,
    "check": check,
    "bench": bench,
    "site": site,
    "pictures": pictures,
    "bundle": bundle,
    "installer": make_installer,
}
