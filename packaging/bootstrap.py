#!/usr/bin/env python3
"""Set up, run and test the program on a machine that has nothing but a Python.

    python3 packaging/bootstrap.py setup            make .venv and install everything that is needed
    python3 packaging/bootstrap.py run [ARGS...]    start the reader; without a display, take the headless tour
    python3 packaging/bootstrap.py test [ARGS...]   run the tests; arguments go to pytest
    python3 packaging/bootstrap.py check            format, lint, types, layers, page scripts
    python3 packaging/bootstrap.py bench [NAMES...] measure, and print each figure beside its aim
    python3 packaging/bootstrap.py bundle           make dist/alexandria: one folder with the program and all it needs
    python3 packaging/bootstrap.py installer        make the installer of this system from that folder

This file alone must also be understood by Pythons that are too old, so that they can look for a better one; what it
starts is in the folder ``steps``. Nothing but the standard library is used.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
NEWEST = (3, 14)

_PROBE = (
    "import struct, sys, sysconfig; "
    "print(sys.version_info[0], sys.version_info[1], struct.calcsize('P') * 8, "
    "int(bool(sysconfig.get_config_var('Py_GIL_DISABLED'))))"
)


def is_suitable(answer: str) -> bool:
    """Tell whether what an interpreter said of itself (``_PROBE``) will do: version, 64 bits, the usual build."""
    words = answer.split()
    if len(words) != 4:
        return False
    version = (int(words[0]), int(words[1]))
    return OLDEST <= version <= NEWEST and words[2:] == ["64", "0"]


def ask(command: "list[str]") -> str:
    """Return what an interpreter says of itself, or nothing where it does not run."""
    try:
        done = subprocess.run(
            [*command, "-c", _PROBE], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


def candidates() -> "list[list[str]]":
    """Return the commands that may be a suitable interpreter, the best first."""
    versions = ["3.13", "3.12", "3.11", "3.14"]
    found = [[sys.executable]]
    launcher = shutil.which("py") if os.name == "nt" else None
    if launcher:
        found += [[launcher, "-" + version] for version in versions]
    folders = [Path(sys.executable).resolve().parent, *map(Path, ("/opt/homebrew/bin", "/usr/local/bin", "/usr/bin"))]
    kept = Path.home() / ".pyenv" / "versions"
    for version in versions:
        name = "python" + version
        on_path = shutil.which(name)
        found += [[on_path]] if on_path else []
        found += [[str(folder / name)] for folder in folders if (folder / name).exists()]
        found += [[str(one)] for one in sorted(kept.glob(version + ".*/bin/python"), reverse=True)]
    return found


def main() -> int:
    """Run the command in the first suitable interpreter."""
    for command in candidates():
        if is_suitable(ask(command)):
            break
    else:
        sys.stderr.write(
            "Alexandria needs a 64-bit Python 3.11, 3.12, 3.13 or 3.14, and this is "
            f"{sys.version_info[0]}.{sys.version_info[1]} ({sys.executable}); install one and run this again with it.\n"
        )
        return 1
    if command != [sys.executable]:
        return subprocess.call([*command, str(Path(__file__).resolve()), *sys.argv[1:]])
    from steps.commands import run_command

    return run_command(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
