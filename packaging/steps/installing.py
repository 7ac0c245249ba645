"""The installer of this system, made from the bundle."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from steps.bundling import checksum, make_bundle
from steps.debian import build_deb
from steps.places import DIST, say


def make_installer(rest: Sequence[str] = ()) -> int:
    """Make the bundle and, of it, the installer of this system, with its checksum beside it."""
    parser = argparse.ArgumentParser(prog="bootstrap.py installer", description="Make the installer of this system.")
    parser.add_argument("--kind", choices=sorted(_KINDS), default=_usual(), help="what to make (default: %(default)s)")
    parser.add_argument("--keep-bundle", action="store_true", help="use dist/alexandria as it is")
    parser.add_argument("--revision", default="1", help="tells builds of one version apart (default: %(default)s)")
    parser.add_argument("--fast", action="store_true", help="pack larger, in a fraction of the time")
    options = parser.parse_args(rest)
    if not options.keep_bundle:
        make_bundle()
    made = _KINDS[options.kind](options)
    sums = DIST / "SHA256SUMS"
    kept = sums.read_text(encoding="utf-8").splitlines() if sums.exists() else []
    lines = [line for line in kept if not line.endswith(f"  {made.name}")]
    sums.write_text("\n".join(sorted([*lines, f"{checksum(made)}  {made.name}"])) + "\n", encoding="utf-8")
    say(f"Its checksum is in {sums}.")
    return 0


def _deb(options: argparse.Namespace) -> Path:
    return build_deb(revision=options.revision, compression="gzip" if options.fast else "xz")


def _usual() -> str:
    return {"win32": "msi", "darwin": "dmg"}.get(sys.platform, "deb")


_KINDS = {"deb": _deb}
