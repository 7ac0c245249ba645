"""Selecting letters, words and lines."""

from __future__ import annotations

from alexandria_desktop.pdf.model import PageWords, Word
from alexandria_desktop.ui.reader.pdf_selection import (
    Caret,
    TextRange,
    Unit,
    joined,
    offset_at,
    rects_of,
    step,
    stretch_at,
    word_at,
)


def page(*lines: str, width: float = 10, columns: int = 1) -> PageWords:
    """Lay out lines of words, each letter ten points wide; lines go down the first column, then the next."""
    text, words = "", []
    a_column = -(-len(lines) // columns)
    for number, line in enumerate(lines):
        x, y = 300.0 * (number // a_column), 20.0 * (number % a_column)
        for token in line.split():
            text += " " if text else ""
            words.append(Word(token, len(text), len(text) + len(token), (x, y, x + width * len(token), y + 12), number))
            text += token
            x += width * (len(token) + 1)
    return PageWords(text, tuple(words))


TWO = page("nnnn oooo", "uuuu")
"""nnnn is 0 to 4, oooo 5 to 9, uuuu 10 to 14."""


def test_a_point_in_a_word_means_the_nearest_gap_between_letters() -> None:
    assert offset_at(TWO, 21, 6) == 2
    assert offset_at(TWO, 26, 6) == 3


def test_a_point_beside_a_line_means_its_end() -> None:
    assert offset_at(TWO, 250, 6) == 9
    assert offset_at(TWO, -30, 25) == 10
    assert offset_at(TWO, 250, 400) == 14


def test_a_point_between_columns_stays_in_the_column() -> None:
    columns = page("nnnn", "oooo", "uuuu", "aaaa", columns=2)
    assert offset_at(columns, 60, 6) == 4
    assert offset_at(columns, 290, 6) == 10


def test_arabic_is_counted_from_the_right() -> None:
    arabic = page("حبيب")
    assert offset_at(arabic, 39, 6) == 0
    assert offset_at(arabic, 1, 6) == 4
    assert rects_of(arabic, 0, 1)[0][0] > 25


def test_beside_all_words_there_is_none() -> None:
    assert word_at(TWO, 30, 6) is not None
    assert word_at(TWO, 200, 200) is None
    assert offset_at(PageWords("", ()), 5, 5) == 0


def test_a_range_has_one_rectangle_a_line() -> None:
    assert rects_of(TWO, 0, 14) == ((0, 0, 90, 12), (0, 20, 40, 32))
    assert rects_of(TWO, 2, 7) == ((20, 0, 70, 12),)
    assert rects_of(TWO, 4, 4) == ()


def test_pieces_of_one_line_are_joined_over_a_wide_space_but_not_over_a_column() -> None:
    assert joined([(0, 0, 50, 12), (62, 1, 90, 13), (300, 0, 350, 12)]) == [(0, 0, 90, 13), (300, 0, 350, 12)]
    assert len(joined([(0, 0, 50, 12), (0, 14, 50, 26)])) == 2


def test_words_and_lines_are_taken_whole() -> None:
    assert stretch_at(TWO, 6, Unit.WORD) == (5, 9)
    assert stretch_at(TWO, 6, Unit.LINE) == (0, 9)
    assert stretch_at(TWO, 6, Unit.CHARACTER) == (6, 6)


def test_steps_go_by_letter_word_and_line_and_end_with_the_page() -> None:
    assert step(TWO, 0, 1, Unit.CHARACTER) == 1
    assert step(TWO, 0, 1, Unit.WORD) == 4
    assert step(TWO, 5, -1, Unit.WORD) == 0
    assert step(TWO, 2, 1, Unit.LINE) == 12
    assert step(TWO, 12, -1, Unit.LINE) == 2
    assert step(TWO, 14, 1, Unit.CHARACTER) is None
    assert step(TWO, 14, 1, Unit.WORD) is None
    assert step(TWO, 12, 1, Unit.LINE) is None


def test_a_step_takes_a_letter_with_its_accent() -> None:
    accented = page("ne\u0301e")
    assert step(accented, 1, 1, Unit.CHARACTER) == 3


def test_selecting_backwards_keeps_the_word_it_began_with() -> None:
    begun = (Caret(0, 5), Caret(0, 9))
    back = TextRange(begun, begun, Unit.WORD).to((Caret(0, 0), Caret(0, 4)))
    assert (back.start, back.end) == (Caret(0, 0), Caret(0, 9))
    assert back.moving == Caret(0, 0)


def test_a_range_over_pages_has_a_part_on_each() -> None:
    over = TextRange((Caret(3, 50), Caret(3, 50)), (Caret(5, 7), Caret(5, 7)))
    assert over.part(2, 100) is None
    assert over.part(3, 100) == (50, 100)
    assert over.part(4, 100) == (0, 100)
    assert over.part(5, 100) == (0, 7)
    assert over.part(4, 0) is None
