"""The installer of this system, made from the bundle."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from steps.anywhere import build_appimage, lay_flatpak_tree
from steps.bundling import checksum, make_bundle
from steps.debian import build_deb
from steps.macos import build_dmg
from steps.places import say
from steps.windows import build_msi


def make_installer(rest: Sequence[str] = ()) -> int:
    """Make the bundle and, of it, the installer of this system, with its checksum beside it."""
    parser = argparse.ArgumentParser(prog="bootstrap.py installer", description="Make the installer of this system.")
    parser.add_argument("--kind", choices=sorted(_KINDS), default=_usual(), help="what to make (default: %(default)s)")
    parser.add_argument("--keep-bundle", action="store_true", help="use the bundle in dist as it is")
    parser.add_argument("--revision", default="1", help="tells .debs of one version apart (default: %(default)s)")
    parser.add_argument("--fast", action="store_true", help="make the .deb larger, in a fraction of the time")
    options = parser.parse_args(rest)
    if not options.keep_bundle:
        make_bundle(carry=options.kind in {"appimage", "flatpak"})  # neither can name what it needs of a system
    made = _KINDS[options.kind](options)
    if made.is_dir():
        say(f"Laid into {made}.")
        return 0
    note_checksum(made)
    return 0


def note_checksum(made: Path) -> None:
    """Write a file's SHA-256 into the list beside it, in the form that ``sha256sum --check`` reads."""
    sums = made.with_name("SHA256SUMS")
    kept = sums.read_text(encoding="utf-8").splitlines() if sums.exists() else []
    lines = [line for line in kept if not line.endswith(f"  {made.name}")]
    lines = sorted([*lines, f"{checksum(made)}  {made.name}"], key=lambda line: line.split("  ")[1])
    sums.write_text("\n".join(lines) + "\n", encoding="utf-8")
    say(f"Its checksum is in {sums}.")


def _deb(options: argparse.Namespace) -> Path:
    return build_deb(revision=options.revision, compression="gzip" if options.fast else "xz")


def _usual() -> str:
    return {"win32": "msi", "darwin": "dmg"}.get(sys.platform, "deb")


_KINDS: dict[str, Callable[[argparse.Namespace], Path]] = {
    "deb": _deb,
    "appimage": lambda _options: build_appimage(),
    "flatpak": lambda _options: lay_flatpak_tree(),
    "msi": lambda _options: build_msi(),
    "dmg": lambda _options: build_dmg(),
}
