"""The project's own environment: made once, filled with the locked packages, left alone while nothing changed."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from bootstrap import ask, is_suitable
from steps.places import BUNDLING, LOCKS, ROOT, VENV, SetupError, say
from steps.system_libraries import install_packages, is_debian_like, is_root

CARRIER = "wordllama"
"""Carries the vectors of search by meaning. Only its data is read, so that where it has no wheel of its own, a wheel
made for another Python serves as well."""

_READ = {
    "stdin": subprocess.DEVNULL,
    "stdout": subprocess.PIPE,
    "stderr": subprocess.STDOUT,
    "text": True,
    "encoding": "utf-8",
    "errors": "replace",
}
"""How another program is run when its words are wanted."""

CARRIER_WHEEL = ["--platform", "win_amd64", "--python-version", "3.13", "--implementation", "cp", "--abi", "cp313"]


class Profile(StrEnum):
    """Which set of locked packages is wanted."""

    APP = "app"
    DEV = "dev"
    BUNDLE = "bundle"

    @property
    def lock(self) -> Path:
        """The lock file of this set."""
        return LOCKS / f"{self}.txt"

    @property
    def folder(self) -> Path:
        """Where it is installed; what is shipped is built where the tools of development cannot be mistaken for it."""
        return BUNDLING if self is Profile.BUNDLE else VENV

    @property
    def log(self) -> Path:
        """All of pip's words."""
        return self.folder / "install.log"


def python_of(venv: Path = VENV) -> Path:
    """Return the interpreter inside an environment."""
    return venv / "Scripts" / "python.exe" if os.name == "nt" else venv / "bin" / "python"


def ensure_environment(profile: Profile) -> Path:
    """Return the environment's interpreter, with the packages of ``profile`` installed."""
    python = python_of(profile.folder)
    if not is_suitable(ask([str(python)])):
        _make(profile.folder)
    if not is_current(profile, _stamps(profile.folder)):
        _install(profile, python)
    return python


def is_current(profile: Profile, stamps: dict[str, str]) -> bool:
    """Tell whether what is installed is what is wanted; whoever has the tools of development has the program too."""
    serving = {profile, Profile.DEV} if profile is not Profile.BUNDLE else {profile}
    return any(stamps.get(one) == fingerprint(one) for one in serving)


def fingerprint(profile: Profile) -> str:
    """Return what changes when the environment has to be filled again."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    declared = json.dumps([project["build-system"], project["project"]], sort_keys=True)
    parts = [declared, profile.lock.read_text(encoding="utf-8"), str(ROOT)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _stamp(folder: Path) -> Path:
    return folder / "alexandria-stamp.json"


def _stamps(folder: Path) -> dict[str, str]:
    try:
        kept = json.loads(_stamp(folder).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _make(folder: Path) -> None:
    """Make an environment anew."""
    base = getattr(sys, "_base_executable", None) or sys.executable
    if folder.exists():
        say(f"{folder} does not work any more; making it again.")
        shutil.rmtree(folder)
    _ensure_venv_module()
    made = str(python_of(folder))
    done = _call([base, "-m", "venv", str(folder)])
    if done.returncode == 0 and is_suitable(ask([made])):
        return
    # Some distributions keep pip's installer apart; an interpreter that has pip can lend it.
    shutil.rmtree(folder, ignore_errors=True)
    lent = _call([base, "-m", "venv", "--without-pip", str(folder)])
    if lent.returncode == 0:
        lent = _call([base, "-m", "pip", "--python", made, "install", "--quiet", "pip"])
    if lent.returncode != 0 or not is_suitable(ask([made])):
        shutil.rmtree(folder, ignore_errors=True)
        raise SetupError(f"{done.stdout[-1500:]}\nAn environment could not be made with {base}. {_remedy()}")


def packages_to_make_it() -> list[str]:
    """Return the Debian packages without which the environment cannot be made; nothing once it is there."""
    if not is_debian_like() or _has_venv() or is_suitable(ask([str(python_of())])):
        return []
    return [f"python{sys.version_info.major}.{sys.version_info.minor}-venv"]


def _ensure_venv_module() -> None:
    importlib.invalidate_caches()
    packages = packages_to_make_it()
    if packages and is_root():
        install_packages(packages, what="Python's own environments", allowed=True)
        importlib.invalidate_caches()


def _has_venv() -> bool:
    return all(importlib.util.find_spec(name) is not None for name in ("venv", "ensurepip"))


def _remedy() -> str:
    if is_debian_like() and not _has_venv():
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        return f"Run this command, then try again:\n  sudo apt-get update && sudo apt-get install -y {package}"
    return "Use a Python that has the modules venv and ensurepip, for example the one from its makers' installer."


def _install(profile: Profile, python: Path) -> None:
    lock = profile.lock.read_text(encoding="utf-8")
    count = len(re.findall(r"^[a-z0-9]", lock, re.MULTILINE))
    size = "some 500 MB" if profile is Profile.APP else "some 600 MB"
    say(f"Installing up to {count} packages into {profile.folder} ({size} the first time; later starts skip this).")
    profile.log.write_text("", encoding="utf-8")
    if _call([str(python), "-m", "pip", "--version"]).returncode != 0:
        _call([str(python), "-m", "ensurepip"])
    with tempfile.TemporaryDirectory(prefix="alexandria-setup-") as folder:
        _pip(profile, ["install", "--require-hashes", "--no-input", "-r", str(profile.lock)], count=count)
        _lay_in_carrier(profile, lock, Path(folder))
        _pip(profile, ["install", "--no-deps", "--no-build-isolation", "--no-input", "-e", str(ROOT)])
    stamps = _stamps(profile.folder) | {profile.value: fingerprint(profile)}
    _stamp(profile.folder).write_text(json.dumps(stamps, indent=1), encoding="utf-8")


def _lay_in_carrier(profile: Profile, lock: str, folder: Path) -> None:
    python = python_of(profile.folder)
    question = f"import importlib.util as u, sysconfig; print(u.find_spec('{CARRIER}') is not None); "
    told = _call([str(python), "-c", question + "print(sysconfig.get_path('purelib'))"]).stdout.splitlines()
    if told[:1] == ["True"]:
        return
    pinned = folder / "carrier.txt"
    pinned.write_text(unconditional(lock, CARRIER), encoding="utf-8")
    _pip(
        profile,
        ["install", "--no-deps", "--only-binary", ":all:", *CARRIER_WHEEL, "--target", told[1], "-r", str(pinned)],
    )


def unconditional(lock: str, name: str) -> str:
    """Return one package's lines of a lock file without the condition on which it is installed."""
    found = re.search(rf"^{re.escape(name)}==[^\n]*\n(?:[ \t]+--hash[^\n]*\n?)+", lock, re.MULTILINE)
    if found is None:
        raise SetupError(f"The lock file does not name {name}.")
    first, rest = found.group(0).split("\n", 1)
    return f"{first.split(' ;')[0].rstrip(chr(92)).rstrip()} \\\n{rest}"


def _pip(profile: Profile, arguments: Sequence[str], *, count: int = 0) -> None:
    """Run pip with its own configuration; its words go to the log, and to the screen when it fails."""
    surroundings = os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONUTF8": "1"}
    command = [str(python_of(profile.folder)), "-m", "pip", *arguments]
    seen = 0
    with (
        profile.log.open("a", encoding="utf-8") as log,
        subprocess.Popen(command, env=surroundings, **_READ) as running,  # type: ignore[call-overload]
    ):
        for line in running.stdout:
            log.write(line)
            if count and line.startswith("Collecting "):
                seen += 1
                _show_progress(seen, count, line.split()[1].split("==")[0])
    if running.returncode != 0:
        words = profile.log.read_text(encoding="utf-8")[-3000:]
        raise SetupError(f"{words}\nThe packages could not be installed; all of pip's words are in {profile.log}.")


def _show_progress(seen: int, count: int, name: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r  {seen} of {count}  {name:<40}" + ("\n" if seen >= count else ""))
        sys.stderr.flush()
    elif seen % 20 == 0:
        say(f"  {seen} of {count}")


def _call(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, check=False, **_READ)  # type: ignore[call-overload,no-any-return]
