"""Text is set in a few lines, in every direction."""

from __future__ import annotations

from PySide6.QtGui import QFontMetricsF

from alexandria_desktop.ui.appearance import Appearance
from alexandria_desktop.ui.shelf.lines import Lines, runs_right_to_left

LONG = "Grundlegung zur Metaphysik der Sitten und andere Abhandlungen über die praktische Vernunft"


def test_a_long_title_is_cut_in_its_last_line(appearance: Appearance) -> None:
    lines = Lines(appearance.font(), most=2, height=18)
    text = lines.set(LONG, 144)
    assert len(text.lines) == 2
    assert text.lines[1].endswith("…")
    assert text.was_cut
    assert all(QFontMetricsF(appearance.font()).horizontalAdvance(line) <= 145 for line in text.lines)


def test_a_short_title_stays_whole(appearance: Appearance) -> None:
    text = Lines(appearance.font(), most=2, height=18).set("Emma", 144)
    assert text.lines == ("Emma",)
    assert not text.was_cut


def test_a_broken_word_is_told(appearance: Appearance) -> None:
    lines = Lines(appearance.font(), most=8, height=18)
    assert lines.set("Donaudampfschifffahrtsgesellschaft", 100).was_cut
    assert not lines.set("Der Prozess und andere Werke", 100).was_cut


def test_the_first_letter_with_a_direction_decides() -> None:
    assert runs_right_to_left("1001: ألف ليلة وليلة")
    assert not runs_right_to_left("Tales (ألف ليلة)")
    assert not runs_right_to_left("")
