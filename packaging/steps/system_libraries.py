"""The libraries of the system that Qt needs on Linux: found, added, or named in one line."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from steps.places import SetupError, say

PAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libnss3.so": "libnss3",
    "libasound.so.2": "libasound2",
    "libXcomposite.so.1": "libxcomposite1",
    "libXdamage.so.1": "libxdamage1",
    "libXrandr.so.2": "libxrandr2",
    "libXtst.so.6": "libxtst6",
    "libxkbfile.so.1": "libxkbfile1",
}
"""What Qt and WebEngine need even without a screen: name of the library, Debian package."""

WINDOWS = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
"""What a window on a screen needs besides."""


def ensure_libraries(*, window: bool, besides: Sequence[str] = ()) -> None:
    """See that Qt's libraries are here: install them where that is allowed, else stop with the exact command.

    Packages named in ``besides`` go into the same installation, so that nobody is asked twice.
    """
    if not sys.platform.startswith("linux"):
        return
    wanted = PAGES | WINDOWS if window else PAGES
    absent = missing(wanted)
    if not absent:
        return
    if not is_debian_like():
        raise SetupError(
            f"Qt needs libraries that this system lacks: {', '.join(absent)}. Install them with the system's own "
            "package program and run this again."
        )
    names = [wanted[name] for name in absent] + list(besides)
    install_packages(names, what="what Qt and Python need", allowed=is_root())
    left = missing(wanted)
    if left:
        raise SetupError(f"These libraries are still missing after the installation: {', '.join(left)}.")


def ensure_tools(wanted: Mapping[str, str]) -> None:
    """See that programs are here: name of the program, Debian package; install them where that is allowed."""
    absent = sorted({package for program, package in wanted.items() if shutil.which(program) is None})
    if not absent:
        return
    if not is_debian_like():
        raise SetupError(f"These programs are needed and missing here: {', '.join(absent)}.")
    install_packages(absent, what="what building needs", allowed=is_root())


def missing(names: Iterable[str]) -> list[str]:
    """Return the shared libraries that cannot be loaded."""
    return [name for name in names if not _loads(name)]


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def is_debian_like() -> bool:
    """Tell whether packages come from apt here."""
    return Path("/etc/debian_version").exists() and shutil.which("apt-get") is not None


def is_root() -> bool:
    """Tell whether this user may change the system."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def install_packages(names: Sequence[str], *, what: str, allowed: bool) -> None:
    """Install Debian packages; who is not allowed to gets the command that does it."""
    if not allowed:
        raise SetupError(f"Install {what} with this command, then run this again:\n  {apt_line(names)}")
    say(f"Installing {what}: {' '.join(names)}")
    surroundings = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    updated = _apt(["update"], surroundings)
    done = _apt(["install", "-y", "--no-install-recommends", *existing(names)], surroundings)
    if done.returncode != 0:
        words = (updated.stdout if updated.returncode else "") + done.stdout
        raise SetupError(
            f"{words[-3000:]}\nThe system's packages could not be installed. The command was:\n  {apt_line(names)}"
        )


def apt_line(names: Sequence[str]) -> str:
    """Return the one line that installs packages."""
    return f"sudo apt-get update && sudo apt-get install -y --no-install-recommends {' '.join(existing(names))}"


def existing(names: Sequence[str]) -> list[str]:
    """Return the names that packages have in this release: some got a suffix when time became 64 bits wide."""
    return [f"{name}t64" if not has_candidate(name) and has_candidate(f"{name}t64") else name for name in names]


def has_candidate(name: str) -> bool:
    """Tell whether apt knows a version of a package that it could install."""
    try:
        told = subprocess.run(["apt-cache", "policy", name], capture_output=True, text=True, check=False).stdout
    except OSError:
        return False
    return "Candidate:" in told and "Candidate: (none)" not in told


def _apt(arguments: Sequence[str], surroundings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["apt-get", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=surroundings,
        check=False,
    )
