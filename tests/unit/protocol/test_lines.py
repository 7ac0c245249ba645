"""Framed bodies: whole or refused, and rows that mean the same however they are written."""

from __future__ import annotations

import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.lines import BodyCutError, framed, opened, unframed

ROWS = ["rows", "books", ["id", "isbn"], [["1", "x\u2028y"], ["2", None]]]
LINES = [ROWS, ["leave", "books", "3"], ["row", "books", {"id": "4", "isbn": "z"}]]
BODY = framed({"to": 1}, [orjson.dumps(line) for line in LINES])


def test_many_rows_of_a_line_are_the_same_as_each_in_its_own() -> None:
    header, lines = unframed(BODY)
    assert header == {"to": 1}
    assert list(lines) == [
        ["row", "books", {"id": "1", "isbn": "x\u2028y"}],
        ["row", "books", {"id": "2", "isbn": None}],
        ["leave", "books", "3"],
        ["row", "books", {"id": "4", "isbn": "z"}],
    ]


def test_lines_can_be_had_as_they_are() -> None:
    assert list(opened(BODY)[1]) == LINES
    assert list(opened(framed({}, []))[1]) == []


@given(st.integers(0, len(BODY) - 1))
def test_a_body_that_was_cut_anywhere_is_refused(end: int) -> None:
    with pytest.raises(BodyCutError):
        opened(BODY[:end])


@given(st.integers(BODY.index(b"\n") + 1, len(BODY) - 2), st.integers(1, 255))
def test_a_body_of_which_a_byte_was_changed_is_refused(place: int, change: int) -> None:
    damaged = bytearray(BODY)
    damaged[place] ^= change
    try:
        is_same = json.loads(damaged.splitlines()[-1]) == json.loads(BODY.splitlines()[-1])
    except ValueError:
        is_same = False
    if not is_same or place < BODY.rindex(b"{"):
        with pytest.raises(BodyCutError):
            opened(bytes(damaged))
