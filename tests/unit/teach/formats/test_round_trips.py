"""The table of round trips in the README is the one that the program makes."""

from __future__ import annotations

from pathlib import Path

import alexandria_desktop.teach.formats as formats
from tests.support.round_trips import WRONG, table


def test_the_table_is_true_and_nothing_is_lost_in_silence() -> None:
    made = table()
    assert f"| {WRONG} |" not in made
    assert made in (Path(formats.__file__).parent / "README.md").read_text(encoding="utf-8")
