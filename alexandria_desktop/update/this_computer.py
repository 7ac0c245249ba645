"""What an update must fit: the kind of this computer, its system, and who keeps the program here."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from alexandria_desktop.base.version import Version

FLATPAK_INFO = Path("/.flatpak-info")
_MACHINES = {"amd64": "x86_64", "x64": "x86_64", "arm64": "aarch64"}
_SYSTEMS = {"linux": "linux", "win32": "windows", "darwin": "macos"}


class Keeper(StrEnum):
    """Who brings new versions of the program to this computer."""

    NOBODY = "nobody"
    FLATPAK = "flatpak"
    SNAP = "snap"
    DEB = "deb"
    RPM = "rpm"


KEEPER_SENTENCES = {
    Keeper.NOBODY: "",
    Keeper.FLATPAK: "Flatpak keeps this program and brings new versions: flatpak update.",
    Keeper.SNAP: "Snap keeps this program and brings new versions by itself.",
    Keeper.DEB: "The system's package manager keeps this program. New versions come with the system's updates, or as "
    "a .deb file from whoever gave you this one.",
    Keeper.RPM: "The system's package manager keeps this program. New versions come with the system's updates, or as "
    "an .rpm file from whoever gave you this one.",
}


def platform_name(system: str = sys.platform, machine: str = "") -> str:
    """Return the kind of computer as manifests name it: ``linux-x86_64``, ``windows-x86_64``, ``macos-aarch64``."""
    word = (machine or platform.machine()).lower()
    return f"{_SYSTEMS.get(system, system)}-{_MACHINES.get(word, word)}"


def program_place() -> Path:
    """Return a file of the running program, by which its keeper is found."""
    return Path(sys.executable if getattr(sys, "frozen", False) else __file__).resolve()


def keeper(place: Path, *, flatpak_info: Path = FLATPAK_INFO, environment: Mapping[str, str] = os.environ) -> Keeper:
    """Return who keeps a program; asks the package managers that are there, which takes some milliseconds."""
    if flatpak_info.exists():
        return Keeper.FLATPAK
    if environment.get("SNAP") and str(place).startswith(environment["SNAP"]):
        return Keeper.SNAP
    if sys.platform.startswith("linux"):
        for command, found in ((("dpkg-query", "-S"), Keeper.DEB), (("rpm", "-qf"), Keeper.RPM)):
            if _knows((*command, str(place))):
                return found
    return Keeper.NOBODY


def lacks(minimum: Mapping[str, str], program: Version) -> str:
    """Return a sentence about what this computer lacks for a version that needs ``minimum``; empty where it will do."""
    needed = minimum.get("program")
    if needed and program < Version(needed):
        return f"It cannot take the place of {program} at once: version {needed} has to come first."
    words = {"glibc": "glibc", "macos": "macOS", "windows": "Windows"}
    for name, have in _systems().items():
        wanted = minimum.get(name)
        if wanted and have is not None and have < Version(wanted):
            return f"It needs {words[name]} {wanted} or later, and this computer has {have}."
    return ""


def _systems() -> dict[str, Version | None]:
    library, number = platform.libc_ver()
    return {
        "glibc": _version(number) if library == "glibc" else None,
        "macos": _version(platform.mac_ver()[0]) if sys.platform == "darwin" else None,
        "windows": _version(platform.version()) if sys.platform == "win32" else None,
    }


def _version(text: str) -> Version | None:
    try:
        return Version(".".join([*text.split("."), "0"][:3]))
    except ValueError:
        return None


def _knows(command: tuple[str, ...]) -> bool:
    try:
        done = subprocess.run(command, capture_output=True, timeout=10, check=False, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
