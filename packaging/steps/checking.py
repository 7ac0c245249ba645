"""Every check that is no test: format, lint, types, layers, page scripts, and the folder that must be no package."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from steps.places import PACKAGING, ROOT, say

STRAY = PACKAGING / "__init__.py"


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its name, and the command that succeeds when all is well."""

    name: str
    command: tuple[str, ...]
    folder: Path = ROOT


def checks(python: Path) -> list[Check]:
    """Return the checks in the order in which they fail soonest."""
    run = (str(python), "-m")
    scripts = sorted(str(one) for one in (ROOT / "resources" / "web").glob("*.js"))
    return [
        Check("format", (*run, "ruff", "format", "--check", ".")),
        Check("lint", (*run, "ruff", "check", ".")),
        Check("layers", (str(python), "-c", "from importlinter.cli import lint_imports_command as c; c()")),
        Check("types", (*run, "mypy")),
        Check("types of the bootstrap", (*run, "mypy", "--strict", "-p", "steps", "-p", "bootstrap"), PACKAGING),
        Check("page scripts", (str(python), str(PACKAGING / "page_scripts.py"), *scripts)),
    ]


def run_checks(python: Path, surroundings: dict[str, str]) -> int:
    """Run all checks, print the words of those that fail, and return the exit status."""
    failed = []
    if STRAY.exists():
        say(f"{STRAY} hides the installed package of that name; delete it.")
        failed.append("stray package")
    for check in checks(python):
        done = subprocess.run(
            check.command,
            cwd=check.folder,
            env=os.environ | surroundings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        say(f"{'ok  ' if done.returncode == 0 else 'FAIL'} {check.name}")
        if done.returncode != 0:
            say(done.stdout)
            failed.append(check.name)
    say(f"Failed: {', '.join(failed)}." if failed else "All checks passed.")
    return 1 if failed else 0
