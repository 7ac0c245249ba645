"""Small disks that fill up, and disks that may only be read, where root may mount them; elsewhere tests say so."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of six megabytes."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("a small disk can only be mounted by root on Linux")
    place = tmp_path / "small disk"
    place.mkdir()
    _mount("-t", "tmpfs", "-o", "size=6m", "tmpfs", str(place))
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.fixture
def silent_disks(tmp_path: Path) -> Iterator[list[Path]]:
    """Two disks that a program stands behind (FUSE) which never answers: who looks at one waits until the test ends."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0 or not Path("/dev/fuse").exists():
        pytest.skip("a disk that does not answer can only be mounted by root on Linux")
    with ExitStack() as stack:
        places = [tmp_path / f"silent disk {number}" for number in range(2)]
        for place in places:
            place.mkdir()
            served = os.open("/dev/fuse", os.O_RDWR)
            stack.callback(subprocess.run, ["umount", "-l", str(place)], check=False, capture_output=True)
            stack.callback(os.close, served)  # first of all: whoever waits is let go by this
            how = f"fd={served},rootmode=40000,user_id=0,group_id=0"
            _mount("-i", "-t", "fuse", "-o", how, "silent", str(place), keep=served)
        yield places


def freeze(disk: Path) -> None:
    """Let nobody write to a disk any more."""
    _mount("-o", "remount,ro", str(disk))


def _mount(*words: str, keep: int | None = None) -> None:
    kept = () if keep is None else (keep,)
    if subprocess.run(["mount", *words], check=False, capture_output=True, pass_fds=kept).returncode:
        pytest.skip("nothing may be mounted here")


def fill(disk: Path, *, leave: int) -> Path:
    """Fill a disk up to ``leave`` bytes."""
    filler = disk / "filler"
    filler.write_bytes(b"\0" * max(0, shutil.disk_usage(disk).free - leave))
    return filler
