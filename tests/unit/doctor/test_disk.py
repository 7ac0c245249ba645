"""Disks that fail in each way that was met, as real as this machine lets them be."""

from __future__ import annotations

import os
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alexandria_desktop.doctor import disk
from alexandria_desktop.doctor.finding import Finding, Severity, Trouble
from alexandria_desktop.doctor.library_facts import filesystem_of
from tests.support.disks import fill, freeze

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def is_trouble(found: Finding, code: Trouble, severity: Severity) -> bool:
    assert found.sentence.endswith(".")
    assert found.remedy.endswith((".", ")"))
    return (found.code, found.severity) == (code.value, severity)


def test_a_healthy_disk_is_fine(tmp_path: Path) -> None:
    library = tmp_path / "not yet" / "library"
    assert disk.writable(library).severity is Severity.OK
    assert not library.parent.exists(), "nothing is made by looking"
    assert disk.space(10**10, 10**6).severity is Severity.OK
    assert disk.temporary(tmp_path).severity is Severity.OK


def test_a_disk_that_may_only_be_read(small_disk: Path) -> None:
    freeze(small_disk)
    assert is_trouble(disk.writable(small_disk / "library"), Trouble.DISK_READ_ONLY, Severity.FAULT)


def test_a_folder_of_somebody_else(tmp_path: Path) -> None:
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        folder = tmp_path / "closed"
        folder.mkdir(mode=0o500)
        assert is_trouble(disk.writable(folder), Trouble.DISK_NOT_OURS, Severity.FAULT)
        return
    tmp_path.chmod(0o755)
    os.seteuid(65534)  # root may write anywhere
    try:
        found = disk.writable(Path("/usr"))
    finally:
        os.seteuid(0)
    assert is_trouble(found, Trouble.DISK_NOT_OURS, Severity.FAULT)


def test_a_full_disk(small_disk: Path) -> None:
    fill(small_disk, leave=0)
    free = shutil.disk_usage(small_disk).free
    assert is_trouble(disk.space(free, 1_000), Trouble.DISK_FULL, Severity.FAULT)


def test_a_disk_without_room_for_a_backup() -> None:
    assert is_trouble(disk.space(300_000_000, 1_000), Trouble.DISK_NEARLY_FULL, Severity.WARNING)
    assert is_trouble(disk.space(900_000_000, 600_000_000), Trouble.DISK_NEARLY_FULL, Severity.WARNING)


def test_the_kind_of_disk_is_that_of_the_nearest_mount(small_disk: Path) -> None:
    (small_disk / "library").mkdir()
    assert filesystem_of(small_disk / "library") == "tmpfs"
    assert filesystem_of(Path("/")) != "tmpfs"


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "fuse.sshfs", "9p", "smbfs"])
def test_a_network_drive(kind: str) -> None:
    assert is_trouble(disk.kind(Path("/mnt/books"), kind), Trouble.DISK_NETWORK, Severity.WARNING)


def test_a_share_of_windows_and_a_disk_of_this_computer() -> None:
    assert disk.kind(Path("//nas/books"), "a share").code == Trouble.DISK_NETWORK
    assert disk.kind(Path("/home/ann/Alexandria"), "ext4").severity is Severity.OK


def test_a_folder_that_another_program_keeps_in_step(tmp_path: Path) -> None:
    assert disk.kind(Path("/home/ann/Dropbox/Alexandria"), "ext4").code == Trouble.DISK_SYNCED
    assert disk.kind(Path("/home/ann/OneDrive - School/Alexandria"), "ntfs").code == Trouble.DISK_SYNCED
    (tmp_path / ".stfolder").mkdir()
    assert is_trouble(disk.kind(tmp_path / "library", "ext4"), Trouble.DISK_SYNCED, Severity.WARNING)


def test_no_place_for_temporary_files(tmp_path: Path) -> None:
    assert is_trouble(disk.temporary(None), Trouble.TEMP_UNUSABLE, Severity.FAULT)
    assert is_trouble(disk.temporary(tmp_path / "gone"), Trouble.TEMP_UNUSABLE, Severity.FAULT)


def test_little_room_for_temporary_files(small_disk: Path) -> None:
    assert is_trouble(disk.temporary(small_disk), Trouble.TEMP_FULL, Severity.WARNING)


def test_shared_memory_that_is_small_or_absent(small_disk: Path, tmp_path: Path) -> None:
    assert is_trouble(disk.shared_memory(small_disk), Trouble.SHM_SMALL, Severity.WARNING)
    assert is_trouble(disk.shared_memory(tmp_path / "shm"), Trouble.SHM_MISSING, Severity.FAULT)


def test_a_clock_behind_what_was_written(tmp_path: Path) -> None:
    file = tmp_path / "library.db"
    file.touch()
    late = (NOW + timedelta(days=3)).timestamp()
    os.utime(file, (late, late))
    assert is_trouble(disk.clock(NOW, [file, tmp_path / "none"]), Trouble.CLOCK_BEHIND, Severity.WARNING)
    assert disk.clock(NOW + timedelta(days=3), [file]).severity is Severity.OK


@pytest.mark.parametrize("year", [1970, 2019, 2099])
def test_a_clock_that_cannot_be_right(year: int) -> None:
    assert is_trouble(disk.clock(NOW.replace(year=year), []), Trouble.CLOCK_WRONG, Severity.WARNING)
