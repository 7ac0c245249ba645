"""A code is read whatever way it was typed, and nothing else is taken for one."""

from __future__ import annotations

import pytest

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.library.joining import grouped, read_code


@pytest.mark.parametrize(
    "typed",
    [
        "7KQM-2XPD-9RT0", "7kqm2xpd9rt0", " 7KQM 2XPD 9RT0 ", "7KQM–2XPD—9RT0", "7KQM-2XPD-9RTO", "7kqm.2xpd_9rto",
        "7KQM\n2XPD\t9RT0",
    ],
)  # fmt: skip
def test_a_code_is_the_same_whatever_way_it_was_typed(typed: str) -> None:
    assert grouped(read_code(typed)) == "7KQM-2XPD-9RT0"


def test_a_one_may_be_typed_as_a_letter() -> None:
    assert read_code("IL11-IL11-IL11") == "1" * 12


@pytest.mark.parametrize(
    "typed", ["", "7KQM-2XPD", "7KQM-2XPD-9RT0-1", "7KQM-2XPD-9RTU", "7KQM-2XPD-9RT\u0660", "%" * 12]
)
def test_what_is_no_code_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(ReaderError) as raised:
        read_code(typed)
    assert raised.value.code is Code.COURSE_INVITATION
