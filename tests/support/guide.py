"""What the guide says: its pages, the commands that it shows, and what it shows as their answers."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.data import CHECKOUT

HELP = CHECKOUT / "resources" / "help"
PICTURES = CHECKOUT / "resources" / "pictures"
PROGRAMS = ("alexandria", "alexandria-server", "python3 packaging/bootstrap.py")

if str(CHECKOUT / "packaging") not in sys.path:
    sys.path.append(str(CHECKOUT / "packaging"))  # scripts, not part of the program

_SPAN = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Shown:
    """A command that a page shows, and the lines below it."""

    program: str
    words: tuple[str, ...]
    answer: tuple[str, ...] = ()

    def __str__(self) -> str:
        return shlex.join((*self.program.split(), *self.words))


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: the code in its first cell, and the code in all of it."""

    first: tuple[str, ...]
    all: tuple[str, ...]


def guide_pages() -> list[Path]:
    """Return every page of the guide."""
    return sorted(HELP.rglob("*.md"))


def pages_with_commands() -> list[Path]:
    """Return the pages whose commands must work."""
    return [CHECKOUT / "README.md", *guide_pages()]


def name_of(page: Path) -> str:
    """Return how a test is called after a page."""
    return page.relative_to(CHECKOUT).as_posix()


def shown_commands(page: Path) -> list[Shown]:
    """Return the commands in a page's blocks with what stands below each, and those within its lines."""
    text = page.read_text(encoding="utf-8")
    found: list[Shown] = []
    for block in re.findall(r"(?:^    .*\n(?:\n(?=    ))?)+", text, re.MULTILINE):
        found += _of_block([line[4:] for line in block.splitlines() if line.strip()])
    for span in _SPAN.findall(re.sub(r"^    .*$", "", text, flags=re.MULTILINE)):
        found += _of_block([" ".join(span.split())])
    return found


def rows(page: Path) -> Iterator[Row]:
    """Yield the rows of a page's tables."""
    for line in page.read_text(encoding="utf-8").splitlines():
        if line.startswith("| "):
            cells = line.strip("|").split("|")
            yield Row(tuple(_SPAN.findall(cells[0])), tuple(_SPAN.findall(line)))


def prose_spans(page: Path) -> list[str]:
    """Return the code in a page outside its tables."""
    lines = (line for line in page.read_text(encoding="utf-8").splitlines() if not line.startswith("|"))
    return _SPAN.findall(" ".join(lines))


def is_answer(shown: tuple[str, ...], said: str) -> bool:
    """Whether what was said is what is shown; ``…`` stands for anything, and as a line of its own for any lines."""
    parts = [".*" if line.strip() == "…" else _pattern(line) for line in shown]
    return re.fullmatch(r"\n".join(parts) + r"\n*", said.replace("\n\n", "\n"), re.DOTALL) is not None


def _pattern(line: str) -> str:
    return r"[^\n]*".join(re.escape(part) for part in line.rstrip().split("…"))


def _of_block(lines: list[str]) -> list[Shown]:
    found: list[Shown] = []
    for line in lines:
        program = next((one for one in reversed(PROGRAMS) if line == one or line.startswith(f"{one} ")), None)
        if program is not None:
            found.append(Shown(program, tuple(shlex.split(line[len(program) :]))))
        elif found:
            found[-1] = Shown(found[-1].program, found[-1].words, (*found[-1].answer, line))
    return found
