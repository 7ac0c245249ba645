"""How hard a text is: LIX as Björnsson has it, rare words on top, and nothing that breaks in other scripts."""

from __future__ import annotations

from alexandria_desktop.teach.compiling.readability import difficulty, lix
from alexandria_desktop.teach.compiling.words import Frequencies, is_spaced, stem, stems_of, words_of


def test_lix_is_words_a_sentence_and_the_share_of_long_words() -> None:
    # 9 words in 2 sentences; "kitchen" alone has more than six letters, "garden" has six
    assert lix("The cat sat down. It left the kitchen garden.") == 9 / 2 + 100 * 1 / 9


def test_rare_words_make_a_text_harder() -> None:
    text = "The cat sat down."
    assert difficulty(text, frozenset(stems_of(text))) == lix(text)
    assert difficulty(text, frozenset()) == lix(text) + 50


def test_a_text_without_spaces_is_measured_by_its_sentences() -> None:
    assert not is_spaced("吾輩は猫である。")
    assert lix("吾輩は猫である。") < lix("吾輩は猫であるが名前はまだ無いのである。")


def test_no_words_are_no_difficulty() -> None:
    assert lix("…") == 0.0


def test_words_are_compared_without_endings_accents_and_case() -> None:
    assert stem("Ideas") == stem("idea")
    assert stem("inherited") == stem("inheritance")
    assert stem("Élan") == stem("elan")
    assert stem("varies") == stem("vary")
    assert stem("species") != stem("special")


def test_an_arabic_article_is_no_part_of_the_word() -> None:
    assert stem("الكتاب") == stem("كتاب") == stem("والكتاب")


def test_arabic_vowel_signs_do_not_cut_a_word() -> None:
    assert [one.text for one in words_of("كِتَابٌ جَدِيدٌ")] == ["كِتَابٌ", "جَدِيدٌ"]


def test_what_stands_in_every_text_tells_nothing() -> None:
    counted = Frequencies([stems_of("whale sea"), stems_of("whale ship"), stems_of("whale harpoon")])
    assert counted.weight(stem("harpoon")) > counted.weight(stem("whale"))
    assert counted.weight("nowhere") == 0.0
