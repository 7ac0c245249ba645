"""The guide lists every code that a person may be shown."""

from __future__ import annotations

import pytest

from alexandria_desktop.base.errors import Code
from alexandria_desktop.base.resources import resource
from alexandria_desktop.doctor.finding import Trouble
from alexandria_desktop.ui.account.wording import REFUSALS

GUIDE = "\n".join(file.read_text(encoding="utf-8") for file in sorted(resource("help").glob("*.md")))


@pytest.mark.parametrize("code", [*Code, *Trouble, *REFUSALS])
def test_the_guide_explains_each_code(code: str) -> None:
    rows = [line.split("|")[1] for line in GUIDE.splitlines() if line.startswith("| ")]
    assert any(code in [word.strip() for word in row.split(",")] for row in rows), f"{code} is not in the guide"
