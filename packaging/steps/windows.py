"""The .msi: the bundle in a package that Windows installs, upgrades and removes; signed if there is a certificate."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from steps.bundling import BUNDLE
from steps.places import DIST, PACKAGING, ROOT, SetupError, say
from steps.release import VERSION

CERTIFICATE = "ALEXANDRIA_CERTIFICATE_SHA1"
"""Names the certificate in the store of whoever builds; without it nothing is signed, and that is said."""

TIMESTAMPS = "http://timestamp.digicert.com"


def build_msi() -> Path:
    """Build the package from ``dist/alexandria`` and return it."""
    for tool in ("wix", *(["signtool"] if os.environ.get(CERTIFICATE) else [])):
        if shutil.which(tool) is None:
            raise SetupError(f"{tool} is needed and missing. packaging/README.md says where it comes from.")
    target = DIST / f"Alexandria-{VERSION}-x64.msi"
    sign([BUNDLE / "alexandria.exe", BUNDLE / "alexandria.com"])
    _run(wix_command(target))
    sign([target])
    return target


def wix_command(target: Path) -> list[str]:
    """Return what makes the package."""
    given = {"Version": three_numbers(VERSION), "Bundle": str(BUNDLE), "Icons": str(ROOT / "build" / "icons")}
    defined = [word for name, value in given.items() for word in ("-d", f"{name}={value}")]
    return ["wix", "build", "-arch", "x64", *defined, "-o", str(target), str(PACKAGING / "windows" / "alexandria.wxs")]


def three_numbers(version: str) -> str:
    """Return a version as Windows Installer compares it: three numbers, whatever stands behind them."""
    found = re.match(r"(\d+)\.(\d+)(?:\.(\d+))?", version)
    if found is None:
        raise SetupError(f"{version} is no version that Windows Installer could compare.")
    return ".".join(number or "0" for number in found.groups())


def sign(files: list[Path]) -> None:
    """Sign files with the certificate that the environment names."""
    certificate = os.environ.get(CERTIFICATE)
    if not certificate:
        say(f"Not signed, for {CERTIFICATE} is not set: {', '.join(file.name for file in files)}")
        return
    words = ["signtool", "sign", "/sha1", certificate, "/fd", "SHA256", "/tr", TIMESTAMPS, "/td", "SHA256"]
    _run([*words, *map(str, files)])
    _run(["signtool", "verify", "/pa", *map(str, files)])


def _run(command: list[str]) -> None:
    if subprocess.call(command) != 0:
        raise SetupError(f"This went wrong, and the lines above say why: {' '.join(command)}")
