"""Sentences, folding, words, languages and CFIs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from alexandria_desktop.text.canonical import canonical_text
from alexandria_desktop.text.cfi_path import find_range, range_of
from alexandria_desktop.text.fold import fold
from alexandria_desktop.text.language import guess_language
from alexandria_desktop.text.plain import clean_line, clean_text
from alexandria_desktop.text.sentences import sentence_spans
from alexandria_desktop.text.words import cjk_bigrams, word_count


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Mr. Pip met Dr. Watson. They spoke.", ["Mr. Pip met Dr. Watson.", "They spoke."]),
        ("“Stop!” he said. “Now.”", ["“Stop!” he said.", "“Now.”"]),
        ("吾輩は猫である。名前はまだ無い。", ["吾輩は猫である。", "名前はまだ無い。"]),
        ("A heading\nThe text. More.", ["A heading", "The text.", "More."]),
        ("3.14 is a number. Yes.", ["3.14 is a number.", "Yes."]),
    ],
)
def test_sentences_end_where_a_reader_would_say(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(st.text(max_size=80))
def test_folding_never_changes_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


def test_folding_levels_case_accents_and_signs() -> None:
    assert fold("Élan “It’s”—ÆON\u00a0x") == 'elan "it\'s"-aon x'


def test_languages_are_told_apart_by_script_and_common_words() -> None:
    assert guess_language("the of and to in a is that for it was on are as with his they at be this from " * 5) == "en"
    assert guess_language("der die und in den von zu das mit sich des auf für ist im dem nicht ein " * 5) == "de"
    assert guess_language("吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。" * 5) == "ja"
    assert guess_language("x") is None


def test_chinese_is_cut_into_pairs() -> None:
    assert cjk_bigrams("白日依山盡 abc 黃") == "白日 日依 依山 山盡 黃"
    assert word_count("白日依山盡") == 3


def test_what_a_file_says_of_itself_is_plain_text() -> None:
    assert clean_line("a\u202eb\x00  c\n d") == "ab c d"
    assert len(clean_line("x" * 5000)) == 500
    assert clean_text("<p>One</p><p>Two</p>") == "One\nTwo"


def test_a_cfi_leads_back_to_the_words_it_was_made_for() -> None:
    root = etree.fromstring(
        '<html><head/><body><p id="a">One 😀 <b>two</b> three</p><div><p>four <i>five</i> six</p></div></body></html>'
    )
    text = canonical_text(root[1])
    for start in range(0, len(text.text) - 3, 3):
        path = range_of(text, root, start, start + 3)
        assert path is not None
        assert find_range(path, text, root) == (start, start + 3)


def test_a_cfi_that_leads_nowhere_gives_nothing() -> None:
    root = etree.fromstring("<html><head/><body><p>One</p></body></html>")
    assert find_range("/4/18/1:3", canonical_text(root[1]), root) is None
