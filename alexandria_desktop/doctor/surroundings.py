"""The doctor's round of the surroundings: each fact is looked up once and handed to its check. Takes about a second."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from alexandria_desktop.base import secrets
from alexandria_desktop.base.clock import Clock, utc_now
from alexandria_desktop.base.paths import LibraryPaths
from alexandria_desktop.doctor import disk, program, session
from alexandria_desktop.doctor.finding import Finding
from alexandria_desktop.doctor.library_facts import LibraryFacts, facts_of, filesystem_of
from alexandria_desktop.embed.minilm import minilm_is_here
from alexandria_desktop.embed.static import static_model_is_here
from alexandria_desktop.store.driver import choose_driver
from alexandria_desktop.theme.scripts import coverage

_GLIBC = "2.34"
"""What Qt's builds ask for where their own file does not say."""


def examine(root: Path, *, clock: Clock = utc_now) -> Iterator[Finding]:
    """Yield what is found around a library, which need not be there and is not opened."""
    paths = LibraryPaths(root)
    facts = facts_of(paths)
    for check in _checks(paths, facts, clock):
        yield check()


def _checks(paths: LibraryPaths, facts: LibraryFacts, clock: Clock) -> Iterator[Callable[[], Finding]]:
    environment = os.environ
    place = disk.standing(paths.root)
    yield lambda: program.driver(choose_driver())
    yield lambda: program.qt_libraries(qt_folder())
    yield lambda: program.models(by_meaning=static_model_is_here(), ranking=minilm_is_here())
    yield lambda: program.installations(facts.programs, program.own_program(clock))
    yield lambda: disk.writable(paths.root)
    yield lambda: disk.space(shutil.disk_usage(place).free, facts.size)
    yield lambda: disk.kind(paths.root, filesystem_of(place))
    yield lambda: disk.temporary(temporary_folder())
    yield lambda: disk.clock(clock(), (paths.library_db, paths.index_db))
    yield lambda: session.letters(environment, filesystem=sys.getfilesystemencoding())
    yield lambda: session.keyring(is_safe=secrets.keyring_is_safe(), system=sys.platform)
    yield lambda: session.fonts(facts.languages, unseen_scripts())
    yield lambda: session.proxies(environment, has_socks=importlib.util.find_spec("socksio") is not None)
    yield lambda: session.certificates(environment)
    yield lambda: session.memory(psutil.virtual_memory().total, psutil.virtual_memory().available)
    if os.name == "posix":
        yield lambda: session.open_files(open_files_allowed())
    if sys.platform.startswith("linux"):
        yield from _of_linux(environment)


def _of_linux(environment: os._Environ[str]) -> Iterator[Callable[[], Finding]]:
    yield lambda: program.c_library(*platform.libc_ver(), glibc_wanted())
    yield lambda: session.display(environment)
    yield lambda: session.graphics(Path("/dev/dri"), environment)
    yield lambda: session.sandbox(os.geteuid(), environment)
    yield lambda: disk.shared_memory(Path("/dev/shm"))


def qt_folder() -> Path | None:
    """Return where PySide6 is, without loading it."""
    spec = importlib.util.find_spec("PySide6")
    places = spec.submodule_search_locations if spec is not None else None
    return Path(next(iter(places))) if places else None


def glibc_wanted() -> str:
    """Return the version of glibc that the installed Qt was built for."""
    try:
        words = importlib.metadata.distribution("PySide6-Essentials").read_text("WHEEL") or ""
    except importlib.metadata.PackageNotFoundError:
        return _GLIBC
    found = re.search(r"manylinux_(\d+)_(\d+)", words)
    return f"{found[1]}.{found[2]}" if found else _GLIBC


def temporary_folder() -> Path | None:
    """Return the folder of temporary files, or None where no place will do."""
    try:
        return Path(tempfile.gettempdir())
    except OSError:
        return None


def unseen_scripts() -> dict[str, str]:
    """Return the languages that no font here has letters for, each with the name of its script."""
    return {language: one.script.name for one in coverage() if one.is_tofu for language in one.script.languages}


def open_files_allowed() -> int:
    """Return how many files a process may have open."""
    import resource

    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return most if most != resource.RLIM_INFINITY else 1_000_000
