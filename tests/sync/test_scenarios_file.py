"""What SCENARIOS.md names is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def named() -> list[tuple[str, str]]:
    return NAMED.findall((ROOT / "tests/sync/SCENARIOS.md").read_text(encoding="utf-8"))


def test_every_test_that_is_named_exists() -> None:
    missing = [
        f"{file}::{name}"
        for file, name in named()
        if not re.search(rf"^(async )?def {name}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert len(named()) > 50
    assert missing == []


def test_no_scenario_is_without_a_test() -> None:
    lines = (ROOT / "tests/sync/SCENARIOS.md").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith("|") and not line.startswith(("|---", "| asked"))]
    assert [row for row in rows if not NAMED.search(row)] == []
    assert all(len(NAMED.findall(row)) == row.count("::") for row in rows)
