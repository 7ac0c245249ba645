"""Missing libraries of the system are found, and the command that adds them is exact."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from steps.places import SetupError
from steps.system_libraries import PAGES, WINDOWS, existing, install_packages, missing

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="scripts stand in for apt")

APT_CACHE = """#!/bin/sh
case "$2" in
  libasound2) echo "libasound2:"; echo "  Candidate: (none)" ;;
  libasound2t64|libnss3) echo "$2:"; echo "  Candidate: 1.2" ;;
esac
"""


@pytest.fixture
def apt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in for apt; returns the file of what it was asked."""
    asked = tmp_path / "asked"
    for name, script in (("apt-cache", APT_CACHE), ("apt-get", f'#!/bin/sh\necho "$@" >> {asked}\n')):
        file = tmp_path / name
        file.write_text(script)
        file.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return asked


def test_a_library_that_is_not_there_is_missing() -> None:
    assert missing(["libno-such-thing.so.7"]) == ["libno-such-thing.so.7"]


def test_each_library_names_its_own_package() -> None:
    named = [*PAGES.values(), *WINDOWS.values()]
    assert len(set(named)) == len(named)


def test_newer_names_are_taken_where_the_old_ones_are_gone(apt: Path) -> None:
    assert existing(["libasound2", "libnss3"]) == ["libasound2t64", "libnss3"]


def test_who_may_not_install_gets_one_line(apt: Path) -> None:
    line = "sudo apt-get update && sudo apt-get install -y --no-install-recommends libasound2t64 libnss3"
    with pytest.raises(SetupError) as caught:
        install_packages(["libasound2", "libnss3"], what="two libraries", allowed=False)
    assert str(caught.value).splitlines()[-1].strip() == line
    assert not apt.exists()


def test_who_may_install_has_it_done(apt: Path) -> None:
    install_packages(["libnss3"], what="a library", allowed=True)
    assert apt.read_text().splitlines() == ["update", "install -y --no-install-recommends libnss3"]
