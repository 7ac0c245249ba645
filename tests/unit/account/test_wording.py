"""What the line in the sidebar says, how long one waits after failures, and where two texts differ."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from alexandria_desktop.library.syncing import Problem, SyncStatus, Turn
from alexandria_desktop.ui.account.difference import compared
from alexandria_desktop.ui.account.rhythm import Rhythm
from alexandria_desktop.ui.account.wording import standing

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
AWAY = Problem("sync.unreachable", "The server does not answer.", Turn.NETWORK)
HOTEL = Problem("sync.untrusted", "Nobody whom this computer trusts vouches for books.example.org.", Turn.NETWORK)


def status(*, minutes: float = 2, is_signed_in: bool = True, **more: object) -> SyncStatus:
    last = NOW - timedelta(minutes=minutes)
    return SyncStatus("https://x", "a@x", "Ann", is_signed_in, last_round=last, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (None, "Keep devices in step"),
        (status(), "Synced 2 min ago"),
        (status(minutes=0.5), "Synced just now"),
        (status(minutes=130), "Synced 2 h ago"),
        (status(minutes=3000), "Synced on 24 Nov 2026"),
        (status(waiting=1), "1 change waits"),
        (status(waiting=3), "3 changes wait"),
        (status(waiting=3, problem=AWAY), "Offline, 3 changes wait"),
        (status(problem=AWAY), "Offline"),
        (status(waiting=3, problem=HOTEL), "Blocked, 3 changes wait"),
        (SyncStatus(folder="/stick", is_signed_in=True, waiting=3, problem=AWAY), "Folder away, 3 changes wait"),
        (SyncStatus(folder="/stick", is_signed_in=True), "Not synced yet"),
        (status(conflicts=2, waiting=3, problem=AWAY), "2 differences to look at"),
        (status(refused=1), "1 change not taken"),
        (status(conflicts=1, refused=1), "2 changes to look at"),
        (status(is_signed_in=False, conflicts=2), "Sign in again"),
    ],
)
def test_the_line_says_how_things_stand(found: SyncStatus | None, words: str) -> None:
    assert standing(found, NOW)[0] == words


def test_the_pauses_grow_from_ten_seconds_to_a_quarter_of_an_hour_and_are_spread() -> None:
    rhythm = Rhythm()
    assert [rhythm.pause(failures, 0.5) for failures in (1, 2, 3, 8, 5_000)] == [
        10_000,
        20_000,
        40_000,
        900_000,
        900_000,
    ]
    assert (rhythm.pause(1, 0), rhythm.pause(1, 1)) == (8_000, 12_000)


@pytest.mark.parametrize(
    ("mine", "theirs", "lit"),
    [
        ("the whale is fate", "the whale is nature", (["fate"], ["nature"])),
        ("a b", "a b", ([], [])),
        ("", "new", ([], ["new"])),
        ("one two three", "uno dos three", (["one two"], ["uno dos"])),
        ("صيد الحوت", "صيد السمك", (["الحوت"], ["السمك"])),
    ],
)
def test_words_that_differ_are_marked_and_no_letter_is_lost(
    mine: str, theirs: str, lit: tuple[list[str], list[str]]
) -> None:
    left, right = compared(mine, theirs)
    assert ("".join(piece.text for piece in left), "".join(piece.text for piece in right)) == (mine, theirs)
    assert tuple([piece.text for piece in side if piece.differs] for side in (left, right)) == lit
