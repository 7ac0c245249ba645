"""Notes are found again on their words, or not at all."""

from __future__ import annotations

import pytest

from alexandria_desktop.annotate.alignment import Alignment, Words
from alexandria_desktop.annotate.anchor import Method, agrees, place_alike, place_by_alignment, place_by_quote
from alexandria_desktop.annotate.likeness import share_of_runs
from alexandria_desktop.text.book_text import BookText
from sync.places.locator import Quote
from tests.support.epubs import prose

OLD = [prose(1, 30), prose(2, 30), prose(3, 30)]


def quote_of(text: BookText, words: str, occurrence: int = 0) -> tuple[int, int, Quote]:
    start = -1
    for _ in range(occurrence + 1):
        start = text.text.index(words, start + 1)
    return start, start + len(words), Quote.at(text.text, start, start + len(words))


def test_the_same_text_agrees_but_for_signs_and_case() -> None:
    text = BookText(["It’s a “Test”."])
    assert agrees(text, 0, 4, Quote("it's"))
    assert not agrees(text, 0, 4, Quote("isn't"))


def test_words_move_with_a_chapter_put_before_them() -> None:
    old, new = BookText(OLD), BookText([prose(9, 20), *OLD])
    _, _, quote = quote_of(old, old.sections[1][100:140])
    found = place_by_quote(quote, new)
    assert found is not None
    assert new.text[found.start : found.end] == quote.exact
    assert found.method is Method.QUOTE


def test_of_many_equal_words_the_surroundings_decide() -> None:
    text = BookText(["The cat sat here. " + prose(4, 3) + " The cat ran there. " + prose(5, 3)])
    _, _, quote = quote_of(text, "The cat", 1)
    found = place_by_quote(quote, text)
    assert found is not None
    assert text.text[found.start : found.end + 10] == "The cat ran there"


def test_a_short_quote_whose_passage_was_cut_is_not_put_elsewhere() -> None:
    old = BookText([prose(1, 10) + " The cat slept. " + prose(2, 10) + " The cat woke. " + prose(3, 10)])
    new = BookText([old.text.replace(" The cat slept. " + prose(2, 10), "")])
    start, end, quote = quote_of(old, "The cat")
    assert place_by_quote(quote, new) is None
    alignment = Alignment(Words.of(old.folded), Words.of(new.folded))
    assert place_by_alignment(alignment, new, start, end, quote) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [("harbour", "harbor"), ("stone lantern", "stone and lantern"), ("winter", "winter’s")],
)
def test_a_changed_spelling_keeps_the_note(before: str, after: str) -> None:
    old = BookText([f"{prose(1, 6)} He saw the {before} from afar. {prose(2, 6)}"])
    new = BookText([old.text.replace(f"saw the {before} from", f"saw the {after} from")])
    start, end, quote = quote_of(old, f"saw the {before} from afar")
    alignment = Alignment(Words.of(old.folded), Words.of(new.folded))
    for found in (place_by_alignment(alignment, new, start, end, quote), place_by_quote(quote, new)):
        assert found is not None
        assert new.text[found.start : found.end] == f"saw the {after} from afar"


def test_a_single_word_that_was_respelled_is_found_between_its_neighbours() -> None:
    old = BookText([f"{prose(1, 6)} It was wrought of gaol iron. {prose(2, 6)}"])
    new = BookText([old.text.replace("gaol", "jail")])
    start, end, quote = quote_of(old, "gaol iron")
    found = place_by_alignment(Alignment(Words.of(old.folded), Words.of(new.folded)), new, start, end, quote)
    assert found is not None
    assert new.text[found.start : found.end] == "jail iron"


def test_a_passage_that_was_moved_is_followed() -> None:
    old = BookText([OLD[0], OLD[1], OLD[2]])
    new = BookText([OLD[0], OLD[2], OLD[1]])
    start, end, quote = quote_of(old, " ".join(OLD[1].split()[30:36]))
    found = place_by_alignment(Alignment(Words.of(old.folded), Words.of(new.folded)), new, start, end, quote)
    assert found is not None
    assert new.text[found.start : found.end] == quote.exact


def test_two_editions_are_alike_and_two_books_are_not() -> None:
    assert share_of_runs(OLD, [*OLD[:2], prose(8, 5)]) > 0.6
    assert share_of_runs(OLD, [prose(41, 30), prose(42, 30)]) < 0.2


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("It is interesting to contemplate an entangled bank", "It is interesting to contemplate a tangled bank"),
        ("dependent on each other in so complex a manner", "dependent upon each other in so complex a manner"),
        ("tend to progress towards perfections", "tend to progress towards perfection"),
        ("_very_ different from each others", "_very_ different from each other"),
    ],
)
def test_a_quote_that_differs_begins_and_ends_with_whole_words(quote: str, found: str) -> None:
    text = (
        "All corporeal and mental endowments will tend to progress towards perfection. It is interesting to contemplate"
        " a tangled bank, clothed with many plants of many kinds, _very_ different from each other, and dependent upon"
        " each other in so complex a manner, produced by laws acting around us."
    )
    place = place_alike(quote, BookText([text]))
    assert place is not None
    assert text[place.start : place.end] == found


@pytest.mark.parametrize(
    "quote",
    [
        "こんな事を言う度におれはお世辞は嫌いだと答えるのが常で",
        "“こんな事を云う度におれはお世辞は嫌いだと答えるのが常で”",
    ],
)
def test_a_quote_may_begin_and_end_anywhere_where_each_character_is_a_word(quote: str) -> None:
    place = place_alike(quote, BookText(["清がこんな事を云う度におれはお世辞は嫌いだと答えるのが常であった。"]))
    assert place is not None
    assert (place.start, place.end) == (2, 29)


@pytest.mark.parametrize("quote", ["She went down to the harbours.", "“She went down to the harbours.”"])
def test_a_full_stop_is_kept_behind_a_word_that_changed(quote: str) -> None:
    text = BookText([f"{prose(6, 4)} She went down to the harbour. {prose(7, 4)}"])
    found = place_alike(quote, text)
    assert found is not None
    assert text.text[found.start : found.end] == "She went down to the harbour."


def test_no_word_is_marked_by_half_where_the_full_stop_is_gone() -> None:
    text = BookText([f"{prose(6, 4)} In the evening she turned homeward, tired. {prose(7, 4)}"])
    found = place_alike("In the evening she turned home.", text)
    assert found is not None
    assert text.text[found.start : found.end] == "In the evening she turned homeward"


def test_signs_alone_are_no_words() -> None:
    assert Words.of("?! …").words == ()


@pytest.mark.parametrize("quote", ["any thing", "for ever and ever", "that the many"])
def test_few_words_without_context_are_never_put_on_others_that_are_alike(quote: str) -> None:
    text = BookText([f"{prose(6, 4)} She had many things, as for every evening, that the man knew. {prose(7, 4)}"])
    assert place_by_quote(Quote(quote), text) is None


def test_words_without_context_that_stand_twice_are_placed_by_what_is_near_or_not_at_all() -> None:
    text = BookText([f"So it was. {prose(6, 9)}", f"{prose(7, 9)} So it was."])
    assert place_by_quote(Quote("So it was."), text) is None
    assert place_by_quote(Quote("So it was."), text, near=0.5) is None
    last = place_by_quote(Quote("So it was."), text, near=0.9)
    assert last is not None
    assert last.start == text.text.rindex("So it was.")


def test_what_comes_close_is_named_though_it_would_not_be_marked() -> None:
    text = BookText([f"{prose(6, 4)} She lit the fifth lamp at four. {prose(7, 4)}"])
    assert place_by_quote(Quote("She lit the sixth lamp at four."), text) is None
    found = place_alike("She lit the sixth lamp at four.", text)
    assert found is not None
    assert text.text[found.start : found.end] == "She lit the fifth lamp at four."
