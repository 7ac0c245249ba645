"""The .deb: the bundle under ``/usr/lib``, what desktops want to know of it, and what it needs of the system."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from steps.bundling import BUNDLE, INSIDE, draw_icons, libraries, steady
from steps.places import DIST, PACKAGING, ROOT, SetupError, say
from steps.release import APP_ID, VERSION, commit_day
from steps.system_libraries import ensure_libraries, ensure_tools

PACKAGE = "alexandria-desktop"
HOME = Path("usr/lib") / PACKAGE
LINUX = PACKAGING / "linux"
MAINTAINER = "The makers of Alexandria <makers@alexandria-desktop.example>"
LOADED_LATE = ["libegl1", "libgl1", "libnss3", "libxcb-cursor0", "libxkbcommon-x11-0"]
"""Packages with libraries that Qt looks for while it runs; what it is linked with, dpkg-shlibdeps finds."""

_DESCRIPTION = """\
Description: offline-first reader for EPUB, PDF and other books
 Books, notes and search live on this computer; nothing needs a network.
 Marks and notes find their words again in corrected editions, any word and
 any meaning is found in all books at once, courses are made of what one
 reads, and several computers keep in step through a server of one's own or
 a plain folder.
"""


def build_deb(*, revision: str = "1", compression: str = "xz") -> Path:
    """Build the package from ``dist/alexandria`` and return it; ``revision`` tells builds of one version apart."""
    ensure_libraries(window=True)
    ensure_tools({"dpkg-deb": "dpkg", "dpkg-shlibdeps": "dpkg-dev"})
    stage = ROOT / "build" / "deb"
    shutil.rmtree(stage, ignore_errors=True)
    root = stage / "root"
    lay_bundle(root / HOME)
    (root / "usr/bin").mkdir(parents=True)
    (root / "usr/bin/alexandria").symlink_to(f"../lib/{PACKAGE}/alexandria")
    lay_desktop_files(root / "usr")
    _lay_documents(root / "usr/share", f"{VERSION}-{revision}")
    control = root / "DEBIAN"
    control.mkdir()
    for name in ("postinst", "postrm"):
        shutil.copy(LINUX / "deb" / name, control / name)
    size = sum(file.lstat().st_size for file in root.rglob("*") if not file.is_dir()) // 1024
    linked = _linked(stage, root / HOME)
    found = {one.split()[0] for one in linked}
    depends = ", ".join(sorted([*linked, *(one for one in LOADED_LATE if one not in found)]))
    (control / "control").write_text(
        f"Package: {PACKAGE}\nVersion: {VERSION}-{revision}\nArchitecture: {_architecture()}\nSection: text\n"
        f"Priority: optional\nMaintainer: {MAINTAINER}\nInstalled-Size: {size}\nDepends: {depends}\n"
        "Recommends: gnome-keyring | kwalletmanager, xdg-utils\nSuggests: fonts-noto-cjk\n" + _DESCRIPTION,
        encoding="utf-8",
    )
    _settle_modes(root)
    target = DIST / f"{PACKAGE}_{VERSION}-{revision}_{_architecture()}.deb"
    _run(["dpkg-deb", "--root-owner-group", f"-Z{compression}", "--build", str(root), str(target)])
    shutil.rmtree(stage)
    say(f"{target}: {target.stat().st_size / 1e6:.0f} MB, {size / 1000:.0f} MB installed.")
    return target


def lay_desktop_files(prefix: Path) -> None:
    """Lay the entry, the metadata, the kinds of files and the icons under a prefix such as ``/usr``."""
    share = prefix / "share"
    for kind, folder in (("desktop", "applications"), ("mime.xml", "mime/packages"), ("metainfo.xml", "metainfo")):
        text = (LINUX / f"{APP_ID}.{kind}").read_text(encoding="utf-8")
        name = f"{APP_ID}.xml" if kind == "mime.xml" else f"{APP_ID}.{kind}"
        place = share / folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text.replace("@VERSION@", VERSION).replace("@DATE@", commit_day()), encoding="utf-8")
    for drawn in draw_icons().glob("alexandria-*.png"):
        size = drawn.stem.rsplit("-", 1)[1]
        _copy(drawn, share / f"icons/hicolor/{size}x{size}/apps/{APP_ID}.png")
    _copy(ROOT / "resources/icons/alexandria.svg", share / f"icons/hicolor/scalable/apps/{APP_ID}.svg")


def lay_bundle(target: Path) -> None:
    """Lay ``dist/alexandria`` at a place."""
    if not BUNDLE.is_dir():
        raise SetupError(f"There is no {BUNDLE}; make it first: python3 packaging/bootstrap.py bundle")
    target.parent.mkdir(parents=True)
    shutil.copytree(BUNDLE, target, symlinks=True, copy_function=_link)


def _link(source: str, target: str) -> str:
    """Lend a file rather than copy half a gigabyte; modes of the two are then one, which is what is wanted."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target


def _lay_documents(share: Path, version: str) -> None:
    documents = share / "doc" / PACKAGE
    documents.mkdir(parents=True)
    shutil.copy(LINUX / "deb" / "copyright", documents / "copyright")
    _copy(LINUX / "deb" / "apparmor", share / PACKAGE / "apparmor")
    moment = datetime.fromtimestamp(int(steady()["SOURCE_DATE_EPOCH"]), UTC).strftime("%a, %d %b %Y %H:%M:%S +0000")
    entry = f"{PACKAGE} ({version}) stable; urgency=medium\n\n  * See changelog.gz.\n\n -- {MAINTAINER}  {moment}\n"
    for name, text in (
        ("changelog.gz", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")),
        ("LICENSE.gz", (ROOT / "LICENSE").read_text(encoding="utf-8")),
        ("changelog.Debian.gz", entry),
    ):
        (documents / name).write_bytes(gzip.compress(text.encode(), mtime=0))


def _linked(stage: Path, home: Path) -> list[str]:
    """Return the packages whose libraries those of the bundle are linked with, each with its oldest fitting version."""
    (stage / "debian").mkdir()
    (stage / "debian/control").write_text(f"Source: {PACKAGE}\n\nPackage: {PACKAGE}\nArchitecture: any\n")
    inside = home / INSIDE
    own = sorted({str(file.parent) for file in libraries(inside)})
    files = [str(file) for file in libraries(home)]
    command = ["dpkg-shlibdeps", "-O", "--ignore-missing-info", "--warnings=0", *(f"-l{folder}" for folder in own)]
    told = subprocess.run([*command, *files], cwd=stage, capture_output=True, text=True, check=False)
    found = re.search(r"^shlibs:Depends=(.*)$", told.stdout, re.MULTILINE)
    if told.returncode != 0 or found is None:
        raise SetupError(f"{told.stderr[-2000:]}\nWhat the bundle needs of the system could not be found out.")
    return [one.strip() for one in found.group(1).split(",")]


def _settle_modes(root: Path) -> None:
    programs = {"alexandria", "QtWebEngineProcess", "postinst", "postrm"}
    for file in root.rglob("*"):
        if not file.is_symlink():
            file.chmod(0o755 if file.is_dir() or file.name in programs else 0o644)


def _architecture() -> str:
    return subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True).stdout.strip()


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _run(command: list[str]) -> None:
    if subprocess.call(command, cwd=ROOT, env=os.environ | steady()) != 0:
        raise SetupError(f"This went wrong, and the lines above say why: {' '.join(command)}")
