"""What an AppImage is made of, on a Debian that has what a desktop has and nothing of what the program brings.

Needs what ``test_deb`` needs; ``ALEXANDRIA_APP_DIR`` names a folder that is there already.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.installers.bare_debian import READER, make_bare
from tests.installers.screen import screen
from tests.installers.test_deb import ROOT, has_a_page, pytestmark, reading, until
from tests.support.epubs import make_epub, prose

__all__ = ["pytestmark"]

DESKTOP = (
    "libgl1 libegl1 libgbm1 libfontconfig1 libfreetype6 libasound2 libdbus-1-3 libglib2.0-0 libgssapi-krb5-2 "
    "libx11-xcb1 libxcb-dri3-0 libxcb-glx0 libxcb-randr0 libxcb-render0 libxcb-shape0 libxcb-shm0 libxcb-sync1 "
    "libxcb-xfixes0 libxcomposite1 libxdamage1 libxext6 libxfixes3 libxrandr2 libxtst6 libwayland-client0"
)


@pytest.fixture(scope="module")
def app_dir() -> Path:
    if named := os.environ.get("ALEXANDRIA_APP_DIR"):
        return Path(named)
    plain, aside = ROOT / "dist" / "alexandria", ROOT / "dist" / "alexandria.plain"
    if plain.exists():
        plain.rename(aside)  # what is built here carries more; other tests read the plain one
    build = ["python3", "packaging/bootstrap.py", "installer", "--kind", "appimage"]
    subprocess.run(build, cwd=ROOT, check=False)  # ends with a word about appimagetool where that is missing
    if aside.exists():
        shutil.rmtree(plain, ignore_errors=True)
        aside.rename(plain)
    return ROOT / "build" / "appimage"


def test_a_page_comes_to_the_screen_of_a_plain_desktop(app_dir: Path, tmp_path: Path) -> None:
    template = os.environ.get("ALEXANDRIA_BARE_DEBIAN")
    machine = make_bare(tmp_path / "root", Path(template) if template else None)
    machine.run(
        f"apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends {DESKTOP}"
    )
    for absent in ("libnss3", "libxcb-cursor0", "libxkbcommon0"):
        assert machine.run(f"dpkg -l {absent} 2>/dev/null | grep -c ^ii || true").strip() == "0"
    shutil.copytree(app_dir, machine.root / "opt/alexandria", symlinks=True)
    book = machine.home / "book.epub"
    make_epub(book, [("One", "".join(f"<p>{prose(one, 12)}</p>" for one in range(9)))], title="A book")
    machine.run(f"chown {READER} /home/{READER}/book.epub")
    with screen(tmp_path) as shown, reading(machine, shown, "/opt/alexandria/AppRun open ~/book.epub"):
        until(lambda: has_a_page(shown))
