"""Text of two devices, word by word."""

from __future__ import annotations

import random
import re
import time
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.merge.text import merge_texts
from sync.merge.versions import block, versions_of
from sync.merge.words import apart, tokens
from tests.support.examples import examples
from tests.support.merging import WORDS, change, row


def merged(base: str, mine: str, theirs: str) -> str:
    text, clashed = merge_texts(base, mine, theirs)
    assert (text, clashed) == merge_texts(base, theirs, mine)
    assert not clashed
    return text


def clashing(base: str, mine: str, theirs: str) -> str:
    text, clashed = merge_texts(base, mine, theirs)
    assert (text, clashed) == merge_texts(base, theirs, mine)
    assert clashed
    return text


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "both"),
    [
        ("the quick fox", "the slow fox", "the quick dog", "the slow dog"),
        ("the quick fox", "the very quick fox", "the slow fox", "the very slow fox"),
        (
            "قرأت الكتاب في البيت",
            "قرأت الكتاب الجديد في البيت",
            "قرأت الكتاب في المكتبة",
            "قرأت الكتاب الجديد في المكتبة",
        ),
        ("我喜欢喝茶", "我很喜欢喝茶", "我喜欢喝咖啡", "我很喜欢喝咖啡"),
        ("ผมชอบชา", "ผมไม่ชอบชา", "ผมชอบกาแฟ", "ผมไม่ชอบกาแฟ"),
        ("good 👩‍🚀 night", "good 👩🏽‍🚀 night", "good 👩‍🚀 day", "good 👩🏽‍🚀 day"),
        ("one\r\ntwo\r\n", "one\r\ntwo\r\nthree\r\n", "1\r\ntwo\r\n", "1\r\ntwo\r\nthree\r\n"),
        ("a b c d", "a d", "a b c e", "a e"),
        ("a b c d e f.", "a f.", "a b c d.", "a ."),
        ("a b c", "x c", "a c", "x c"),
        ("list", "list\nmilk", "list\neggs", "list\neggs\nmilk"),
        ("list", "list\nmilk\nbread", "list\nmilk", "list\nmilk\nbread"),
        ("I like", "I like tea", "I like tea a lot", "I like tea a lot"),
    ],
)
def test_changes_of_different_words_are_both_made(base: str, mine: str, theirs: str, both: str) -> None:
    assert merged(base, mine, theirs) == both


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "both"),
    [
        ("a warm day", "a cold day", "a hot day", "a ⟦cold ¦ hot⟧ day"),
        ("我喜欢茶", "我喜欢水", "我喜欢酒", "我喜欢⟦水 ¦ 酒⟧"),
        ("يوم حار", "يوم بارد", "يوم جميل", "يوم ⟦بارد ¦ جميل⟧"),
        ("see x", "see one\ntwo", "see three", "see ⟦\none\ntwo\n¦\nthree\n⟧"),
        ("", "tea", "coffee", "⟦coffee ¦ tea⟧"),
        ("cafe", "café", "cafe\u0301", "⟦cafe\u0301 ¦ café⟧"),
    ],
)
def test_two_versions_of_the_same_words_both_stay_readable(base: str, mine: str, theirs: str, both: str) -> None:
    assert clashing(base, mine, theirs) == both


def test_two_words_never_run_together() -> None:
    assert merged("one two three", "ONE three", "one three") == "ONE three"
    assert merge_texts("w1 w2 w3", "x w3", "w1 w3") == ("x w3", False)
    assert list(apart(["x", "w3", " ", "कि", "घर", "茶", "x", "。", "y"])) == [
        "x",
        " ",
        "w3",
        " ",
        "कि",
        " ",
        "घर",
        "茶",
        "x",
        "。",
        "y",
    ]


def test_who_rewrites_in_what_another_deletes_keeps_it() -> None:
    assert clashing("one two three four", "", "one two THREE four") == "one two THREE four"
    assert clashing("keep. one two three.", "keep.", "keep. one 2 three.") == "keep. one 2 three."


def test_a_third_version_joins_the_two() -> None:
    base = row("user_notes", note_text="a warm day")
    changes = [change(base, 60 + at, note_text=f"a {word} day") for at, word in enumerate(["hot", "cold", "wet"])]
    for chosen in permutations(changes):
        assert base.after(*chosen).values["note_text"] == "a ⟦cold ¦ hot ¦ wet⟧ day"


def test_whoever_takes_a_version_out_settles_it() -> None:
    assert merged("a ⟦cold ¦ hot⟧ day", "a hot day", "a ⟦cold ¦ hot⟧ night") == "a hot night"


def test_a_clash_is_reported_with_both_texts_and_nothing_lost() -> None:
    base = row("user_notes", note_text="a warm day")
    after = base.after(change(base, 60, note_text="a cold day"), change(base, 70, note_text="a hot day"))
    (conflict,) = after.conflicts
    assert (conflict.mine, conflict.theirs, conflict.both_kept) == ("a hot day", "a cold day", True)
    assert conflict.kept == after.values["note_text"] == "a ⟦cold ¦ hot⟧ day"
    quiet = base.after(change(base, 60, note_text="a warm week"), change(base, 70, note_text="one warm day"))
    assert not quiet.conflicts


def test_a_change_that_comes_again_after_another_doubles_nothing() -> None:
    base = row("user_notes", note_text="tea")
    one, other = change(base, 60, note_text="tea\nmilk tea"), change(base, 61, note_text="milk tea\ntea milk")
    after = base.after(one, other)
    assert after.after(one).state == after.after(other).state == after.after(other, one).state == after.state
    newer = change(after, 70, note_text="something else")
    assert after.after(newer, other, one).values["note_text"] == "something else"


def test_the_same_words_written_again_later_are_a_new_change() -> None:
    base = row("user_notes", note_text="tea now")
    after = base.after(change(base, 60, note_text="tea here"), change(base, 61, note_text="hot tea now"))
    assert after.values["note_text"] == "hot tea here"
    back = after.after(change(after, 70, note_text="tea now"))
    again = back.after(change(back, 80, note_text="no tea now"), change(back, 81, note_text="tea here"))
    assert again.values["note_text"] == "no tea here"


def test_a_note_emptied_on_one_device_stays_if_another_wrote_in_it() -> None:
    base = row("user_libraries", notes="buy milk")
    after = base.after(change(base, 90, notes=None), change(base, 60, notes="buy oat milk"))
    assert after.values == {"notes": "buy oat milk"}
    gone, empty = change(base, 90, notes=None), change(base, 60, notes="")
    assert (
        base.after(gone).values == base.after(gone, empty).values == base.after(empty, gone).values == {"notes": None}
    )


def test_no_character_is_cut_in_two() -> None:
    whole = [
        "e\u0301",
        "👩‍👩‍👧‍👦",
        "👍🏽",
        "🇩🇪",
        "🇫🇷",
        "हिन्दी",
        "กำ",
        "1️⃣",
        "🏴\U000e0067\U000e0062\U000e007f",
        "مُحَمَّد",
        "نمی\u200cخواهم",
    ]
    for sign in whole:
        assert sign in tokens(f"中{sign}。{sign} {sign}"), sign
    assert tokens("🇩🇪🇫🇷") == ["🇩🇪", "🇫🇷"]
    assert tokens("a\r\n\r\nb") == ["a", "\r\n", "\r\n", "b"]
    assert tokens("don't pay 3.50, 茶茶") == ["don't", " ", "pay", " ", "3.50", ",", " ", "茶", "茶"]


@given(text=st.text() | WORDS)
def test_the_tokens_of_a_text_joined_are_the_text(text: str) -> None:
    assert "".join(tokens(text)) == text


@given(versions=st.lists(st.text(st.sampled_from("ab \n茶"), min_size=1), min_size=2, unique=True))
def test_a_block_has_its_versions_in_it(versions: list[str]) -> None:
    assert versions_of(block(versions)) == {*versions}
    assert block(versions) == block(versions[::-1])
    assert tokens(block(versions)) == [block(versions)]


@settings(deadline=None)
@given(base=st.text() | WORDS, mine=st.text() | WORDS, theirs=st.text() | WORDS)
def test_either_order_gives_the_same_text(base: str, mine: str, theirs: str) -> None:
    assert merge_texts(base, mine, theirs) == merge_texts(base, theirs, mine)
    assert merge_texts(base, mine, base) == (mine, False)
    assert merge_texts(base, mine, mine) == (mine, False)


@st.composite
def edits(draw: st.DrawFn, sides: int) -> tuple[list[str], list[list[str]]]:
    """Words that are all different, and what some devices made of them with words of their own."""
    base = [f"w{place}" for place in range(draw(st.integers(0, 12)))]
    found = []
    for side in range(sides):
        words = []
        for place, word in enumerate([*base, ""]):
            kind = draw(st.sampled_from(["keep", "keep", "keep", "delete", "replace", "insert"]))
            if kind in ("replace", "insert"):
                words.append(f"{'xyz'[side]}{place}")
            if kind in ("keep", "insert") and word:
                words.append(word)
        found.append(words)
    return base, found


def words_of(text: str) -> set[str]:
    return {*re.findall(r"\w+", text)}


@settings(deadline=None, max_examples=examples(200))
@given(case=edits(2), joint=st.sampled_from([" ", "\n"]))
def test_every_word_written_is_there_and_every_word_deleted_is_gone(
    case: tuple[list[str], list[list[str]]], joint: str
) -> None:
    base, (mine, theirs) = case
    text, clashed = merge_texts(*(joint.join(side) for side in (base, mine, theirs)))
    assert words_of(text) >= ({*mine} | {*theirs}) - {*base}
    assert words_of(text) >= {*base} & {*mine} & {*theirs}
    if not clashed:
        assert words_of(text) == ({*mine} & {*theirs}) | ({*mine} | {*theirs}) - {*base}


# Texts of three devices need not be equal in all orders: where two wrote lines, or a deletion met an edit, the place of
# the third is found in the joined text. What holds is that no word is lost; and that changes of words apart from each
# other, and versions of the same words, come out alike.


@settings(deadline=None, max_examples=examples(60))
@given(case=edits(3))
def test_three_devices_lose_no_word_in_any_order(case: tuple[list[str], list[list[str]]]) -> None:
    base, sides = case
    start = row("user_notes", note_text=" ".join(base))
    changes = [change(start, 60 + at, note_text=" ".join(side)) for at, side in enumerate(sides)]
    for chosen in permutations(changes):
        found = words_of(start.after(*chosen).values["note_text"])
        assert found >= set().union(*sides) - {*base}
        assert found >= {*base}.intersection(*sides)


@settings(deadline=None, max_examples=examples(60))
@given(sides=st.permutations(range(9)), kinds=st.lists(st.sampled_from(["", "new", "a b"]), min_size=9, max_size=9))
def test_three_devices_agree_where_they_changed_different_sentences(sides: list[int], kinds: list[str]) -> None:
    base = [f"b{place} c{place} d{place}" for place in range(9)]
    start = row("user_notes", note_text=". ".join(base))
    changes = []
    for device in range(3):
        words = [
            f"b{place} {kinds[place]}{place} d{place}" if side % 3 == device else base[place]
            for place, side in enumerate(sides)
        ]
        changes.append(change(start, 60 + device, note_text=". ".join(words)))
    first, *others = (start.after(*chosen) for chosen in permutations(changes))
    assert all(first.state == other.state for other in others)
    assert not first.conflicts


def spent_on(joint: str, length: int) -> float:
    """Return the processor's seconds for a note of so many words that two devices changed in a hundred places each."""
    chance = random.Random(7)
    signs = [chr(0x4E00 + at) for at in range(400)] if not joint else [f"word{at}" for at in range(3000)]
    base = [chance.choice(signs) for _ in range(length)]
    sides = []
    for _ in range(2):
        side = list(base)
        for at in chance.sample(range(len(side)), 100):
            side[at] = f"{side[at]}{joint}{chance.choice(signs)}"
        sides.append(joint.join(side))
    times = []
    for _ in range(3):
        started = time.process_time()
        text, _ = merge_texts(joint.join(base), *sides)
        times.append(time.process_time() - started)
    assert len(text) < 1.25 * len(joint.join(base))
    return min(times)


@pytest.mark.parametrize(("joint", "length"), [(" ", 12_500), ("", 35_000)])
def test_a_note_of_eight_times_the_length_takes_about_eight_times_as_long(joint: str, length: int) -> None:
    # Comparing each word with each would take 64 times as long.
    assert spent_on(joint, length) < 24 * spent_on(joint, length // 8)


@pytest.mark.parametrize(
    ("base", "mine", "theirs"),
    [
        ("la la li " * 11_000, "la la li " * 3000 + "x " + "la li la " * 8000, "li la la " * 11_000),
        ("", " ".join(f"b{at}" for at in range(16_000)), " ".join(f"c{at}" for at in range(16_000))),
        ("⟦" * 50_000 + "⟧" * 50_000 + "¦", "⟦" * 50_000 + "¦" + "⟧" * 50_000, "q"),
    ],
)
def test_a_long_note_of_nothing_to_hold_on_to_is_merged_all_the_same(base: str, mine: str, theirs: str) -> None:
    started = time.process_time()
    merge_texts(base, mine, theirs)
    assert time.process_time() - started < 3
