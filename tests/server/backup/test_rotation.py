"""Old backups go; seven days and four weeks stay."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sync.server.backup import rotate
from sync.server.backup.manifest import MANIFEST
from sync.server.backup.rotation import PREFIX, STAMP, UNFINISHED

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)


def make(target: Path, moment: datetime) -> str:
    folder = target / f"{PREFIX}{moment.strftime(STAMP)}"
    folder.mkdir()
    (folder / MANIFEST).write_text("{}")
    return folder.name


def names(target: Path) -> set[str]:
    return {path.name for path in target.iterdir()}


def test_seven_days_and_four_weeks_are_kept(tmp_path: Path) -> None:
    for day in range(60):
        for hour in (0, 3):
            make(tmp_path, NOW - timedelta(days=day, hours=hour))
    rotate(tmp_path)
    days = [NOW - timedelta(days=day) for day in range(7)]
    sundays = [NOW - timedelta(weeks=week) for week in range(4)]
    assert names(tmp_path) == {f"{PREFIX}{moment.strftime(STAMP)}" for moment in [*days, *sundays]}


def test_a_server_that_stood_still_loses_no_backup(tmp_path: Path) -> None:
    kept = {make(tmp_path, NOW - timedelta(days=400 + day)) for day in range(5)}
    assert rotate(tmp_path) == []
    assert names(tmp_path) == kept


def test_what_is_no_backup_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "alexandria-photos").mkdir()
    (tmp_path / f"{PREFIX}{NOW.strftime(STAMP)}").mkdir()
    newest = make(tmp_path, NOW + timedelta(days=1))
    rotate(tmp_path, daily=0, weekly=0)
    assert newest in names(tmp_path)
    assert len(names(tmp_path)) == 3


def test_what_a_cut_off_backup_left_goes_after_a_week(tmp_path: Path) -> None:
    old, new = tmp_path / f"{UNFINISHED}{PREFIX}1", tmp_path / f"{UNFINISHED}{PREFIX}2"
    old.mkdir()
    new.mkdir()
    long_ago = (datetime.now(UTC) - timedelta(days=8)).timestamp()
    os.utime(old, (long_ago, long_ago))
    rotate(tmp_path)
    assert names(tmp_path) == {new.name}
