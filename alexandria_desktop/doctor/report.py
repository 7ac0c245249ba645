"""Diagnostics that can be pasted where anybody reads them: versions, counts and codes; no title, no note, no name.

Each line is made of what is harmless, and the whole is then gone over once more for what names a person: their folder,
their account, this computer, addresses of mail and servers, tokens.
"""

from __future__ import annotations

import getpass
import importlib.metadata
import os
import platform
import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil

from alexandria_desktop import __version__
from alexandria_desktop.base.errors import Code
from alexandria_desktop.base.paths import LibraryPaths
from alexandria_desktop.doctor import disk
from alexandria_desktop.doctor.finding import Finding, Severity
from alexandria_desktop.doctor.library_facts import LibraryFacts, facts_of, filesystem_of
from alexandria_desktop.store.driver import choose_driver

_PACKAGES = ("PySide6-Essentials", "PyMuPDF", "SQLAlchemy", "sqlite-vec", "numpy", "httpx", "cryptography")
_CODES = sorted((code.value for code in Code if "." in code.value), key=len, reverse=True)
_CODE = re.compile(rf"\b({'|'.join(map(re.escape, _CODES))})\b")
_LOG_TAIL = 200_000
_HIDDEN = (
    (re.compile(r"alx_[A-Za-z0-9_-]{8,}"), "[token]"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[mail]"),
    (re.compile(r"\bhttps?://\S+"), "[address]"),
    (re.compile(r"(?:[A-Za-z]:)?[\\/](?:home|Users|root|media|mnt|run/media)(?:[\\/][^\s,;:)\]]*)?"), "[folder]"),
)  # fmt: skip


def report(root: Path, findings: Iterable[Finding]) -> str:
    """Return the diagnostics of a library and what is around it, to be pasted."""
    paths = LibraryPaths(root)
    lines = [*_program(), *_computer(), *_library(paths, facts_of(paths)), *_found(findings), *_log(paths.logs)]
    return scrub("\n".join(lines), hidden=(str(root), str(Path.home()), _account(), platform.node())) + "\n"


def scrub(text: str, *, hidden: Iterable[str]) -> str:
    """Return a text without the words given, nor what looks like a token, an address or a folder of somebody."""
    for word in sorted((one for one in hidden if len(one) > 2), key=len, reverse=True):
        text = re.sub(rf"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])", "[hidden]", text, flags=re.IGNORECASE)
    for pattern, instead in _HIDDEN:
        text = pattern.sub(instead, text)
    return text


def _program() -> Iterator[str]:
    frozen = "installed" if getattr(sys, "frozen", False) else "from Python"
    yield f"Alexandria {__version__} ({frozen}), Python {platform.python_version()}, {platform.python_implementation()}"
    versions = []
    for name in _PACKAGES:
        with suppress(importlib.metadata.PackageNotFoundError):
            versions.append(f"{name} {importlib.metadata.version(name)}")
    yield ", ".join(versions)
    driver = choose_driver()
    vectors = "with extensions" if driver.can_load_extensions else "without extensions"
    yield f"{driver.name}, SQLite {'.'.join(map(str, driver.sqlite_version))}, {vectors}"


def _computer() -> Iterator[str]:
    yield f"{_system()}, {platform.machine()}, {' '.join(platform.libc_ver())}".rstrip(", ")
    memory = psutil.virtual_memory()
    yield f"{os.cpu_count()} processors, {memory.available / 1e9:.1f} of {memory.total / 1e9:.1f} GB memory free"
    names = ("XDG_SESSION_TYPE", "XDG_CURRENT_DESKTOP", "QT_QPA_PLATFORM", "LANG", "LC_ALL")
    yield ", ".join(f"{name}={os.environ[name]}" for name in names if os.environ.get(name)) or "no session"


def _library(paths: LibraryPaths, facts: LibraryFacts) -> Iterator[str]:
    if not facts.is_there:
        yield "No library yet."
        return
    index = paths.index_db.stat().st_size if paths.index_db.exists() else 0
    yield (
        f"Library: version {facts.version}, {facts.books} books, {facts.notes} notes, "
        f"{facts.size / 1e6:.1f} MB and {index / 1e6:.1f} MB of index, in step with: {facts.home}"
    )
    place = disk.standing(paths.root)
    yield f"On {filesystem_of(place) or 'an unknown file system'}, {shutil.disk_usage(place).free / 1e9:.1f} GB free"


def _found(findings: Iterable[Finding]) -> Iterator[str]:
    bad = [one for one in findings if one.severity is not Severity.OK]
    yield "Found: " + (", ".join(f"{one.code or one.check} ({one.severity})" for one in bad) or "nothing wrong")


def _log(folder: Path) -> Iterator[str]:
    """Count the codes of errors in the log; its words may name books and stay where they are."""
    try:
        with (folder / "alexandria.log").open("rb") as stream:
            stream.seek(max(0, stream.seek(0, os.SEEK_END) - _LOG_TAIL))
            words = stream.read().decode("utf-8", "replace")
    except OSError:
        yield "No log."
        return
    counted = Counter(_CODE.findall(words))
    tracebacks = words.count("Traceback (most recent call last)")
    said = [f"{code} ×{count}" for code, count in counted.most_common()]
    yield "Log: " + (", ".join([*said, *([f"{tracebacks} tracebacks"] if tracebacks else [])]) or "no errors")


def _system() -> str:
    if sys.platform.startswith("linux"):
        with suppress(OSError):
            named = platform.freedesktop_os_release().get("PRETTY_NAME", "")
            return f"{named} (Linux {platform.release()})"
    return platform.platform(terse=True)


def _account() -> str:
    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
    return "" if name in ("root", "user") else name
