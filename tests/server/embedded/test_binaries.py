"""Postgres' programs where whoever runs them may not look: copied whole, and anew with each version."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.server.embedded.binaries import Binaries, BinariesMissingError, as_user, find_binaries, made_runnable
from tests.support.postgres import unprivileged_user

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(unprivileged_user() is None, reason="only root has somebody else run Postgres"),
]


@pytest.fixture
def closed() -> Iterator[Binaries]:
    """An installation in a folder that is closed to others."""
    try:
        found = find_binaries()
    except BinariesMissingError as fault:
        pytest.skip(str(fault))
    package = found.folder.parent.parent
    with tempfile.TemporaryDirectory() as made:
        installation = Path(made) / package.name / found.folder.parent.name
        shutil.copytree(found.folder.parent, installation, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, Path(made) / libraries.name, symlinks=True)
        yield Binaries(installation / "bin", found.major)


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o755)
        yield Path(made)


def test_programs_that_others_cannot_reach_are_copied_and_what_a_cut_off_copy_or_an_old_version_left_goes(
    closed: Binaries, folder: Path
) -> None:
    old = [folder / f"programs-{closed.major}", folder / f"programs-{closed.major}.0"]
    for left in old:
        left.mkdir()
    other = folder / "programs-15.2"
    other.mkdir()
    copied = made_runnable(closed, folder, unprivileged_user())
    said = subprocess.run(
        [copied.program("initdb"), "--version"],
        check=True,
        capture_output=True,
        cwd="/",
        **as_user(unprivileged_user()),
    )
    assert said.stdout
    assert not [left for left in old if left.exists()]
    assert other.exists()
    assert made_runnable(closed, folder, unprivileged_user()) == copied
