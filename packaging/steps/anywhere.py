"""The AppImage, one file for any desktop Linux, and the tree that Flatpak takes in."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from pathlib import Path

from steps.bundling import steady
from steps.debian import HOME, lay_bundle, lay_desktop_files
from steps.places import DIST, ROOT, SetupError
from steps.release import APP_ID, VERSION

TOOL = "APPIMAGETOOL"
"""Names appimagetool where it is not on the path."""


def build_appimage() -> Path:
    """Build the AppImage from a bundle that carries what desktops may lack, and return it."""
    tool = os.environ.get(TOOL) or shutil.which("appimagetool")
    folder = lay_app_dir(ROOT / "build" / "appimage")
    if tool is None:
        raise SetupError(
            f"{folder} is ready; appimagetool, which makes one file of it, is missing (or name it: {TOOL})."
        )
    target = DIST / f"Alexandria-{VERSION}-{platform.machine()}.AppImage"
    surroundings = os.environ | steady() | {"ARCH": platform.machine(), "VERSION": VERSION}
    if subprocess.call([tool, "--no-appstream", str(folder), str(target)], env=surroundings) != 0:
        raise SetupError("The AppImage could not be made; the lines above say why.")
    return target


def lay_app_dir(folder: Path) -> Path:
    """Lay the folder that an AppImage is made of; its ``AppRun`` starts the program from there as well."""
    shutil.rmtree(folder, ignore_errors=True)
    lay_bundle(folder / HOME)
    lay_desktop_files(folder / "usr")
    (folder / "AppRun").symlink_to(HOME / "alexandria")
    (folder / f"{APP_ID}.desktop").symlink_to(f"usr/share/applications/{APP_ID}.desktop")
    (folder / f"{APP_ID}.svg").symlink_to(f"usr/share/icons/hicolor/scalable/apps/{APP_ID}.svg")
    (folder / ".DirIcon").symlink_to(f"{APP_ID}.svg")
    return folder


def lay_flatpak_tree() -> Path:
    """Lay what the Flatpak manifest copies in, and return the folder."""
    folder = ROOT / "build" / "flatpak-tree"
    shutil.rmtree(folder, ignore_errors=True)
    lay_bundle(folder / "lib" / HOME.name)
    lay_desktop_files(folder)
    return folder
