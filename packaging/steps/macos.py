"""The .dmg: the bundle as an application, signed from the inside out, notarised, and laid on a disk image."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import tempfile
from pathlib import Path

from steps.bundling import APPLICATION
from steps.places import DIST, PACKAGING, SetupError, say
from steps.release import VERSION

IDENTITY = "ALEXANDRIA_CODESIGN_IDENTITY"
"""Such as ``Developer ID Application: …``; without it the application is signed for this Mac alone."""

PROFILE = "ALEXANDRIA_NOTARY_PROFILE"
"""The name under which ``xcrun notarytool store-credentials`` keeps who asks Apple."""

_MACH_O = (b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa\xcf")
_ENGINE = "QtWebEngineProcess.app"


def build_dmg() -> Path:
    """Build the image from ``dist/Alexandria.app`` and return it; it runs on the processors of this Mac's kind."""
    if not APPLICATION.is_dir():
        raise SetupError(f"There is no {APPLICATION}; make it first: python3 packaging/bootstrap.py bundle")
    identity = os.environ.get(IDENTITY, "-")
    for command in signing(APPLICATION, identity):
        _run(command)
    _run(["codesign", "--verify", "--deep", "--strict", "--verbose=2", str(APPLICATION)])
    target = DIST / f"Alexandria-{VERSION}-{platform.machine()}.dmg"
    _lay_on_disk(target)
    if identity == "-":
        say(f"Signed for this Mac only, and not notarised: {IDENTITY} is not set.")
        return target
    _run(["codesign", "--force", "--timestamp", "--sign", identity, str(target)])
    if profile := os.environ.get(PROFILE):
        _run(["xcrun", "notarytool", "submit", str(target), "--keychain-profile", profile, "--wait"])
        _run(["xcrun", "stapler", "staple", str(target)])
        _run(["spctl", "--assess", "--type", "open", "--context", "context:primary-signature", str(target)])
    else:
        say(f"Not notarised: {PROFILE} is not set.")
    return target


def signing(application: Path, identity: str) -> list[list[str]]:
    """Return the commands that sign an application, what lies inside before what it lies in.

    A signature covers those within, so that one which is made later from outside in would break what it holds.
    """
    words = ["codesign", "--force", "--sign", identity, "--options", "runtime"]
    words += ["--timestamp"] if identity != "-" else []
    folders = [one for one in application.rglob("*") if one.suffix in {".app", ".framework"} and not one.is_symlink()]
    files = [one for one in application.rglob("*") if one.is_file() and not one.is_symlink() and is_mach_o(one)]
    parts = sorted([*folders, *files], key=lambda one: (-len(one.parts), str(one)))
    macos = PACKAGING / "macos"
    commands = []
    for part in parts:
        own = ["--entitlements", str(macos / "engine.entitlements")] if _ENGINE in part.parts else []
        commands.append([*words, *own, str(part)])
    return [*commands, [*words, "--entitlements", str(macos / "program.entitlements"), str(application)]]


def is_mach_o(file: Path) -> bool:
    """Tell whether a file is a program or library of a Mac."""
    with file.open("rb") as opened:
        return opened.read(4) in _MACH_O


def _lay_on_disk(target: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="alexandria-dmg-") as folder:
        shutil.copytree(APPLICATION, Path(folder) / APPLICATION.name, symlinks=True)
        (Path(folder) / "Applications").symlink_to("/Applications")
        target.unlink(missing_ok=True)
        made = ["hdiutil", "create", "-volname", "Alexandria", "-srcfolder", folder, "-format", "ULFO", str(target)]
        _run(made)


def _run(command: list[str]) -> None:
    if subprocess.call(command) != 0:
        raise SetupError(f"This went wrong, and the lines above say why: {' '.join(command)}")
