"""Which backups are kept: the last of each of seven days and of each of four weeks."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sync.server.backup.manifest import MANIFEST

PREFIX = "alexandria-"
UNFINISHED = ".unfinished-"
STAMP = "%Y%m%dT%H%M%SZ"


def rotate(target: Path, *, daily: int = 7, weekly: int = 4) -> list[Path]:
    """Remove the backups that are not kept and return them; the newest is always kept.

    Days and weeks are counted over those that have a backup, so that a server that stood still loses none.
    """
    found = {
        _moment(path): path for path in target.glob(f"{PREFIX}*") if (path / MANIFEST).is_file() and _is_dated(path)
    }
    newest_first = sorted(found, reverse=True)
    kept = set(newest_first[:1])
    kept |= set(_newest_of_each([(moment.date(), moment) for moment in newest_first], daily))
    kept |= set(_newest_of_each([(moment.isocalendar()[:2], moment) for moment in newest_first], weekly))
    gone = [found[moment] for moment in newest_first if moment not in kept]
    for path in gone:
        _remove(path)
    _sweep(target)
    return gone


def _newest_of_each(moments: list[tuple[object, datetime]], most: int) -> list[datetime]:
    newest: dict[object, datetime] = {}
    for period, moment in moments:
        newest.setdefault(period, moment)
    return list(newest.values())[:most]


def _is_dated(path: Path) -> bool:
    try:
        _moment(path)
    except ValueError:
        return False
    return True


def _moment(path: Path) -> datetime:
    return datetime.strptime(path.name.removeprefix(PREFIX), STAMP).replace(tzinfo=UTC)


def _remove(path: Path) -> None:
    # Without its manifest it is no backup, should this be cut off halfway.
    (path / MANIFEST).unlink(missing_ok=True)
    shutil.rmtree(path)


def _sweep(target: Path) -> None:
    """Remove what backups that were cut off have left, when none can still be under way."""
    long_ago = (datetime.now(UTC) - timedelta(days=7)).timestamp()
    for path in target.glob(f"{UNFINISHED}{PREFIX}*"):
        if path.stat().st_mtime < long_ago:
            shutil.rmtree(path, ignore_errors=True)
